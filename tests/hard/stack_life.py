"""A stack of one project in the emulated service: how its commands run, and what has to be true after each of them."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from choices import ACCOUNT, PLACES, VALUES, approve_templates
from engine_calls import RecordingEngine
from engine_model import Engine
from fake_time import FakeTime
from host_process import HostProcess, Surroundings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from kind_samples import KINDS
from stack_records import Declared, Entry, Reference, Run

from pulumi_spectrum.emulator import Emulator, Fault

MOST_RESOURCES = 6
OTHER_PROGRAM = [
    Declared("line", "line", {"firstName": "Other"}),
    Declared("user", "user", {"phoneNumber": "+14155550150", "firstName": "Other"}),
    Declared("hook", "webhook", {"webhookUrl": "https://other.example.com/"}),
]
"""What another stack of the project declares."""

OTHERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "makes a line": ("line", {}),
    "makes a user": ("user", {"phoneNumber": "+14155550160"}),
    "makes a webhook": ("webhook", {"webhookUrl": "https://theirs.example.com/"}),
    "runs another stack": ("", {}),
}
"""What others do while a request waits for its next try."""


class World:
    """What outlives an example: the emulated service, its time, and the engine that collects log lines.

    Args:
        emulator: The service.
        time: Its time.
        log: Where the providers log.
        folder: A folder for the files of the examples.
    """

    def __init__(self, emulator: Emulator, time: FakeTime, log: RecordingEngine, folder: Path) -> None:
        self.emulator = emulator
        self.time = time
        self.log = log
        self.folder = folder
        self.examples = 0
        self.counted: Counter[str] = Counter()


class StackLife(RuleBasedStateMachine):
    """One stack of one project, at the emulated service.

    Args:
        world: What the examples share.
    """

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        world.examples += 1
        world.emulator.faults.clear()
        world.emulator.requests.clear()
        world.log.forget()
        # Only the secrets of this example are looked for, or each one would take longer than the one before.
        world.emulator.read(world.emulator._settings.given_secrets.clear)
        self.project = world.emulator.add_project()
        self.project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234")
        self.project.platforms.set("voice", enabled=True)
        self.project.platforms.set("slack", enabled=True)
        folder = world.folder / str(world.examples)
        folder.mkdir()
        config = {
            "spectrum:projectId": self.project.id,
            "spectrum:projectSecret": self.project.secret,
            "spectrum:baseUrl": world.emulator.url,
            "spectrum:requestsPerSecond": "1000",
        }
        self.around = Surroundings(world.time, folder, config)
        self.engine = Engine(self._start)
        self.other = Engine(self._start, "other")
        """Another stack of the same project, which has resources of its own."""
        self.other_program: Sequence[Declared] | None = None
        self.other_certain = True
        self.program: dict[str, Declared] = {}
        self.named = 0
        self.strangers: dict[tuple[str, str], Any] = {}
        """The rows of what strangers have made and no resource was told to take over, by kind and id."""
        self.offered: set[tuple[str, str]] = set()
        """What strangers have made and a resource may take over."""
        self.certain = True
        """Whether nothing has happened since the last refresh that no run can know."""
        self.may_fail = False
        """Whether what the program says may be refused."""

    def _start(self) -> HostProcess:
        for engine in (self.engine, self.other):
            resources = [_exported(each) for each in engine.state]
            state = json.dumps({"deployment": {"resources": resources}})
            (self.world.folder / f"{engine.stack}.json").write_text(state)
        return HostProcess(self.around)

    def teardown(self) -> None:
        """After whatever has happened, one more run without faults brings everything into order."""
        try:
            self._converge()
        finally:
            # The service gives a Slack app to one project only.
            self.project.slack.clear()

    # How it is done

    def _act(self, act: str) -> None:
        kind, arguments = OTHERS[act]
        add = PLACES[kind].add if kind else None
        if add is None:
            self._run_other(OTHER_PROGRAM)
            return
        identity = KINDS[kind]._lifecycle.identity({**KINDS[kind].defaults(), **arguments})
        if identity is None or identity not in {
            KINDS[kind]._lifecycle.identity(each) for each in self._live_properties(kind)
        }:
            self._meet_stranger(kind, add(self.project, arguments))

    def _run(
        self, command: Callable[[], Run], injected: list[Fault], *, serial: bool = False, refreshes: bool = False
    ) -> Run:
        approve_templates(self.project)
        self.engine.serial = serial
        self.world.emulator.faults.add(*injected)
        certain = self.certain and not injected
        kept = {entry.urn for entry in self.engine.state}
        run = self._record(command())
        self.world.emulator.faults.clear()
        self.world.time.meanwhile.clear()
        if run.failed:
            assert not certain or self.may_fail, f"`pulumi {run.command}` failed without a cause: {run.failures}"
            self.certain = False
        elif run.command == "up":
            self.may_fail = False
            if refreshes:
                self.certain = True
            if self.certain and self.other_certain:
                self._assert_settled()
        elif run.command == "refresh":
            assert kept >= {entry.urn for entry in self.engine.state}
        return run

    def _record(self, run: Run) -> Run:
        self.world.counted[run.command] += 1
        secrets = self.world.emulator.given_secrets
        assert not [secret for secret in secrets if any(secret in each for each in run.failures)], "a secret was shown"
        return run

    def _converge(self) -> None:
        """Bring the stack to what the program says, as a person does who follows the messages."""
        self.world.emulator.faults.clear()
        self.engine.serial = False
        if self.other_program is not None:
            # What a lost answer has left is settled by a run that still declares it.
            for program in ([] if self.other_certain else [OTHER_PROGRAM], [self.other_program]):
                for each in program:
                    self._bring_about(self.other, each)
        self._bring_about(self.engine, self._listed())
        self.certain = self.other_certain = True
        self._assert_settled()

    def _bring_about(self, engine: Engine, program: Sequence[Declared]) -> None:
        for _ in range(4):
            approve_templates(self.project)
            run = self._record(engine.up(program, refresh=True))
            if not run.failed:
                return
            self._follow(run)
            program = self._listed() if engine is self.engine else program
        raise AssertionError(f"a run without faults fails: {run.failures}")

    def _run_other(self, program: Sequence[Declared]) -> None:
        self.other_program = program
        self.other_certain = not self._record(self.other.up(program)).failed and self.other_certain

    def _follow(self, run: Run) -> None:
        """Do what the messages of a failed run say, as far as they speak of objects that are in the way."""
        known = {(entry.kind, entry.id) for entry in self._entries()}
        followed = False
        for message in run.failures:
            for kind in VALUES:
                for object_id in PLACES[kind].ids(self.project):
                    named = object_id in message or object_id.rpartition("/")[2] in message
                    if PLACES[kind].add and named and (kind, object_id) not in known:
                        PLACES[kind].remove(self.project, object_id)
                        self.strangers.pop((kind, object_id), None)
                        self.world.counted["objects removed by a person"] += 1
                        followed = True
        for name, declared in list(self.program.items()):
            if declared.imported:
                self.program[name] = replace(declared, imported=None)
                followed = True
        assert followed, f"no message says what to do: {run.failures}"

    def _assert_settled(self) -> None:
        """After a successful run nothing is left to do, and the service is as the state says."""
        self._approve_and_finish()
        preview = self._record(self.engine.preview(self._listed()))
        assert (preview.steps, preview.failures) == ([], [])
        refresh = self._record(self.engine.refresh(preview_only=True))
        assert (refresh.drifted, refresh.failures) == ([], [])
        self._assert_service_as_known()

    def _approve_and_finish(self) -> None:
        """Where Meta reviews a template, wait for that, and run once more."""
        pending = {
            entry.name
            for entry in self.engine.state
            if entry.kind == "whatsapp-template"
            and PLACES[entry.kind].row(self.project, entry.id)["status"] == "PENDING"
        }
        preview = self._record(self.engine.preview(self._listed()))
        assert {name for _, name in preview.steps} <= pending, f"a second preview shows {preview.steps}"
        if pending:
            approve_templates(self.project)
            run = self._record(self.engine.up(self._listed(), refresh=True))
            assert not run.failed, run.failures
            approve_templates(self.project)
            self._record(self.engine.refresh())

    def _assert_service_as_known(self) -> None:
        for kind, place in PLACES.items():
            entries = [each for each in self._entries() if each.kind == kind]
            known = {each.id for each in entries if kind != "platform" or each.outputs["enabled"]}
            strange = {object_id for of_kind, object_id in self.strangers.keys() | self.offered if of_kind == kind}
            held = place.ids(self.project)
            if kind == "platform":
                held -= {"voice", "slack"}
            if kind == "project-profile":
                # A profile is never deleted.
                assert known <= held
                continue
            assert held - strange - known == set(), f"the state does not know a {kind}"
            assert known <= held, f"the service has no such {kind}"
            for entry in entries:
                for name, value in place.secrets(self.project, entry.id).items():
                    if name in entry.outputs:
                        assert (entry.outputs[name] or None) == value, f"{name} of a {kind} is not the one in force"

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
        lifecycle = KINDS[declared.kind]._lifecycle
        for live in self._all_live(declared.kind):
            if (declared.kind, live.id) not in self.strangers or live.id == declared.imported:
                continue
            if lifecycle.identity({"type": "shared", **live.properties}) == identity:
                if declared.arguments.get("onConflict") in ("adopt", "replace") or lifecycle.noun == "project profile":
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
        if kind == "project-profile":
            self._offer(kind, object_id)

    def _offer(self, kind: str, object_id: str) -> None:
        self.strangers.pop((kind, object_id), None)
        self.offered.add((kind, object_id))

    def _all_live(self, kind: str) -> list[Any]:
        process = HostProcess(self.around)
        try:
            return KINDS[kind].read_all(process.client())
        finally:
            process.close()

    def _live_properties(self, kind: str) -> Iterator[Mapping[str, Any]]:
        for live in self._all_live(kind):
            yield {"type": "shared", **live.properties}

    def _held(self) -> Any:
        return copy.deepcopy(
            {
                kind: {object_id: place.row(self.project, object_id) for object_id in place.ids(self.project)}
                for kind, place in PLACES.items()
            }
        )


def _exported(entry: Entry) -> dict[str, Any]:
    """Return a resource as `pulumi stack export` prints it."""
    return {"urn": entry.urn, "id": entry.id, "outputs": entry.outputs, "delete": entry.delete}
