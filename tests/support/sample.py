"""What tests of all kinds of resource need to know of one: arguments, and how people make and change its objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum.client.responses import Row
from pulumi_spectrum.emulator.handles import ProjectHandle


@dataclass(frozen=True, kw_only=True)
class ImportCase:
    """An object that somebody has made by hand, and that a program imports with the option `import_`.

    Args:
        make: Makes it in a project, and returns its id.
        arguments: How a program declares it as it is.
        other: How a program declares it otherwise.
        differs: The arguments in which that differs, as the refusal names them.
    """

    make: Callable[[ProjectHandle], str]
    arguments: Mapping[str, Any]
    other: Mapping[str, Any]
    differs: str


@dataclass(frozen=True)
class Place:
    """Where the service holds the objects of a kind.

    Args:
        ids: Returns the ids of those that count: all, or for a switch those that are on.
        row: Returns one as the API shows it, by its id.
        secrets: Returns the secrets in force of one, by its id.
        change: Changes one by hand, by its id and a number that says how.
        remove: Removes one by hand.
        add: Makes one by hand with the identity of some arguments, and returns its id.
    """

    ids: Callable[[ProjectHandle], set[str]]
    row: Callable[[ProjectHandle, str], Any]
    secrets: Callable[[ProjectHandle, str], Mapping[str, str | None]]
    change: Callable[[ProjectHandle, str, int], object]
    remove: Callable[[ProjectHandle, str], object]
    add: Callable[[ProjectHandle, Mapping[str, Any]], str] | None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One kind of resource. Arguments are named as in the state.

    Args:
        arguments: Valid arguments, as many as go together.
        fresh: Returns the least that a program sends for an object that no other test has made, by a running number.
        others: Valid arguments again, with those that do not go with `arguments`.
        changed: For each argument of `arguments` that can have another valid value, together with the rest, that value.
        prepare: Makes in a project of the emulator what the objects of the sample need there.
        settle: Does with new objects in the emulator what the service does in time, so that they can be changed. None
            where they can be changed at once.
        barest: The row of an object for which the API returns nothing that it may leave out.
        secrets: The outputs that are to be encrypted in the state: said a second time here, so that none is forgotten.
        values: The values that random programs give each argument. A number of a line is a reference, and has none.
        place: Where the service holds the objects, and what people do with them there.
        imported: An object that a program imports.
    """

    arguments: Mapping[str, Any]
    fresh: Callable[[int], dict[str, Any]]
    others: tuple[Mapping[str, Any], ...] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)
    barest: Row | None = None
    prepare: Callable[[ProjectHandle], object] = lambda _project: None
    settle: Callable[[ProjectHandle], object] | None = None
    secrets: frozenset[str] = frozenset()
    values: Mapping[str, tuple[Any, ...]] | None = None
    place: Place | None = None
    imported: ImportCase | None = None

    @property
    def every_argument(self) -> dict[str, Any]:
        """A value for every argument of the kind. Together they may be refused."""
        return {name: value for each in (*self.others, self.arguments) for name, value in each.items()}


def in_table(
    area: str, changes: list[dict[str, Any]], identity: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> Place:
    """Return the place of a kind with many objects in one table.

    Args:
        area: The table, as the emulator's handle of a project calls it.
        changes: What people change by hand.
        identity: Returns what an object has that people make with the identity of some arguments.
    """
    return Place(
        ids=lambda project: set(getattr(project, area).ids),
        row=lambda project, object_id: getattr(project, area)[object_id],
        secrets=lambda project, object_id: getattr(project, area).secrets(object_id),
        change=lambda project, object_id, number: getattr(project, area).change(object_id, **_pick(changes, number)),
        remove=lambda project, object_id: getattr(project, area).remove(object_id),
        add=lambda project, arguments: str(getattr(project, area).add(**identity(arguments))["id"]),
    )


def once_in_a_project(area: str, changes: list[dict[str, Any]], first: Mapping[str, Any]) -> Place:
    """Return the place of a kind with one object in a project, whose id is that of the project.

    Args:
        area: The object, as the emulator's handle of a project calls it.
        changes: What people change by hand.
        first: What it has where people make it by hand.
    """

    set_first = set_by_hand(area, **first)
    return Place(
        ids=lambda project: {project.id} if getattr(project, area).row else set(),
        row=lambda project, _id: getattr(project, area).row,
        secrets=lambda project, _id: getattr(project, area).secrets(),
        change=lambda project, _id, number: getattr(project, area).set(**_pick(changes, number)),
        remove=lambda project, _id: getattr(project, area).clear(),
        add=lambda project, _arguments: set_first(project),
    )


def set_by_hand(area: str, **fields: Any) -> Callable[[ProjectHandle], str]:
    """Return a function that sets fields of an object that a project has once, and returns its id."""

    def set_fields(project: ProjectHandle) -> str:
        getattr(project, area).set(**fields)
        return project.id

    return set_fields


def _pick(changes: list[dict[str, Any]], number: int) -> dict[str, Any]:
    return changes[number % len(changes)]
