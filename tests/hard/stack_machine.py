"""Random lives of a stack: what people do with it, and what has to be true after each step.

Each rule is one thing that a person, a stranger, the service or the network does. The rules only ever use what the
tables of `choices` say of a kind, so a new kind takes part once it has its rows there.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from choices import ACCOUNT, PLACES, VALUES, approve_templates
from engine_calls import RecordingEngine
from engine_model import Declared, Engine, Entry, Reference, Run
from fake_time import FakeTime
from host_process import HostProcess, Surroundings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from kind_samples import KINDS

from pulumi_spectrum.emulator import Emulator, Fault

MOST_RESOURCES = 6

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "dropped before": {"drop": "before"},
    "dropped after": {"drop": "after"},
    "reset before": {"drop": "before", "reset": True},
    "reset after": {"drop": "after", "reset": True},
    "500 before": {"status": 500},
    "502 after": {"status": 502, "after": True},
    "503 before": {"status": 503},
    "503 after": {"status": 503, "after": True},
    "429": {"status": 429},
    "429 with Retry-After": {"status": 429, "headers": {"Retry-After": "3"}},
    "401": {"status": 401},
    "403": {"status": 403},
    "404": {"status": 404},
    "409": {"status": 409},
    "422": {"status": 422},
    "page of a proxy": {"status": 200, "body": "<html>please log in</html>"},
    "garbage": {"garbage": True},
    "cut off": {"truncate": True},
}
"""What can happen to a request."""

faults = st.lists(
    st.builds(
        lambda name, method, skip, times: Fault(method=method, skip=skip, times=times, **FAULTS[name]),
        st.sampled_from(sorted(FAULTS)),
        st.sampled_from(["*", "GET", "POST", "PATCH", "PUT", "DELETE"]),
        st.integers(0, 6),
        st.sampled_from([1, 1, 2, 3, 8]),
    ),
    max_size=2,
)
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

kinds = st.sampled_from(sorted(VALUES))
numbers = st.integers(0, 9)


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


class StackMachine(RuleBasedStateMachine):
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

    # What a program says

    @rule(kind=kinds, picks=st.lists(numbers, min_size=8, max_size=8), left_out=st.sets(st.integers(0, 7)))
    def declare(self, kind: str, picks: list[int], left_out: set[int]) -> None:
        """Add a resource to the program."""
        arguments = {
            name: values[picks[place] % len(values)]
            for place, (name, values) in enumerate(VALUES[kind].items())
            if values and (place not in left_out or KINDS[kind].is_required(name))
        }
        if arguments.get("type") == "dedicated":
            self._give_line(arguments)
        self._declare(Declared(f"r{self.named}", kind, arguments))

    @precondition(lambda self: self._editable())
    @rule(data=st.data(), number=numbers)
    def change_argument(self, data: st.DataObject, number: int) -> None:
        """Give an argument of a resource another value."""
        declared = self._draw(data)
        name = data.draw(st.sampled_from(sorted(VALUES[declared.kind])))
        values = VALUES[declared.kind][name]
        if values:
            arguments = {**declared.arguments, name: values[number % len(values)]}
            if arguments.get("type") == "dedicated":
                self._give_line(arguments)
            elif declared.kind == "user":
                arguments.pop("assignedPhoneNumber", None)
            self._declare(replace(declared, arguments=arguments))

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def unset_argument(self, data: st.DataObject) -> None:
        """Leave an argument out of the program."""
        declared = self._draw(data)
        if declared.arguments:
            name = data.draw(st.sampled_from(sorted(declared.arguments)))
            arguments = {each: value for each, value in declared.arguments.items() if each != name}
            self._declare(replace(declared, arguments=arguments))

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def swap_identities(self, data: st.DataObject) -> None:
        """Let two resources exchange what the API knows their objects by."""
        one = self._draw(data)
        other = data.draw(
            st.sampled_from([self.program[name] for name in self._editable() if self.program[name].kind == one.kind])
        )
        names = [name for name, each in KINDS[one.kind].facts().items() if each.identifies]
        if one.name == other.name or not names:
            return
        swapped = [
            replace(mine, arguments={**mine.arguments, **{name: theirs.arguments[name] for name in names}})
            for mine, theirs in ((one, other), (other, one))
        ]
        if not any(self._problems(each) for each in swapped):
            self.program |= {each.name: each for each in swapped}

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def ignore_argument(self, data: st.DataObject) -> None:
        """Set or unset the option `ignore_changes` for one argument."""
        declared = self._draw(data)
        name = data.draw(st.sampled_from(sorted(VALUES[declared.kind])))
        ignored = set(declared.ignored) ^ {name}
        self.program[declared.name] = replace(declared, ignored=tuple(sorted(ignored)))

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        """Rename a resource, with an alias."""
        declared = self._draw(data)
        if any(declared.name in each.needs for each in self.program.values()):
            return
        renamed = replace(declared, name=f"r{self.named}", aliases=(*declared.aliases, declared.name))
        del self.program[declared.name]
        self.named += 1
        self.program[renamed.name] = renamed

    @precondition(lambda self: self._editable())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Take a resource out of the program."""
        declared = self._draw(data)
        if not any(declared.name in each.needs for each in self.program.values()):
            del self.program[declared.name]

    # What people run

    @rule(injected=faults, refresh=st.booleans(), serial=st.booleans())
    def up(self, injected: list[Fault], refresh: bool, serial: bool) -> None:
        """Run `pulumi up`."""
        self._run(lambda: self.engine.up(self._listed(), refresh=refresh), injected, serial=serial, refreshes=refresh)

    @precondition(lambda self: self.engine.state)
    @rule(data=st.data(), injected=faults, serial=st.booleans(), delete_first=st.booleans())
    def replace_by_force(self, data: st.DataObject, injected: list[Fault], serial: bool, delete_first: bool) -> None:
        """Run `pulumi up` and have a resource replaced, with the option `delete_before_replace` or without it."""
        if not self._editable():
            return
        name = self._draw(data).name
        program = [
            replace(each, delete_first=True) if delete_first and each.name == name else each for each in self._listed()
        ]
        # Without the option the new object is made first, and one that is known by its identity is there already.
        self.may_fail = self.may_fail or not delete_first
        self._run(lambda: self.engine.up(program, replaced=[name]), injected, serial=serial)

    @rule(
        injected=faults, refresh=st.booleans(), acts=st.lists(st.sampled_from(sorted(OTHERS)), min_size=1, max_size=3)
    )
    def up_while_others_act(self, injected: list[Fault], refresh: bool, acts: list[str]) -> None:
        """Run `pulumi up`, and while it waits to send a request again, others make and delete things."""
        self.certain = False
        self.world.time.meanwhile += [partial(self._act, act) for act in acts]
        self._run(lambda: self.engine.up(self._listed(), refresh=refresh), injected)

    @rule(injected=faults, makes=st.booleans())
    def another_stack_runs(self, injected: list[Fault], makes: bool) -> None:
        """Somebody runs another stack of the same project on this machine."""
        self.world.emulator.faults.add(*injected)
        self._run_other(OTHER_PROGRAM if makes else [])
        self.world.emulator.faults.clear()

    @rule(injected=faults)
    def refresh(self, injected: list[Fault]) -> None:
        """Run `pulumi refresh`."""
        self._run(self.engine.refresh, injected, refreshes=True)

    @rule(injected=faults, refresh=st.booleans(), checks=st.booleans())
    def preview(self, injected: list[Fault], refresh: bool, checks: bool) -> None:
        """Run `pulumi preview`, which may look into the project, and changes nothing."""
        held = self._held()
        self.world.emulator.faults.add(*injected)
        self._record(self.engine.preview(self._listed(), refresh=refresh, checks=checks))
        self.world.emulator.faults.clear()
        assert self._held() == held, "a preview has changed the service"

    @rule(injected=faults, serial=st.booleans())
    def destroy(self, injected: list[Fault], serial: bool) -> None:
        """Run `pulumi destroy`."""
        certain = self.certain and self.other_certain
        run = self._run(self.engine.destroy, injected, serial=serial)
        if not run.failed:
            assert self.engine.state == []
            # What the option `import_` names is gone now.
            self.program = {name: replace(each, imported=None) for name, each in self.program.items()}
        if not run.failed and certain:
            self._assert_service_as_known()

    @rule(seconds=st.sampled_from([1, 30, 100_000]))
    def wait(self, seconds: int) -> None:
        """Let time go by."""
        self.world.time.now += seconds

    # What others do

    @precondition(lambda self: self.engine.state)
    @rule(data=st.data(), number=numbers)
    def change_behind_the_back(self, data: st.DataObject, number: int) -> None:
        """Somebody changes an object by hand."""
        entry = self._draw_live(data)
        if entry is not None:
            PLACES[entry.kind].change(self.project, entry.id, number)
            self.certain = False

    @precondition(lambda self: self.engine.state)
    @rule(data=st.data(), made_again=st.booleans())
    def delete_behind_the_back(self, data: st.DataObject, made_again: bool) -> None:
        """Somebody deletes an object by hand, and perhaps makes another one in its place."""
        entry = self._draw_live(data)
        if entry is None:
            return
        place = PLACES[entry.kind]
        place.remove(self.project, entry.id)
        self.certain = False
        if made_again and place.add is not None:
            # The new one of a singleton has the id that the state knows, so it is the resource's own again.
            made = place.add(self.project, entry.inputs)
            if made != entry.id:
                self._meet_stranger(entry.kind, made)

    @rule(kind=kinds, picks=st.lists(numbers, min_size=8, max_size=8))
    def stranger_makes(self, kind: str, picks: list[int]) -> None:
        """Somebody makes an object by hand that has an identity of no resource."""
        arguments = {
            name: values[picks[place] % len(values)]
            for place, (name, values) in enumerate(VALUES[kind].items())
            if values
        }
        place = PLACES[kind]
        if place.add is None or (KINDS[kind]._lifecycle.singleton and place.ids(self.project)):
            return
        identity = KINDS[kind]._lifecycle.identity({**arguments, "type": "shared"})
        rows = {KINDS[kind]._lifecycle.identity(each) for each in self._live_properties(kind)}
        if identity is None or identity not in rows:
            self._meet_stranger(kind, place.add(self.project, arguments))

    @precondition(lambda self: self.strangers)
    @rule(data=st.data(), ignored=st.booleans())
    def import_stranger(self, data: st.DataObject, ignored: bool) -> None:
        """Declare an object of a stranger with the option `import_`."""
        kind, object_id = data.draw(st.sampled_from(sorted(self.strangers)))
        live = next(each for each in self._all_live(kind) if each.id == object_id)
        arguments = KINDS[kind].arguments_to_write(KINDS[kind].inputs_for(live))
        left = [name for name in arguments if not KINDS[kind].is_required(name)]
        names = tuple(left[:1]) if ignored else ()
        if self._declare(Declared(f"r{self.named}", kind, arguments, imported=object_id, ignored=names)):
            self._offer(kind, object_id)

    @precondition(lambda self: any(each.imported for each in self.program.values()))
    @rule(data=st.data())
    def drop_import_option(self, data: st.DataObject) -> None:
        """Take the option `import_` out of the program."""
        declared = data.draw(st.sampled_from([each for each in self.program.values() if each.imported]))
        self.program[declared.name] = replace(declared, imported=None)
        # Without the option, what was not imported yet is to be created, and is there already.
        self.may_fail = True

    # What has to be true

    @invariant()
    def no_object_is_held_twice(self) -> None:
        """No two resources hold one object, unless one of them waits for its deletion."""
        held = Counter(
            (entry.kind, entry.id) for entry in self._entries() if not entry.delete and not entry.replaced_first
        )
        assert [each for each, times in held.items() if times > 1] == []

    @invariant()
    def strangers_keep_what_they_made(self) -> None:
        """What a stranger has made, and nobody was told to take over, is as it was."""
        for (kind, object_id), row in self.strangers.items():
            assert PLACES[kind].row(self.project, object_id) == row, f"{kind} {object_id} of a stranger"

    @invariant()
    def secrets_stay_secret(self) -> None:
        """No secret is in a log line, or in the state where the engine does not encrypt it."""
        secrets = self.world.emulator.given_secrets
        shown = "\n".join(line for line, _ in self.world.log.lines)
        assert not [secret for secret in secrets if secret in shown], "a secret was logged"
        for entry in self._entries():
            for properties in (entry.inputs, entry.outputs):
                plain = {
                    name: each for name, each in properties.items() if name not in KINDS[entry.kind].secret_outputs
                }
                written = json.dumps(plain)
                assert not [secret for secret in secrets if secret in written], f"a secret of a {entry.kind} is plain"

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
