import heapq
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_time import FakeTime
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.client.machine_slots import FILE, MAX_REQUEST_SECONDS, PLACE_SECONDS, MachineSlots
from pulumi_spectrum.client.rate_limiter import NoSlotInTime, RateLimiter
from pulumi_spectrum.client.shared_slots import SharedSlots
from pulumi_spectrum.client.slots import Limit

LATENCIES = st.integers(0, 128).map(lambda n: n / 64)  # binary fractions, so that sums of times are exact
Process = Callable[..., MachineSlots]


@pytest.fixture
def process(tmp_path: Path, fake_time: FakeTime) -> Iterator[Process]:
    """Makes the slots as one of several processes sees it."""
    all_slots = []

    def make(rate: float = 5, project: str = "project", time: FakeTime = fake_time) -> MachineSlots:
        all_slots.append(MachineSlots(tmp_path / FILE, project, Limit.per_second(rate), time.clock))
        return all_slots[-1]

    yield make
    for slots in all_slots:
        slots.close()


@pytest.fixture
def shared(tmp_path: Path, fake_time: FakeTime) -> Iterator[SharedSlots]:
    slots = SharedSlots("project", Limit.per_second(5), lambda: tmp_path, fake_time.clock)
    yield slots
    if slots._machine:
        slots._machine.close()


def claims(slots: MachineSlots | SharedSlots, count: int) -> list[int | None]:
    return [slots.claim() for _ in range(count)]


@given(st.lists(st.lists(st.tuples(LATENCIES, LATENCIES), min_size=1, max_size=8), min_size=1, max_size=5))
@settings(deadline=None)
def test_no_second_holds_more_than_five_of_all_processes(ways: list[list[tuple[float, float]]]) -> None:
    """No second sees more than five arrivals from all processes together, and all of them get through."""
    fake_time = FakeTime()
    arrivals: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        all_slots = [MachineSlots(Path(folder) / FILE, "project", Limit.per_second(5), fake_time.clock) for _ in ways]
        events = [
            (fake_time.now, process, -1) for process in range(len(ways))
        ]  # -1: to claim, else: the answer to a claim
        trips = [iter(trips) for trips in ways]
        upcoming = [next(trip) for trip in trips]
        while events:
            fake_time.now, process, claim = heapq.heappop(events)
            slots = all_slots[process]
            if claim >= 0:
                slots.answered(claim, fake_time.now)
            elif (number := slots.claim()) is None:
                nap = min(slots.seconds_until_free(0), slots.recheck_seconds)
                assert nap > 0
                heapq.heappush(events, (fake_time.now + nap, process, -1))
            else:
                up, down = upcoming[process]
                arrivals.append(fake_time.now + up)
                heapq.heappush(events, (fake_time.now + up + down, process, number))
                if (trip := next(trips[process], None)) is not None:
                    upcoming[process] = trip
                    heapq.heappush(events, (fake_time.now, process, -1))
        for slots in all_slots:
            slots.close()

    assert len(arrivals) == sum(len(trips) for trips in ways)
    arrivals.sort()
    assert [
        later - earlier for earlier, later in zip(arrivals, arrivals[5:], strict=False) if later - earlier < 1
    ] == []


def test_a_request_counts_for_all_processes(process: Process, fake_time: FakeTime) -> None:
    """What one process has on the way, and for one second after its answer, takes room from the others."""
    one, other = process(), process()
    on_the_way = claims(one, 3)
    assert [claim is None for claim in claims(other, 3)] == [False, False, True]
    fake_time.now += 10
    one.answered(on_the_way[0], fake_time.now)
    fake_time.now += 0.75
    assert (other.claim(), other.seconds_until_free(0)) == (None, 0.25)
    fake_time.now += 0.25
    assert other.claim() is not None


def test_processes_take_turns(process: Process, fake_time: FakeTime) -> None:
    """A process that has waited longer goes first, and one that was served joins the line at its end."""
    one, two, three = (process(1) for _ in range(3))
    last = one.claim()
    assert [two.claim(), three.claim(), one.claim()] == [None, None, None]
    served = []
    for _ in range(6):
        one.answered(last, fake_time.now)
        fake_time.now += 1
        for name, slots in [("one", one), ("three", three), ("two", two)]:
            if (claim := slots.claim()) is not None:
                served.append(name)
                last = claim
                slots.claim()
    assert served == ["two", "three", "one", "two", "three", "one"]


def test_those_ahead_are_reckoned_with(process: Process, fake_time: FakeTime) -> None:
    """The expected wait counts the processes that are ahead and the waiters of the own one."""
    one, two = process(1), process(1)
    one.answered(one.claim(), fake_time.now)
    assert [one.claim(), two.claim()] == [None, None]
    assert [
        one.seconds_until_free(0),
        one.seconds_until_free(2),
        two.seconds_until_free(0),
        two.seconds_until_free(2),
    ] == [1, 3, 2, 4]


def test_a_withdrawn_process_is_not_waited_for(process: Process, fake_time: FakeTime) -> None:
    """A process whose waiter gave up leaves its place to the next one."""
    one, two = process(1), process(1)
    one.answered(one.claim(), fake_time.now)
    assert [one.claim(), two.claim()] == [None, None]
    one.give_up_place()
    fake_time.now += 1
    assert two.claim() is not None


def test_a_deadline_is_a_withdrawal(process: Process, fake_time: FakeTime) -> None:
    """A process whose first waiter gives up for its deadline is not waited for either."""
    one, two = process(1), process(1)
    one.answered(one.claim(), fake_time.now)
    with pytest.raises(NoSlotInTime), RateLimiter(slots=one, clock=fake_time.clock).slot(deadline=fake_time.now + 0.5):
        pass
    fake_time.now += 1
    assert two.claim() is not None


def test_a_silent_process_is_not_waited_for(process: Process, fake_time: FakeTime) -> None:
    """A process that has stopped asking loses its place after a while."""
    one, two = process(1), process(1)
    one.answered(one.claim(), fake_time.now)
    assert one.claim() is None
    fake_time.now += PLACE_SECONDS - 0.5
    assert two.claim() is None
    fake_time.now += 0.5
    assert two.claim() is not None


def test_a_cool_down_holds_for_all_processes(process: Process, fake_time: FakeTime) -> None:
    """A 429 to one process makes the others wait, and a shorter cool-down does not end a longer one."""
    one, two = process(), process()
    one.cool_down(5)
    two.cool_down(1)
    assert (two.claim(), two.seconds_until_free(0), two.seconds_until_free(5)) == (None, 5, 6)
    two.give_up_place()
    fake_time.now += 5
    assert claims(one, 6).count(None) == 1


def test_a_killed_process(process: Process, fake_time: FakeTime) -> None:
    """The requests of a process that was killed count for one second more, and so does its place in the line."""
    slots = process()
    claim = (
        "import sys; from pathlib import Path; from pulumi_spectrum.client.machine_slots import MachineSlots;"
        "from pulumi_spectrum.client.slots import Limit;"
        "slots = MachineSlots(Path(sys.argv[1]), 'project', Limit.per_second(5), lambda: 1000.0);"
        "print([slots.claim() for _ in range(6)][-1], flush=True); sys.stdin.read()"
    )
    path = slots._file.execute("PRAGMA database_list").fetchone()[2]
    command = [sys.executable, "-c", claim, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "None\n"
        fake_time.now += 30
        assert slots.claim() is None
        fake_time.now += PLACE_SECONDS + 1
        assert slots.claim() is None
        child.kill()
    assert (slots.claim(), slots.seconds_until_free(0)) == (None, 1)
    fake_time.now += 1
    assert claims(slots, 6).count(None) == 1


@pytest.mark.parametrize("error", [None, PermissionError])
def test_a_lease_ends(
    process: Process, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch, error: type[OSError] | None
) -> None:
    """A request without a response counts no longer than any request can last, even if its process seems to run."""
    one, two = process(1), process(1)

    def answer(*_: int) -> None:
        if error:
            raise error

    monkeypatch.setattr(os, "kill", answer)
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: 4711)
        one.claim()
    fake_time.now += MAX_REQUEST_SECONDS - 1
    assert two.claim() is None
    fake_time.now += 1
    assert two.claim() is not None


def test_request_of_the_longest_timeout_keeps_its_slot(process: Process, fake_time: FakeTime) -> None:
    """A request counts for as long as it may last, by the longest timeout that the settings allow."""
    one, two = process(1), process(1)
    claim = one.claim()
    fake_time.now += ClientSettings("p-1", "s3cr3t", timeout_seconds=600).timeout_seconds
    assert two.claim() is None
    assert claim is not None
    one.answered(claim, fake_time.now)
    fake_time.now += 1
    assert two.claim() is not None


def test_entries_from_before_a_restart_of_the_machine(process: Process) -> None:
    """Entries from before the machine's clock began anew delay no request."""
    before = process()
    claims(before, 5)
    before.cool_down(1000)
    anew = FakeTime(5.0)
    slots = process(time=anew)
    assert claims(slots, 6).count(None) == 1
    anew.now = 1001.0
    assert process(10, time=anew).seconds_until_free(0) == 0


def test_projects_do_not_share_slots(process: Process) -> None:
    """Requests of one project take no slot of another project, which has its own line and its own cool-downs."""
    one = process(project="one")
    claims(one, 6)
    one.cool_down(10)
    assert claims(process(project="other"), 6).count(None) == 1


def test_different_rates(process: Process, fake_time: FakeTime) -> None:
    """A process with a lower rate keeps to it with what the others send, and not one request goes past it meanwhile."""
    fast, slow = process(5), process(2)
    sent = claims(fast, 3)
    for claim in sent:
        fast.answered(claim, fake_time.now)
        fake_time.now += 0.25
    assert (slow.claim(), slow.seconds_until_free(0)) == (None, 0.5)
    fake_time.now += 0.5
    assert [slow.claim() is None, slow.claim() is None, fast.claim() is None] == [False, True, False]


def test_the_file_is_closed_with_the_slots(tmp_path: Path) -> None:
    """Slots that are dropped leave no open file and no warning of one."""
    slots = MachineSlots(tmp_path / FILE, "project", Limit.per_second(5))
    file = slots._file
    del slots
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        file.execute("SELECT 1")


def test_the_machines_ledger_is_used(process: Process, shared: SharedSlots, fake_time: FakeTime) -> None:
    """While the file can be used, everything goes into it."""
    other = process()
    sent = claims(shared, 4)
    assert [claim is None for claim in claims(other, 2)] == [False, True]
    other.give_up_place()
    shared.answered(sent[0], fake_time.now)
    fake_time.now += 1
    assert shared.claim() is not None
    assert (shared.claim(), shared.seconds_until_free(0), shared.recheck_seconds) == (None, 1, 0.25)
    shared.give_up_place()
    shared.cool_down(7)
    assert other.seconds_until_free(0) == 7


def drop_the_table(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("DROP TABLE entry")
    file.close()


def overwrite(path: Path) -> None:
    path.write_bytes(b"no slots at all" * 4096)


@pytest.mark.parametrize("spoil", [drop_the_table, overwrite])
def test_a_file_that_is_spoilt_on_the_way(
    shared: SharedSlots, fake_time: FakeTime, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """When the file fails, the process waits for one window and then limits itself."""
    sent = claims(shared, 5)
    spoil(tmp_path / FILE)
    shared.answered(sent[0], fake_time.now)
    assert (shared.claim(), shared.seconds_until_free(0), shared.recheck_seconds) == (None, 1, math.inf)
    shared.give_up_place()
    fake_time.now += 1
    assert claims(shared, 6).count(None) == 1
    shared.cool_down(7)
    assert shared.seconds_until_free(0) == 7


def test_a_file_that_is_no_database(shared: SharedSlots, tmp_path: Path) -> None:
    """A file that SQLite cannot read fails no request, and is removed for the next process."""
    overwrite(tmp_path / FILE)
    assert claims(shared, 6).count(None) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_locked(shared: SharedSlots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another process has locked fails no request, and the file stays."""
    monkeypatch.setattr("pulumi_spectrum.shared_files.LOCK_TIMEOUT_SECONDS", 0)
    lock = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    assert claims(shared, 6).count(None) == 1
    lock.close()
    assert (tmp_path / FILE).exists()
