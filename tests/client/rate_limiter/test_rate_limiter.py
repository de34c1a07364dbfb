"""The rate limiter: it keeps to the limit, uses all of it, and grants slots in turn."""

import math
from collections.abc import Callable

import pytest
from fake_time import FakeTime
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_spectrum.client.rate_limiter import NoSlotInTime, RateLimiter

LATENCIES = st.integers(0, 128).map(lambda n: n / 64)  # binary fractions, so that sums of times are exact


@given(
    ways=st.lists(st.lists(st.tuples(LATENCIES, LATENCIES), min_size=1, max_size=6), min_size=1, max_size=12),
    phase=LATENCIES,
)
@settings(deadline=None)
def test_no_second_holds_more_than_five(ways: list[list[tuple[float, float]]], phase: float) -> None:
    """No second sees more than five arrivals, wherever it begins and whatever the network does."""
    fake_time = FakeTime()
    limiter = fake_time.limiter()
    arrivals: list[float] = []

    def thread(trips: list[tuple[float, float]]) -> None:
        for up, down in trips:
            with limiter.slot():
                fake_time.sleep(up)
                arrivals.append(fake_time.now)
                fake_time.sleep(down)

    fake_time.run(*[lambda trips=trips: thread(trips) for trips in ways])

    assert len(arrivals) == sum(len(trips) for trips in ways)
    assert [
        later - earlier for earlier, later in zip(arrivals, arrivals[5:], strict=False) if later - earlier < 1
    ] == []
    whole_seconds = [math.floor(arrival + phase) for arrival in arrivals]
    assert max(whole_seconds.count(second) for second in whole_seconds) <= 5


@pytest.mark.parametrize("latency", [0.0, 0.25])
@pytest.mark.parametrize("threads", [1, 4, 16])
def test_the_limit_is_used_up(fake_time: FakeTime, threads: int, latency: float) -> None:
    """The price of safety is one latency for each second, and nothing besides."""
    limiter = fake_time.limiter()
    left = iter(range(40))

    def thread() -> None:
        for _ in left:
            with limiter.slot():
                fake_time.sleep(latency)

    alone = 5 * latency if threads == 1 else 2 * latency if threads == 4 else latency
    assert fake_time.run(*[thread] * threads) == pytest.approx(7 * max(1 + latency, alone) + alone)


def test_the_second_begins_with_the_answer(fake_time: FakeTime) -> None:
    """A slot is free again one second after the answer, not after the sending."""
    limiter = fake_time.limiter(1)
    started: list[float] = []
    fake_time.run(*[fake_time.send(limiter, 0.25, started)] * 3)
    assert started == [1000.0, 1001.25, 1002.5]


def test_the_head_of_an_answer_is_enough(fake_time: FakeTime) -> None:
    """The second begins at the first word that the head of the answer is here, though its body takes long."""
    limiter = fake_time.limiter(1)
    started: list[float] = []

    def read_a_long_body() -> None:
        with limiter.slot() as slot:
            fake_time.sleep(0.25)
            slot.answered()
            fake_time.sleep(0.5)
            slot.answered()
            fake_time.sleep(3)

    fake_time.run(read_a_long_body, fake_time.send(limiter, 0, started))
    assert started == [1001.25]


def test_first_come_first_served(fake_time: FakeTime) -> None:
    """Slots are handed out in the order in which they were asked for, over many rounds."""
    limiter = fake_time.limiter()
    asked: list[tuple[int, int]] = []
    served: list[tuple[int, int]] = []

    def thread(name: int) -> None:
        for turn in range(4):
            asked.append((name, turn))
            with limiter.slot():
                served.append((name, turn))
                fake_time.sleep((name * 7 % 5) / 8)

    fake_time.run(*[lambda name=name: thread(name) for name in range(16)])
    assert served == asked


def test_nobody_waits_busily(fake_time: FakeTime) -> None:
    """A thread that waits sleeps through, but for a few looks at the time when it has become the first."""
    limiter = fake_time.limiter()
    fake_time.run(*[fake_time.send(limiter, 0.25)] * 100)
    assert fake_time.waits <= 100 + 100 + 100  # the requests themselves, the wait in line, the wait for the time


def test_nothing_is_held_up_by_a_sleeper(fake_time: FakeTime) -> None:
    """While the first in line sleeps, others give back, join the line and declare cool-downs without any delay."""
    limiter = fake_time.limiter(1)
    seen: list[tuple[str, float]] = []

    def note(name: str, act: Callable[[], None]) -> Callable[[], None]:
        def task() -> None:
            act()
            seen.append((name, fake_time.now))

        return task

    def arrive_later() -> None:
        fake_time.sleep(0.5)
        with pytest.raises(NoSlotInTime), limiter.slot(deadline=fake_time.now):
            pass

    def cool_down_later() -> None:
        fake_time.sleep(0.75)
        limiter.cool_down(0.5)

    fake_time.run(
        note("given back", fake_time.send(limiter, 0.25)),
        note("slept", fake_time.send(limiter)),
        note("arrived", arrive_later),
        note("cooled down", cool_down_later),
    )
    assert seen == [("given back", 1000.25), ("arrived", 1000.5), ("cooled down", 1000.75), ("slept", 1001.25)]


def test_a_cool_down_holds_for_everybody(fake_time: FakeTime) -> None:
    """After a 429 those in line and those who come wait for its end, where no more than five start at once."""
    limiter = fake_time.limiter()
    started: list[float] = []

    def refused() -> None:
        with limiter.slot():
            fake_time.sleep(0.5)
            limiter.cool_down(3)
            limiter.cool_down(1)

    def come_later() -> None:
        fake_time.sleep(2)
        fake_time.send(limiter, 0.25, started)()

    fake_time.run(
        *[fake_time.send(limiter, 0.5)] * 4, refused, *[fake_time.send(limiter, 0.25, started)] * 5, come_later
    )
    assert started == [1003.5] * 5 + [1004.75]


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
def test_other_rates(fake_time: FakeTime, rate: float, expected: list[float]) -> None:
    """Every single second keeps to the rate: below one it is spread over seconds, above one it is rounded down."""
    limiter = fake_time.limiter(rate)
    started: list[float] = []
    fake_time.run(*[fake_time.send(limiter, 0, started)] * 4)
    assert [start - 1000 for start in started] == pytest.approx(expected)


@pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf])
def test_a_rate_that_is_not_above_zero_is_refused(rate: float) -> None:
    """A rate that is no number above 0 is refused."""
    with pytest.raises(ValueError, match="above 0"):
        RateLimiter(rate)


def test_with_the_clock_of_the_system() -> None:
    """With the real clock a slot is granted, a second one is not granted in time, and the first is given back."""
    limiter = RateLimiter(1)
    with limiter.slot(), pytest.raises(NoSlotInTime), limiter.slot(deadline=0):
        pass
