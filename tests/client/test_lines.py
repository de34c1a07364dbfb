"""Lines: each is allocated once, whatever happens to the response, and released once."""

from collections.abc import Callable
from typing import Any

import pytest
from fake_time import FakeTime

from pulumi_spectrum.client import (
    AnswerLost,
    ClientSettings,
    NotFound,
    PlanRefused,
    RateLimited,
    ServiceFailed,
    SpectrumError,
)
from pulumi_spectrum.client.errors import OutcomeUnknown
from pulumi_spectrum.client.lines import LineRow, Lines
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

ALLOCATE = {"method": "POST", "path": "*/lines/"}
Operations = Callable[[], list[str]]

NOT_CARRIED_OUT = {
    "dropped-before": Fault(**ALLOCATE, drop="before"),
    "502-before": Fault(**ALLOCATE, status=502),
    "html": Fault(**ALLOCATE, status=502, body="<html>"),
}
CARRIED_OUT = {
    "dropped-after": Fault(**ALLOCATE, drop="after"),
    "reset-after": Fault(**ALLOCATE, drop="after", reset=True),
    "502-after": Fault(**ALLOCATE, status=502, after=True),
    "truncated": Fault(**ALLOCATE, truncate=True),
    "garbage": Fault(**ALLOCATE, garbage=True),
    "another-form": Fault(**ALLOCATE, status=200, after=True, body={"succeed": True, "data": {"billing": None}}),
    "no-data": Fault(**ALLOCATE, status=200, after=True, body={"succeed": True, "data": None}),
}


@pytest.fixture
def lines(live_transport: Transport, slept: list[float]) -> Lines:
    return Lines(live_transport, sleep=slept.append)


def test_allocation_returns_its_line(lines: Lines, project: ProjectHandle, operations: Operations) -> None:
    """An allocation requests the list, sends one POST, and its line is returned by later reads."""
    line = lines.allocate("imessage")

    assert project.lines.ids == [line.id]
    assert line == LineRow.model_validate(project.lines.rows[0])
    assert lines.find(line.id) == line
    assert operations() == ["listLines", "createLine"]


@pytest.mark.parametrize("shape", CARRIED_OUT)
def test_lost_response_returns_the_one_new_line(
    shape: str, lines: Lines, project: ProjectHandle, emulator: Emulator, operations: Operations
) -> None:
    """When the response is lost and one line is new, that line is returned and nothing is sent twice."""
    project.lines.add()
    emulator.faults.add(CARRIED_OUT[shape])
    line = lines.allocate("imessage")

    assert project.lines.ids[1:] == [line.id]
    assert operations() == ["listLines", "createLine", "listLines"]


@pytest.mark.parametrize("shape", NOT_CARRIED_OUT)
def test_lost_response_without_a_new_line_is_an_error(
    shape: str, lines: Lines, project: ProjectHandle, emulator: Emulator, slept: list[float]
) -> None:
    """When the response is lost and two lists show no new line, the outcome is unknown and nothing is sent again."""
    project.lines.add()
    emulator.faults.add(NOT_CARRIED_OUT[shape])

    with pytest.raises(OutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert caught.value.candidates == []
    assert (caught.value.method, caught.value.path) == ("POST", "/lines/")
    assert len(emulator.requests.matching("POST", project_id=project.id)) == 1
    assert slept == [0.0, 2.0]


def test_line_that_the_list_shows_late_is_found(
    live_transport: Transport, project: ProjectHandle, emulator: Emulator
) -> None:
    """A line that is missing from the first list, and is in the second one a moment later, is returned."""
    emulator.faults.add(NOT_CARRIED_OUT["dropped-before"])
    lines = Lines(live_transport, sleep=lambda seconds: seconds and project.lines.add())

    assert [lines.allocate("imessage").id] == project.lines.ids


def test_several_new_lines_are_all_named(live_transport: Transport, project: ProjectHandle, emulator: Emulator) -> None:
    """When other clients allocate at the same time, the error names all new lines and none is returned."""
    old = project.lines.add()
    emulator.faults.add(CARRIED_OUT["dropped-after"])
    lines = Lines(live_transport, sleep=lambda _: project.lines.add())

    with pytest.raises(OutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert {line.id for line in caught.value.candidates} == {*project.lines.ids} - {old["id"]}
    assert len(caught.value.candidates) == 2


def test_allocations_are_sent_one_at_a_time(
    lines: Lines, project: ProjectHandle, emulator: Emulator, in_threads: Callable[..., list[Any]]
) -> None:
    """Concurrent allocations, half of them with lost responses, return as many different lines."""
    emulator.faults.add(*[Fault(**ALLOCATE, drop="after", skip=skip) for skip in (0, 1, 2)])

    made = in_threads(*[lambda: lines.allocate("imessage")] * 6)

    assert sorted(line.id for line in made) == sorted(project.lines.ids)
    assert len(project.lines) == 6
    asked = [request.method for request in emulator.requests if request.project_id == project.id]
    assert "POST POST" not in " ".join(asked), "an allocation was sent before the list that it is compared with"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(**ALLOCATE, status=402), PlanRefused),
        (Fault(**ALLOCATE, status=403), PlanRefused),
        (Fault(**ALLOCATE, status=422), SpectrumError),
        (Fault(**ALLOCATE, status=429, times=None, headers={"Retry-After": "500"}), RateLimited),
    ],
)
def test_refused_allocation_is_not_looked_for(
    fault: Fault, kind: type[SpectrumError], lines: Lines, emulator: Emulator, project: ProjectHandle
) -> None:
    """An allocation that was refused raises that refusal, and no new line is looked for."""
    emulator.faults.add(fault)

    with pytest.raises(kind) as caught:
        lines.allocate("imessage")

    assert not isinstance(caught.value, OutcomeUnknown)
    assert project.lines.rows == []


def test_rate_limited_allocation_is_repeated(
    live_settings: ClientSettings, fake_time: FakeTime, emulator: Emulator, project: ProjectHandle
) -> None:
    """An allocation that got a 429 made no line, and is sent again."""
    emulator.faults.add(Fault(**ALLOCATE, status=429))
    lines = Lines(Transport(live_settings, fake_time.limiter(), clock=fake_time.clock, sleep=fake_time.sleep))

    assert [lines.allocate("imessage").id] == project.lines.ids


def test_nothing_is_allocated_when_the_list_fails(lines: Lines, emulator: Emulator, project: ProjectHandle) -> None:
    """Without a list from before, a lost response could not be resolved, so no allocation is sent."""
    emulator.faults.add(Fault(method="GET", path="*/lines/", status=500, times=None))

    with pytest.raises(ServiceFailed):
        lines.allocate("imessage")

    assert project.lines.rows == []


def test_allocation_compares_with_a_new_list(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """A line that appeared since the last read is not taken for the allocated one."""
    lines.all()
    project.lines.add()
    emulator.faults.add(CARRIED_OUT["dropped-after"])

    assert lines.allocate("imessage").id == project.lines.ids[1]


@pytest.fixture
def waiting_lines(live_settings: ClientSettings, fake_time: FakeTime) -> Lines:
    """Lines whose requests wait for the rate limit in a time of their own."""
    transport = Transport(live_settings, fake_time.limiter(), clock=fake_time.clock, sleep=fake_time.sleep)
    return Lines(transport, sleep=fake_time.sleep)


def test_line_that_appears_during_a_wait_is_not_taken(
    waiting_lines: Lines, fake_time: FakeTime, project: ProjectHandle, emulator: Emulator
) -> None:
    """A line that autoScale makes while the allocation waits after a 429 is in the list requested after that wait."""
    retry_later = Fault(**ALLOCATE, status=429, headers={"Retry-After": "5"})
    emulator.faults.add(retry_later, Fault(**ALLOCATE, drop="before"))
    fake_time.meanwhile.append(project.lines.add)

    with pytest.raises(OutcomeUnknown) as caught:
        waiting_lines.allocate("imessage")

    assert caught.value.candidates == []
    assert len(project.lines) == 1


def test_line_is_not_taken_when_every_request_waits(
    live_settings: ClientSettings,
    fake_time: FakeTime,
    project: ProjectHandle,
    emulator: Emulator,
    operations: Operations,
) -> None:
    """When each allocation is sent two seconds after its list, even a single new line may be another client's."""
    emulator.faults.add(CARRIED_OUT["dropped-after"])
    limiter = fake_time.limiter(0.5)  # a request every two seconds
    lines = Lines(Transport(live_settings, limiter, clock=fake_time.clock, sleep=fake_time.sleep))

    with pytest.raises(OutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert [line.id for line in caught.value.candidates] == project.lines.ids
    assert operations() == ["listLines", "listLines", "listLines", "createLine", "listLines"]


def test_failed_list_is_not_a_lost_allocation(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """When the list before the allocation fails, the error is that of the list, and nothing was sent."""
    emulator.faults.add(Fault(method="GET", path="*/lines/", status=500, times=6))

    with pytest.raises(ServiceFailed) as caught:
        lines.allocate("imessage")

    assert caught.value.method == "GET"
    assert emulator.requests.matching("POST", project_id=project.id) == []


def test_allocation_whose_lists_fail_may_be_done(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """When the response is lost and no list can be read after it, the line may be there, and nothing is sent again."""
    emulator.faults.add(
        Fault(method="POST", path="*/lines/", drop="after"),
        Fault(method="GET", path="*/lines/", status=502, skip=1, times=None),
    )

    with pytest.raises(OutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert caught.value.maybe_done
    assert caught.value.candidates is None
    assert caught.value.method == "POST"
    assert len(project.lines.ids) == 1


def test_profile_names_are_changed_and_cleared(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """Each name of a profile is set by itself, null clears it, and later reads return the change without a request."""
    line = lines.allocate("imessage")
    line = lines.change_profile(line, firstName="Acme", lastName="Support")
    changed = lines.change_profile(line, lastName=None)

    assert emulator.requests[-1].body == {"lastName": None}
    assert changed.profile is not None
    assert (changed.profile.first_name, changed.profile.last_name) == ("Acme", None)
    assert changed.phone_number == line.phone_number == project.lines.rows[0]["phoneNumber"]
    assert lines.find(line.id) == changed


def test_profile_answer_without_names(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """What the answer to a change leaves out is as it was sent, or as it was."""
    line = lines.change_profile(LineRow.model_validate(project.lines.add()), firstName="Acme", lastName="Support")
    emulator.faults.add(Fault(method="PATCH", reshape="fewer-fields"))
    profile = lines.change_profile(line, lastName="Desk").profile

    assert profile is not None
    assert (profile.first_name, profile.last_name) == ("Acme", "Desk")


def test_profile_change_is_repeated(lines: Lines, emulator: Emulator) -> None:
    """A profile change whose response was lost is sent again."""
    line = lines.allocate("imessage")
    emulator.faults.add(Fault(method="PATCH", drop="after"))
    profile = lines.change_profile(line, firstName="Acme").profile

    assert profile is not None
    assert profile.first_name == "Acme"


def test_released_line_is_gone(lines: Lines, project: ProjectHandle) -> None:
    """A released line is gone from the service and from later reads."""
    line = lines.allocate("imessage")
    lines.release(line.id)

    assert project.lines.rows == []
    assert lines.find(line.id) is None


@pytest.mark.parametrize("fault", [None, Fault(method="DELETE", drop="after"), Fault(method="DELETE", status=503)])
def test_release_of_a_line_that_is_gone_succeeds(
    fault: Fault | None, lines: Lines, project: ProjectHandle, emulator: Emulator
) -> None:
    """A 404 for a line that the list lacks is a success, also right after it was allocated."""
    line = lines.allocate("imessage")
    if fault is None:
        project.lines.remove(line.id)
    else:
        emulator.faults.add(fault)
    lines.release(line.id)

    assert lines.find(line.id) is None
    assert project.lines.rows == []


@pytest.mark.parametrize("list_fails", [False, True])
def test_404_alone_does_not_release_a_line(
    list_fails: bool, lines: Lines, project: ProjectHandle, emulator: Emulator
) -> None:
    """A 404 to the deletion raises NotFound unless a list of the same project lacks the line."""
    line = lines.allocate("imessage")
    emulator.faults.add(Fault(method="DELETE", status=404))
    if list_fails:
        emulator.faults.add(Fault(method="GET", path="*/lines/", status=404, times=None))

    with pytest.raises(NotFound):
        lines.release(line.id)

    assert project.lines.ids == [line.id]


@pytest.mark.parametrize("data", [None, [], {}, {"lines": None}, {"lines": [{"id": "x"}]}, "text"])
def test_unreadable_list_of_lines_is_a_failure(data: Any, lines: Lines, emulator: Emulator) -> None:
    """A response of another form raises ServiceFailed, and is never read as an empty list."""
    emulator.faults.add(Fault(method="GET", path="*/lines/", status=200, body={"succeed": True, "data": data}))

    with pytest.raises(ServiceFailed, match="this release cannot read it"):
        lines.all()


def test_only_imessage_lines_are_requested(lines: Lines, emulator: Emulator) -> None:
    """Lines of WhatsApp, which have another form, are left out of the request."""
    lines.all()

    assert emulator.requests[-1].query == {"platform": ["imessage"]}


def test_phone_number_is_read_without_spaces(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """A phone number is returned in E.164 form even if the API spaces it, so that it can be sent back."""
    emulator.switch(spaced_phone_numbers=True)
    project.lines.add(phoneNumber="+14155550123")

    assert [line.phone_number for line in lines.all()] == ["+14155550123"]


def test_unknown_outcome_names_its_cause(lines: Lines, emulator: Emulator) -> None:
    """The error of an allocation whose outcome is unknown says how its response was lost."""
    emulator.faults.add(NOT_CARRIED_OUT["dropped-before"])

    with pytest.raises(OutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert str(caught.value).startswith("POST /lines/ failed: the answer was lost (the connection to 127.0.0.1:")
    assert not isinstance(caught.value, AnswerLost)
