"""A project in the emulated service: what a program says of it, and whose the objects in it are."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from choices import PLACES
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from kind_samples import KINDS
from stack_records import Declared, Entry, Reference
from stack_world import World

MOST_RESOURCES = 6


class StackProject(RuleBasedStateMachine):
    """A project, with the program of one stack of it.

    Args:
        world: Where it is.
    """

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.project, self.workplace = world.begin()
        self.engine, self.other = self.workplace.stack, self.workplace.other
        self.program: dict[str, Declared] = {}
        self.named = 0
        self.strangers: dict[tuple[str, str], Any] = {}
        """The rows of what strangers have made and no resource was told to take over, by kind and id."""
        self.offered: set[tuple[str, str]] = set()
        """What strangers have made and a resource may take over."""
        self.certain = True
        """Whether nothing has happened since the last refresh that no run can know."""

    def _entries(self) -> list[Entry]:
        return [*self.engine.state, *self.other.state]

    def _listed(self) -> list[Declared]:
        return list(self.program.values())

    def _declare(self, declared: Declared) -> bool:
        """Put a resource into the program, unless nobody can write it so."""
        if len(self.program) >= MOST_RESOURCES and declared.name not in self.program:
            return False
        if self._problems(declared) or self._clashes(declared):
            return False
        if declared.name not in self.program:
            self.named += 1
        self.program[declared.name] = declared
        return True

    def _problems(self, declared: Declared) -> list[str]:
        known = {
            name: "+14155550199" if isinstance(value, Reference) else value
            for name, value in declared.arguments.items()
        }
        return KINDS[declared.kind].problems_of({**KINDS[declared.kind].defaults(), **known})

    def _clashes(self, declared: Declared) -> bool:
        """Return whether a resource of the program has the identity, or a stranger's object that it may not touch."""
        identity = self._identity(declared)
        if identity is None:
            return False
        others = (each for each in self.program.values() if each.kind == declared.kind and each.name != declared.name)
        if any(self._identity(each) == identity for each in others):
            return True
        for live in self.workplace.read_all(declared.kind):
            if (declared.kind, live.id) not in self.strangers or live.id == declared.imported:
                continue
            if _identity_of(declared.kind, live.properties) == identity:
                if _takes_over(declared):
                    self._offer(declared.kind, live.id)
                    return False
                return True
        return False

    def _identity(self, declared: Declared) -> Any:
        known = {
            name: f"number of {value.name}" if isinstance(value, Reference) else value
            for name, value in declared.arguments.items()
        }
        return KINDS[declared.kind]._lifecycle.identity({**KINDS[declared.kind].defaults(), **known})

    def _give_line(self, arguments: dict[str, Any]) -> None:
        lines = [each.name for each in self.program.values() if each.kind == "line"]
        if lines:
            arguments["assignedPhoneNumber"] = Reference(lines[0], "phoneNumber")

    def _draw(self, data: st.DataObject) -> Declared:
        return self.program[data.draw(st.sampled_from(self._editable()))]

    def _editable(self) -> list[str]:
        """Return the names of the resources that a person may edit now.

        A creation whose answers were lost is settled by the next `up` of the same resource. Where a person takes that
        resource out of the program before, only `drift` and `recover` find what it has left, so nobody does here.
        """
        if self.certain:
            return sorted(self.program)
        known = {entry.name for entry in self.engine.state}
        return sorted(name for name, each in self.program.items() if known & {name, *each.aliases})

    def _draw_live(self, data: st.DataObject) -> Entry | None:
        live = [
            each
            for each in self.engine.state
            if each.id in PLACES[each.kind].ids(self.project) and not each.delete and not each.replaced_first
        ]
        return data.draw(st.sampled_from(live)) if live else None

    def _meet_stranger(self, kind: str, object_id: str) -> None:
        self.strangers[kind, object_id] = PLACES[kind].row(self.project, object_id)
        [met] = [live for live in self.workplace.read_all(kind) if live.id == object_id]
        identity = _identity_of(kind, met.properties)
        takers = [each for each in self.program.values() if each.kind == kind and self._identity(each) == identity]
        if any(map(_takes_over, takers)):
            self._offer(kind, object_id)

    def _offer(self, kind: str, object_id: str) -> None:
        self.strangers.pop((kind, object_id), None)
        self.offered.add((kind, object_id))

    def _live_identities(self, kind: str) -> set[Any]:
        return {_identity_of(kind, live.properties) for live in self.workplace.read_all(kind)}

    def _held(self) -> Any:
        return copy.deepcopy(
            {
                kind: {object_id: place.row(self.project, object_id) for object_id in place.ids(self.project)}
                for kind, place in PLACES.items()
            }
        )


def _identity_of(kind: str, properties: Mapping[str, Any]) -> Any:
    return KINDS[kind]._lifecycle.identity({"type": "shared", **properties})


def _takes_over(declared: Declared) -> bool:
    """Return whether a resource takes over an object that has its identity."""
    return declared.kind == "project-profile" or declared.arguments.get("onConflict") in ("adopt", "replace")
