"""Lines: allocated once and never twice, given back once."""

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
from pulumi_spectrum.client.lines import LineOutcomeUnknown, LineRow, Lines
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


def test_an_allocation_returns_its_line(lines: Lines, project: ProjectHandle, operations: Operations) -> None:
    """An allocation takes the list before it, sends one request, and shows in later reads."""
    line = lines.allocate("imessage")

    assert project.lines.ids == [line.id]
    assert line == LineRow.model_validate(project.lines.rows[0])
    assert lines.find(line.id) == line
    assert operations() == ["listLines", "createLine"]


@pytest.mark.parametrize("shape", CARRIED_OUT)
def test_the_one_new_line_is_the_one_that_was_made(
    shape: str, lines: Lines, project: ProjectHandle, emulator: Emulator, operations: Operations
) -> None:
    """Where the answer is lost and one line is new, that is taken up, and nothing is sent twice."""
    project.lines.add()
    emulator.faults.add(CARRIED_OUT[shape])
    line = lines.allocate("imessage")

    assert project.lines.ids[1:] == [line.id]
    assert operations() == ["listLines", "createLine", "listLines"]


@pytest.mark.parametrize("shape", NOT_CARRIED_OUT)
def test_without_a_new_line_nobody_knows(
    shape: str, lines: Lines, project: ProjectHandle, emulator: Emulator, slept: list[float]
) -> None:
    """Where the answer is lost and no line is new, even at a second look, a person is asked: nothing is sent again."""
    project.lines.add()
    emulator.faults.add(NOT_CARRIED_OUT[shape])

    with pytest.raises(LineOutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert caught.value.candidates == []
    assert (caught.value.method, caught.value.path) == ("POST", "/lines/")
    assert len(emulator.requests.matching("POST", project_id=project.id)) == 1
    assert slept == [0.0, 2.0]


def test_a_line_that_the_list_shows_late_is_found(
    live_transport: Transport, project: ProjectHandle, emulator: Emulator
) -> None:
    """A second look, a moment later, finds a line that was still missing from the first."""
    emulator.faults.add(NOT_CARRIED_OUT["dropped-before"])
    lines = Lines(live_transport, sleep=lambda seconds: seconds and project.lines.add())

    assert [lines.allocate("imessage").id] == project.lines.ids


def test_of_several_new_lines_none_is_taken(
    live_transport: Transport, project: ProjectHandle, emulator: Emulator
) -> None:
    """Where others allocate at the same time, nobody can tell which line is ours: all new ones are named."""
    old = project.lines.add()
    emulator.faults.add(CARRIED_OUT["dropped-after"])
    lines = Lines(live_transport, sleep=lambda _: project.lines.add())

    with pytest.raises(LineOutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert {line.id for line in caught.value.candidates} == {*project.lines.ids} - {old["id"]}
    assert len(caught.value.candidates) == 2


def test_allocations_go_one_at_a_time(
    lines: Lines, project: ProjectHandle, emulator: Emulator, in_threads: Callable[..., list[Any]]
) -> None:
    """Several allocations at once, every second of them with a lost answer, end in as many lines, each known once."""
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
def test_a_refusal_is_final(
    fault: Fault, kind: type[SpectrumError], lines: Lines, emulator: Emulator, project: ProjectHandle
) -> None:
    """An allocation that was refused made no line, and nothing is looked for."""
    emulator.faults.add(fault)

    with pytest.raises(kind) as caught:
        lines.allocate("imessage")

    assert not isinstance(caught.value, LineOutcomeUnknown)
    assert project.lines.rows == []


def test_an_allocation_that_was_not_carried_out_is_sent_again(
    live_settings: ClientSettings, fake_time: FakeTime, emulator: Emulator, project: ProjectHandle
) -> None:
    """A request that was refused for its rate allocated nothing, and is sent again."""
    emulator.faults.add(Fault(**ALLOCATE, status=429))
    lines = Lines(Transport(live_settings, fake_time.limiter(), clock=fake_time.clock, sleep=fake_time.sleep))

    assert [lines.allocate("imessage").id] == project.lines.ids


def test_nothing_is_allocated_when_the_list_cannot_be_read(
    lines: Lines, emulator: Emulator, project: ProjectHandle
) -> None:
    """Without a list taken before, no lost answer could be mended: no allocation is sent."""
    emulator.faults.add(Fault(method="GET", path="*/lines/", status=500, times=None))

    with pytest.raises(ServiceFailed):
        lines.allocate("imessage")

    assert project.lines.rows == []


def test_the_list_before_is_a_new_one(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """A line that appeared since the last read is not taken for the new one."""
    lines.all()
    project.lines.add()
    emulator.faults.add(CARRIED_OUT["dropped-after"])

    assert lines.allocate("imessage").id == project.lines.ids[1]


@pytest.fixture
def waiting_lines(live_settings: ClientSettings, fake_time: FakeTime) -> Lines:
    """Lines whose requests wait for the rate limit in a time of their own."""
    transport = Transport(live_settings, fake_time.limiter(), clock=fake_time.clock, sleep=fake_time.sleep)
    return Lines(transport, sleep=fake_time.sleep)


def test_a_line_that_appears_while_an_allocation_waits_is_not_taken(
    waiting_lines: Lines, fake_time: FakeTime, project: ProjectHandle, emulator: Emulator
) -> None:
    """A line that autoScale makes while our request waits after a 429 is in the list that is then read again."""
    retry_later = Fault(**ALLOCATE, status=429, headers={"Retry-After": "5"})
    emulator.faults.add(retry_later, Fault(**ALLOCATE, drop="before"))
    fake_time.meanwhile.append(project.lines.add)

    with pytest.raises(LineOutcomeUnknown) as caught:
        waiting_lines.allocate("imessage")

    assert caught.value.candidates == []
    assert len(project.lines) == 1


def test_an_allocation_that_always_has_to_wait_takes_nothing(
    waiting_lines: Lines,
    fake_time: FakeTime,
    project: ProjectHandle,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the request is sent long after its list, even one new line may be another client's: a person is asked."""
    emulator.faults.add(CARRIED_OUT["dropped-after"])
    slot = waiting_lines._transport._limiter.slot

    def wait_first(**options: Any) -> Any:
        fake_time.now += 1.5
        return slot(**options)

    monkeypatch.setattr(waiting_lines._transport._limiter, "slot", wait_first)

    with pytest.raises(LineOutcomeUnknown) as caught:
        waiting_lines.allocate("imessage")

    assert [line.id for line in caught.value.candidates] == project.lines.ids


def test_a_list_that_fails_is_not_taken_for_a_lost_allocation(
    lines: Lines, project: ProjectHandle, emulator: Emulator
) -> None:
    """Where the list before the request fails nothing was sent, and the error says so."""
    emulator.faults.add(Fault(method="GET", path="*/lines/", status=500, times=6))

    with pytest.raises(ServiceFailed) as caught:
        lines.allocate("imessage")

    assert caught.value.method == "GET"
    assert emulator.requests.matching("POST", project_id=project.id) == []


def test_names_are_changed_and_cleared(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """A profile's names are set one by one, null clears one, and later reads show it without asking again."""
    line = lines.allocate("imessage")
    line = lines.change_profile(line, firstName="Acme", lastName="Support")
    changed = lines.change_profile(line, lastName=None)

    assert emulator.requests[-1].body == {"lastName": None}
    assert changed.profile is not None
    assert (changed.profile.first_name, changed.profile.last_name) == ("Acme", None)
    assert changed.phone_number == line.phone_number == project.lines.rows[0]["phoneNumber"]
    assert lines.find(line.id) == changed


def test_a_change_of_names_is_repeated(lines: Lines, emulator: Emulator) -> None:
    """A change of names whose answer was lost is made again: twice is once."""
    line = lines.allocate("imessage")
    emulator.faults.add(Fault(method="PATCH", drop="after"))
    profile = lines.change_profile(line, firstName="Acme").profile

    assert profile is not None
    assert profile.first_name == "Acme"


def test_a_line_is_given_back(lines: Lines, project: ProjectHandle) -> None:
    """A released line is gone from the service and from later reads."""
    line = lines.allocate("imessage")
    lines.release(line.id)

    assert project.lines.rows == []
    assert lines.find(line.id) is None


@pytest.mark.parametrize("fault", [None, Fault(method="DELETE", drop="after"), Fault(method="DELETE", status=503)])
def test_a_line_that_is_gone_is_given_back(
    fault: Fault | None, lines: Lines, project: ProjectHandle, emulator: Emulator
) -> None:
    """The 404 of a line that the list lacks is a success, also just after it was allocated."""
    line = lines.allocate("imessage")
    if fault is None:
        project.lines.remove(line.id)
    else:
        emulator.faults.add(fault)
    lines.release(line.id)

    assert lines.find(line.id) is None
    assert project.lines.rows == []


@pytest.mark.parametrize("list_fails", [False, True])
def test_a_404_alone_gives_nothing_back(
    list_fails: bool, lines: Lines, project: ProjectHandle, emulator: Emulator
) -> None:
    """A line is not gone because a deletion answers 404: the list of the same project has to lack it."""
    line = lines.allocate("imessage")
    emulator.faults.add(Fault(method="DELETE", status=404))
    if list_fails:
        emulator.faults.add(Fault(method="GET", path="*/lines/", status=404, times=None))

    with pytest.raises(NotFound):
        lines.release(line.id)

    assert project.lines.ids == [line.id]


@pytest.mark.parametrize("data", [None, [], {}, {"lines": None}, {"lines": [{"id": "x"}]}, "text"])
def test_what_is_no_list_of_lines_is_a_failure(data: Any, lines: Lines, emulator: Emulator) -> None:
    """An answer of another form is never read as "no lines"."""
    emulator.faults.add(Fault(method="GET", path="*/lines/", status=200, body={"succeed": True, "data": data}))

    with pytest.raises(ServiceFailed, match="this release cannot read it"):
        lines.all()


def test_only_lines_of_imessage_are_asked_for(lines: Lines, emulator: Emulator) -> None:
    """Lines of WhatsApp have another form, and are left out of the question."""
    lines.all()

    assert emulator.requests[-1].query == {"platform": ["imessage"]}


def test_a_number_is_read_however_it_is_spaced(lines: Lines, project: ProjectHandle, emulator: Emulator) -> None:
    """A number comes as E.164, whatever spaces the service tells it with, so that it can be sent back."""
    emulator.switch(spaced_phone_numbers=True)
    project.lines.add(phoneNumber="+14155550123")

    assert [line.phone_number for line in lines.all()] == ["+14155550123"]


def test_a_lost_answer_says_so(lines: Lines, emulator: Emulator) -> None:
    """The error of an allocation of which nobody knows holds what happened to its answer."""
    emulator.faults.add(NOT_CARRIED_OUT["dropped-before"])

    with pytest.raises(LineOutcomeUnknown) as caught:
        lines.allocate("imessage")

    assert str(caught.value).startswith("POST /lines/ failed: the answer was lost (the connection to 127.0.0.1:")
    assert not isinstance(caught.value, AnswerLost)
