"""A stack of one project in the emulated service: how its commands run, and what has to be true after each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from choices import PLACES, VALUES, approve_templates
from kind_samples import KINDS
from stack_project import StackProject
from stack_records import Declared, Run
from stack_world import Commands, World

from pulumi_spectrum.emulator import Fault

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


WAITING = ("PENDING", "PAUSED")
"""The statuses of a template in which an argument has to wait for Meta, while everything else is settled."""


class StackLife(StackProject):
    """One stack of one project, at the emulated service.

    Args:
        world: Where it lives.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.other_program: Sequence[Declared] | None = None
        self.other_certain = True
        self.may_fail = False
        """Whether what the program says may be refused."""

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
        if identity is None or identity not in self._live_identities(kind):
            self._meet_stranger(kind, add(self.project, arguments))

    def _run(
        self, command: Callable[[], Run], injected: list[Fault], *, serial: bool = False, refreshes: bool = False
    ) -> Run:
        approve_templates(self.project)
        self.engine.serial = serial
        self.world.disturb(injected)
        certain = self.certain and not injected
        kept = {entry.urn for entry in self.engine.state}
        run = self._record(command())
        self.world.quieten()
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
        self.world.quieten()
        self.engine.serial = False
        if self.other_program is not None:
            # What a lost answer has left is settled by a run that still declares it.
            for program in ([] if self.other_certain else [OTHER_PROGRAM], [self.other_program]):
                for each in program:
                    self._bring_about(self.other, each)
        self._bring_about(self.engine, self._listed())
        self.certain = self.other_certain = True
        self._assert_settled()

    def _bring_about(self, engine: Commands, program: Sequence[Declared]) -> None:
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
            # What an ignored argument has become by hand need not go together with the others.
            if declared.imported or declared.ignored:
                self.program[name] = replace(declared, imported=None, ignored=())
                followed = True
        assert followed, f"no message says what to do: {run.failures}"

    def _assert_settled(self) -> None:
        """After a successful run nothing is left to do, and the service is as the state says."""
        pending = {
            entry.name
            for entry in self.engine.state
            if entry.kind == "whatsapp-template" and PLACES[entry.kind].row(self.project, entry.id)["status"] in WAITING
        }
        preview = self._record(self.engine.preview(self._listed()))
        if pending:
            assert {name for _, name in preview.steps} <= pending, f"a second preview shows {preview.steps}"
            preview = self._finish_approved()
        assert (preview.steps, preview.failures) == ([], [])
        refresh = self._record(self.engine.refresh(preview_only=True))
        assert (refresh.drifted, refresh.failures) == ([], [])
        self._assert_service_as_known()

    def _finish_approved(self) -> Run:
        """Run once more what waited for Meta, and return the preview after that."""
        approve_templates(self.project, WAITING)
        run = self._record(self.engine.up(self._listed(), refresh=True))
        assert not run.failed, run.failures
        approve_templates(self.project)
        self._record(self.engine.refresh())
        return self._record(self.engine.preview(self._listed()))

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
