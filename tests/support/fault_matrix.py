"""The fault matrix: each request that a resource makes, struck by each fault, and what the run ends in.

The requests are those that the emulator records of an operation without faults.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from faulty_network import FaultyNetwork, NetworkFault
from kind_samples import KINDS, SAMPLES
from matrix_operations import Operation
from one_resource_stack import OneResourceStack, Recorded

from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.area_handles import RowsHandle, SingletonHandle
from pulumi_spectrum.emulator.areas import AREAS
from pulumi_spectrum.emulator.contract import find_path
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.emulator.request_log import Request

PAGE = "<html>Bad gateway</html>"

FAULTS: Mapping[str, NetworkFault | dict[str, Any]] = {
    "no connection": NetworkFault.UNREACHABLE,
    "dropped": {"drop": "before"},
    "dropped, done": {"drop": "after"},
    "timeout": NetworkFault.HANGS_BEFORE,
    "timeout, done": NetworkFault.HANGS_AFTER,
    "slow": NetworkFault.SLOW,
    "500": {"status": 500},
    "502, done": {"status": 502, "after": True, "body": PAGE},
    "503": {"status": 503},
    "429": {"status": 429},
    "429, Retry-After": {"status": 429, "headers": {"Retry-After": "7"}},
    "redirect": {"status": 302, "headers": {"Location": "https://login.example.com/"}},
    "not JSON": {"garbage": True},
    "empty": {"status": 200, "after": True, "body": ""},
    "truncated": {"truncate": True},
    "other types": {"reshape": "other-types"},
    "fewer fields": {"reshape": "fewer-fields"},
    "more fields": {"reshape": "more-fields"},
}
"""What happens to a request."""


class Try(StrEnum):
    """Which try of a request is struck."""

    FIRST = "first"
    SECOND = "second, after a 429"
    SECOND_AFTER_LOSS = "second, after a lost answer"
    EVERY = "every"
    FIRST_OF_AN_OUTAGE = "first, and 503 from then on"


PRELUDES: Mapping[Try, dict[str, Any]] = {Try.SECOND: {"status": 429}, Try.SECOND_AFTER_LOSS: {"drop": "after"}}
"""What happens to the first try, where the second one is struck."""


NOT_KNOWN = ("may have been carried out", "is not known")
"""How a message says that the service may have done what it was asked."""


class Outcome(StrEnum):
    """What a run ends in. The letter stands in the table."""

    DONE = "d"
    ERROR = "e"


@dataclass(frozen=True)
class Struck:
    """A request of an operation.

    Args:
        method: Its method.
        path: Its path below the project, with `*` in the place of each id.
        number: The how-many-th of this method and path it is, counted from 1.
        place: How many requests of the operation come before it.
    """

    method: str
    path: str
    number: int
    place: int

    def __str__(self) -> str:
        return f"{self.method} {self.path}" + (f" ({self.number})" if self.number > 1 else "")


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix.

    Args:
        outcome: What the run ended in.
        problems: What was wrong with that, or after one more run without faults.
    """

    outcome: Outcome
    problems: list[str]


class FaultMatrix:
    """Runs operations against an emulator of its own, each in a project of its own.

    Args:
        emulator: The service.
        journal: The journal of creations.
        network: The network between the two.
    """

    def __init__(self, emulator: Emulator, journal: CreationJournal, network: FaultyNetwork) -> None:
        self.emulator = emulator
        self.journal = journal
        self.network = network
        self._is_settled: dict[str, bool] = {}

    def requests_of(self, operation: Operation) -> list[Struck]:
        """Return the requests of an operation without faults, which has to succeed."""
        scene = _Scene(self, operation)
        self.emulator.requests.clear()
        assert scene.act() is None
        requests = self.emulator.requests.matching(project_id=scene.project.id)
        self._is_settled[operation.name] = scene.is_settled()
        assert list(scene.finish()) == []
        counted: Counter[tuple[str, str]] = Counter()
        found: list[Struck] = []
        for request in requests:
            alike = (request.method, _pattern(request))
            counted[alike] += 1
            found.append(Struck(*alike, counted[alike], len(found)))
        return found

    def run(self, operation: Operation, request: Struck, fault: str, tries: Try) -> Cell:
        """Run an operation one of whose requests is struck, and then once more without faults."""
        scene = _Scene(self, operation)
        scene.strike(request, fault, tries)
        message = scene.act()
        scene.heal()
        problems = [] if message is None else list(scene.problems_of_failure(message, tries))
        if message is None and scene.is_settled() != self._is_settled[operation.name]:
            problems.append("the run succeeds, and the next preview is not as it is without a fault")
        return Cell(Outcome.DONE if message is None else Outcome.ERROR, [*problems, *scene.finish()])


class _Scene:
    """One operation in a project of its own, right before its last run."""

    def __init__(self, matrix: FaultMatrix, operation: Operation) -> None:
        self._matrix = matrix
        self._operation = operation
        self._sample = SAMPLES[operation.kind]
        self._time = matrix.network.time
        # An app of Slack belongs to one project of the service, so those of earlier scenes have to go.
        matrix.emulator.reset()
        self.project = matrix.emulator.add_project()
        self._sample.prepare(self.project)
        self._others = _objects_in(self.project)
        self._stack = self._make_stack("dev")
        if operation.stranger is not None:
            assert self._make_stack("theirs").up(operation.stranger) is None
        if operation.before is not None:
            assert list(self._finish(operation.before)) == []
        self._before = self._stack.recorded
        self._time.now += 60

    def _make_stack(self, name: str) -> OneResourceStack:
        settings = ClientSettings(
            self.project.id, self.project.secret, self._matrix.emulator.url, requests_per_second=1000
        )
        return OneResourceStack(self._operation.kind, settings, self._matrix.journal, self._time, name=name)

    def act(self) -> str | None:
        """Run the operation, and return the message of its failure."""
        return self._stack.refresh() if self._operation.only_reads else self._stack.up(self._operation.wanted)

    def strike(self, request: Struck, fault: str, tries: Try) -> None:
        """Have a fault strike a request of the next run."""
        place = {"method": request.method, "path": f"/projects/{self.project.id}{request.path}"}
        skip, times = request.number - 1, None if tries is Try.EVERY else 1
        faults, network, what = self._matrix.emulator.faults, self._matrix.network, FAULTS[fault]
        if tries in PRELUDES:
            faults.add(Fault(**place, **PRELUDES[tries], skip=skip))
        if isinstance(what, NetworkFault):
            # The network lets the first try pass, which a fault of the service then strikes.
            network.strike(**place, fault=what, skip=skip + (tries in PRELUDES), times=times)
        else:
            faults.add(Fault(**place, **what, skip=skip, times=times))
        if tries is Try.FIRST_OF_AN_OUTAGE:
            # A request that a fault of the service has struck is not counted by the fault after it.
            arrives = what in (NetworkFault.HANGS_AFTER, NetworkFault.SLOW)
            faults.add(Fault(status=503, skip=request.place + arrives, times=None))

    def heal(self) -> None:
        """Remove all faults, and let a minute go by."""
        self._matrix.emulator.faults.clear()
        self._matrix.network.heal()
        self._time.now += 60

    def is_settled(self) -> bool:
        """Return whether the next preview is empty."""
        wanted = self._operation.wanted
        if wanted is None:
            return self._stack.recorded is None and not self._stack.replaced
        return not self._stack.is_changed_by(wanted)

    def problems_of_failure(self, message: str, tries: Try) -> Iterator[str]:
        """Yield what is wrong with a failure, and with the state after it."""
        if not (message[:1].isupper() and message.endswith(".")) or "Traceback" in message or "\n" in message:
            yield f"the message is no text of whole sentences: {message}"
        if any(secret in message for secret in self._secrets()):
            yield f"the message shows a secret: {message}"
        if self._operation.only_reads and self._stack.recorded != self._before:
            yield "the refresh has failed, and has changed the state"
        # In an outage nobody can find out what became of the request that it began with.
        is_said = tries is Try.FIRST_OF_AN_OUTAGE and any(words in message for words in NOT_KNOWN)
        if self._operation.stranger is None and not (self._made() <= self._recorded_ids() or is_said):
            yield f"the service has an object that the state does not have: {message}"

    def finish(self) -> Iterator[str]:
        """Run the operation once more, without faults, and yield what is not as wanted then."""
        yield from self._finish(self._operation.wanted)

    def _finish(self, wanted: Mapping[str, Any] | None) -> Iterator[str]:
        message = self._stack.up(wanted)
        if message is None and wanted is not None and self._stack.is_changed_by(wanted) and self._sample.settle:
            self._sample.settle(self.project)
            message = self._stack.up(wanted)
        if message is not None:
            yield f"the next `pulumi up` fails: {message}"
            return
        if {key: value for key, value in _objects_in(self.project).items() if key in self._others} != self._others:
            yield "an object of somebody else is not as it was"
        if self._made() != self._recorded_ids() - SINGLETONS - {self.project.id}:
            yield f"the service has {self._made()}, and the state {self._recorded()}"
        if wanted is not None:
            yield from self._differences(wanted)

    def _differences(self, wanted: Mapping[str, Any]) -> Iterator[str]:
        """Yield what is not as wanted of an object that is in the state."""
        recorded = self._stack.recorded
        if recorded is None:
            yield "the state has no object"
            return
        held = self._secrets_in_force(recorded)
        for name in KINDS[self._operation.kind].secret_outputs:
            if held.get(name) != recorded.outputs.get(name):
                yield f"the state does not hold the {name} that is in force"
        if self._stack.is_changed_by(wanted):
            yield "the next preview is not empty"
        if (message := self._stack.refresh()) is not None:
            yield f"the next refresh fails: {message}"
        elif self._stack.recorded is None or self._stack.is_changed_by(wanted):
            yield f"the preview after a refresh is not empty: {self._stack.recorded}"

    def _recorded(self) -> list[Recorded]:
        """Return what the state holds."""
        return [each for each in (self._stack.recorded, *self._stack.replaced) if each is not None]

    def _recorded_ids(self) -> set[str]:
        """Return the ids in the state, each as the service has it: without the id of an account before it."""
        return {each.id.rpartition("/")[2] for each in self._recorded()}

    def _made(self) -> set[str]:
        """Return the ids of the objects that are there since the scene began."""
        return {row_id for _, row_id in _objects_in(self.project).keys() - self._others.keys()}

    def _secrets_in_force(self, recorded: Recorded) -> dict[str, str | None]:
        """Return the secrets that the service has of an object."""
        held: dict[str, str | None] = {}
        row_id = recorded.id.rpartition("/")[2]
        for handle in _handles_in(self.project, SingletonHandle | RowsHandle):
            if isinstance(handle, SingletonHandle):
                held |= handle.secrets()
            elif row_id in handle.ids:
                held |= handle.secrets(row_id)
        return held

    def _secrets(self) -> set[str]:
        """Return all secrets that a message might show."""
        arguments = [each for each in (self._operation.wanted, self._operation.before) if each is not None]
        values = [*arguments, *(each.outputs for each in self._recorded())]
        names = KINDS[self._operation.kind].secret_outputs
        return {str(value) for each in values for name, value in each.items() if name in names} | {self.project.secret}


SINGLETONS = frozenset({"imessage", "voice"})
"""The ids of objects that every project has from the start."""


def _handles_in(project: ProjectHandle, of_class: Any) -> list[Any]:
    handles = [getattr(project, area.name) for area in AREAS.values()]
    return [handle for handle in handles if isinstance(handle, of_class)]


def _objects_in(project: ProjectHandle) -> dict[tuple[int, str], dict[str, Any]]:
    """Return each object of a project that can be there more than once, by its area's number and its id."""
    handles = _handles_in(project, RowsHandle)
    return {(area, row_id): handle[row_id] for area, handle in enumerate(handles) for row_id in handle.ids}


def _pattern(request: Request) -> str:
    """Return a request's path below its project, with `*` in the place of each id."""
    found = find_path(request.path)
    assert found is not None
    ids = {value for name, value in found[1].items() if name != "projectId"}
    below = request.path.removeprefix(f"/projects/{request.project_id}")
    return "/".join("*" if part in ids else part for part in below.split("/"))
