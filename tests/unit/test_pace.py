import math
import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_spectrum.client.pace import Pace, PaceTimeoutError

LATENCIES = st.integers(0, 128).map(lambda n: n / 64)  # binary fractions, so that sums of times are exact


class VirtualTime:
    """A clock that stands still while any thread has something to do, and moves to where the first one wakes up.

    One thread runs at a time, in a settled order. A thread that is stuck on a lock fails the test.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits = 0
        self._asleep: list[tuple[threading.Event, float, threading.Semaphore]] = []
        self._yielded = threading.Semaphore(0)
        self._errors: list[BaseException] = []

    def clock(self) -> float:
        return self.now

    def wait(self, event: threading.Event, seconds: float) -> None:
        self.waits += 1
        assert self.waits < 10_000, "a thread waits busily"
        wake = threading.Semaphore(0)
        self._asleep.append((event, self.now + seconds, wake))
        self._yielded.release()
        wake.acquire()

    def sleep(self, seconds: float) -> None:
        self.wait(threading.Event(), seconds)

    def run(self, *tasks: Callable[[], None]) -> float:
        """Run the tasks in threads and return the seconds that it takes them together."""
        began = self.now
        for task in tasks:
            threading.Thread(target=self._perform, args=(task,), daemon=True).start()
            self._let_go_on()
        while self._asleep:
            called = [sleeper for sleeper in self._asleep if sleeper[0].is_set()]
            sleeper = called[0] if called else min(self._asleep, key=lambda sleeper: sleeper[1])
            if not called:
                assert sleeper[1] < self.now + threading.TIMEOUT_MAX / 2, "all wait for each other"
                self.now = max(self.now, sleeper[1])
            self._asleep.remove(sleeper)
            sleeper[2].release()
            self._let_go_on()
        if self._errors:
            raise self._errors[0]
        return self.now - began

    def _let_go_on(self) -> None:
        assert self._yielded.acquire(timeout=10), "a thread is stuck on a lock"

    def _perform(self, task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001
            self._errors.append(error)
        finally:
            self._yielded.release()


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


def make_pace(time: VirtualTime, rate: float = 5) -> Pace:
    return Pace(rate, clock=time.clock, wait=time.wait)


def send(time: VirtualTime, pace: Pace, seconds: float = 0.0, started: list[float] | None = None) -> Callable[[], None]:
    """A task that sends one request, which takes so long."""

    def task() -> None:
        with pace.slot():
            if started is not None:
                started.append(time.now)
            time.sleep(seconds)

    return task


@given(
    ways=st.lists(st.lists(st.tuples(LATENCIES, LATENCIES), min_size=1, max_size=6), min_size=1, max_size=12),
    phase=LATENCIES,
)
@settings(deadline=None)
def test_no_second_holds_more_than_five(ways: list[list[tuple[float, float]]], phase: float) -> None:
    """No second sees more than five arrivals, wherever it begins and whatever the network does."""
    time = VirtualTime()
    pace = make_pace(time)
    arrivals: list[float] = []

    def thread(trips: list[tuple[float, float]]) -> None:
        for up, down in trips:
            with pace.slot():
                time.sleep(up)
                arrivals.append(time.now)
                time.sleep(down)

    time.run(*[lambda trips=trips: thread(trips) for trips in ways])

    assert len(arrivals) == sum(len(trips) for trips in ways)
    assert [
        later - earlier for earlier, later in zip(arrivals, arrivals[5:], strict=False) if later - earlier < 1
    ] == []
    whole_seconds = [math.floor(arrival + phase) for arrival in arrivals]
    assert max(whole_seconds.count(second) for second in whole_seconds) <= 5


@pytest.mark.parametrize("latency", [0.0, 0.25])
@pytest.mark.parametrize("threads", [1, 4, 16])
def test_the_limit_is_used_up(time: VirtualTime, threads: int, latency: float) -> None:
    """The price of safety is one latency for each second, and nothing besides."""
    pace = make_pace(time)
    left = iter(range(40))

    def thread() -> None:
        for _ in left:
            with pace.slot():
                time.sleep(latency)

    alone = 5 * latency if threads == 1 else 2 * latency if threads == 4 else latency
    assert time.run(*[thread] * threads) == pytest.approx(7 * max(1 + latency, alone) + alone)


def test_the_second_begins_with_the_answer(time: VirtualTime) -> None:
    """A slot is free again one second after the answer, not after the sending."""
    pace = make_pace(time, 1)
    started: list[float] = []
    time.run(*[send(time, pace, 0.25, started)] * 3)
    assert started == [1000.0, 1001.25, 1002.5]


def test_the_head_of_an_answer_is_enough(time: VirtualTime) -> None:
    """The second begins at the first word that the head of the answer is here, though its body takes long."""
    pace = make_pace(time, 1)
    started: list[float] = []

    def read_a_long_body() -> None:
        with pace.slot() as slot:
            time.sleep(0.25)
            slot.answered()
            time.sleep(0.5)
            slot.answered()
            time.sleep(3)

    time.run(read_a_long_body, send(time, pace, 0, started))
    assert started == [1001.25]


def test_first_come_first_served(time: VirtualTime) -> None:
    """Slots are handed out in the order in which they were asked for, over many rounds."""
    pace = make_pace(time)
    asked: list[tuple[int, int]] = []
    served: list[tuple[int, int]] = []

    def thread(name: int) -> None:
        for turn in range(4):
            asked.append((name, turn))
            with pace.slot():
                served.append((name, turn))
                time.sleep((name * 7 % 5) / 8)

    time.run(*[lambda name=name: thread(name) for name in range(16)])
    assert served == asked


def test_nobody_waits_busily(time: VirtualTime) -> None:
    """A thread that waits sleeps through, but for a few looks at the time when it has become the first."""
    pace = make_pace(time)
    time.run(*[send(time, pace, 0.25)] * 100)
    assert time.waits <= 100 + 100 + 100  # the requests themselves, the wait in line, the wait for the time


def test_nothing_is_held_up_by_a_sleeper(time: VirtualTime) -> None:
    """While the first in line sleeps, others give back, join the line and declare cool-downs without any delay."""
    pace = make_pace(time, 1)
    seen: list[tuple[str, float]] = []

    def note(name: str, act: Callable[[], None]) -> Callable[[], None]:
        def task() -> None:
            act()
            seen.append((name, time.now))

        return task

    def arrive_later() -> None:
        time.sleep(0.5)
        with pytest.raises(PaceTimeoutError), pace.slot(deadline=time.now):
            pass

    def cool_down_later() -> None:
        time.sleep(0.75)
        pace.cool_down(0.5)

    time.run(
        note("given back", send(time, pace, 0.25)),
        note("slept", send(time, pace)),
        note("arrived", arrive_later),
        note("cooled down", cool_down_later),
    )
    assert seen == [("given back", 1000.25), ("arrived", 1000.5), ("cooled down", 1000.75), ("slept", 1001.25)]


def test_a_cool_down_holds_for_everybody(time: VirtualTime) -> None:
    """After a 429 those in line and those who come wait for its end, where no more than five start at once."""
    pace = make_pace(time)
    started: list[float] = []

    def refused() -> None:
        with pace.slot():
            time.sleep(0.5)
            pace.cool_down(3)
            pace.cool_down(1)

    def come_later() -> None:
        time.sleep(2)
        send(time, pace, 0.25, started)()

    time.run(*[send(time, pace, 0.5)] * 4, refused, *[send(time, pace, 0.25, started)] * 5, come_later)
    assert started == [1003.5] * 5 + [1004.75]


def test_a_wait_past_the_deadline_is_not_begun(time: VirtualTime) -> None:
    """Who cannot get a slot before the deadline is told so at once, and how long it would take."""
    pace = make_pace(time)
    pace.cool_down(10)
    caught: list[PaceTimeoutError] = []

    def impatient() -> None:
        with pytest.raises(PaceTimeoutError, match="another 10 seconds") as error, pace.slot(deadline=time.now + 9):
            pass
        caught.append(error.value)

    assert time.run(impatient) == 0
    assert caught[0].seconds == 10


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_wait_ends_at_the_deadline(time: VirtualTime, ahead: int) -> None:
    """A slot that is not given back in time is not waited for past the deadline, first in line or not."""
    pace = make_pace(time, 1)
    given_up: list[float] = []
    started: list[float] = []

    def impatient() -> None:
        with pytest.raises(PaceTimeoutError), pace.slot(deadline=1003.5):
            pass
        given_up.append(time.now)

    time.run(send(time, pace, 8), *[send(time, pace, 0, started)] * ahead, impatient, send(time, pace, 0, started))
    assert 1000 < given_up[0] <= 1003.5
    assert started == [1009.0, 1010.0][: ahead + 1]


def test_a_long_wait_is_told_once(time: VirtualTime) -> None:
    """A wait of more than two seconds is told once, with the seconds expected, and not again when it gets longer."""
    pace = make_pace(time)
    told: list[float] = []
    pace.cool_down(4)

    def wait_long() -> None:
        with pace.slot(on_wait=told.append):
            pass

    def make_it_longer() -> None:
        time.sleep(1)
        pace.cool_down(10)

    assert time.run(wait_long, make_it_longer) == 11
    assert told == [4]


def test_a_short_wait_is_not_told(time: VirtualTime) -> None:
    """The fifteen who get through within two seconds are told nothing, those behind them how long it takes."""
    pace = make_pace(time)
    told: list[float] = []

    def wait() -> None:
        with pace.slot(on_wait=told.append):
            pass

    time.run(*[wait] * 22)
    assert told == [3, 3, 3, 3, 3, 4, 4]


def test_a_cool_down_is_told_to_those_in_line(time: VirtualTime) -> None:
    """Who waits already, wherever in the line, is told of a cool-down that makes the wait a long one."""
    pace = make_pace(time, 1)
    told: list[float] = []

    def wait() -> None:
        with pace.slot(on_wait=told.append):
            pass

    def refused() -> None:
        with pace.slot():
            time.sleep(0.5)
            pace.cool_down(6)

    time.run(refused, wait, wait)
    assert told == [6, 7]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_waiter_that_dies_leaves_the_line(time: VirtualTime, place: int) -> None:
    """An interrupt while waiting, in whatever place of the line, costs the others nothing."""
    pace = make_pace(time, 1)
    dying = Pace(ledger=pace._ledger, clock=time.clock, wait=time.wait)
    dying._line, dying._lock = pace._line, pace._lock
    started: list[float] = []

    def interrupted(event: threading.Event, seconds: float) -> None:
        time.sleep(0.5)
        raise KeyboardInterrupt

    dying._wait = interrupted

    def die() -> None:
        with pytest.raises(KeyboardInterrupt), dying.slot():
            pass

    others = [send(time, pace, 0, started)] * 2
    time.run(send(time, pace), *others[:place], die, *others[place:])
    assert started == [1001.0, 1002.0]


def test_a_failed_request_gives_its_slot_back(time: VirtualTime) -> None:
    """A request that ends in an error may have been counted, and its slot is free one second later."""
    pace = make_pace(time, 1)
    started: list[float] = []

    def fail() -> None:
        time.sleep(0.25)
        raise OSError("cut")

    def fail_while_sending() -> None:
        with pytest.raises(OSError, match="cut"), pace.slot():
            fail()

    time.run(fail_while_sending, send(time, pace, 0, started))
    assert started == [1001.25]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.5, [0, 2, 4, 6]),
        (0.3, [0, 1 / 0.3, 2 / 0.3, 3 / 0.3]),
        (1, [0, 1, 2, 3]),
        (2.5, [0, 0, 1, 1]),
        (3, [0, 0, 0, 1]),
    ],
)
def test_other_rates(time: VirtualTime, rate: float, expected: list[float]) -> None:
    """Every single second keeps to the rate: below one it is spread over seconds, above one it is rounded down."""
    pace = make_pace(time, rate)
    started: list[float] = []
    time.run(*[send(time, pace, 0, started)] * 4)
    assert [start - 1000 for start in started] == pytest.approx(expected)


@pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf])
def test_no_rate_at_all(rate: float) -> None:
    """A rate that is no number above 0 is refused."""
    with pytest.raises(ValueError, match="above 0"):
        Pace(rate)


def test_real_time() -> None:
    """With the clock and the waiting of the system a slot is taken, waited for in vain and given back."""
    pace = Pace(1)
    with pace.slot(), pytest.raises(PaceTimeoutError), pace.slot(deadline=0):
        pass
