"""Waiting for a slot: deadlines, reports of long waits, and waiting threads that end."""

import threading

import pytest
from fake_time import FakeTime

from pulumi_spectrum.client.rate_limiter import NoSlotInTime, RateLimiter


def test_a_wait_past_the_deadline_is_not_begun(fake_time: FakeTime) -> None:
    """A request that cannot get a slot before its deadline fails at once, with the expected wait."""
    limiter = fake_time.limiter()
    limiter.cool_down(10)
    caught: list[NoSlotInTime] = []

    def impatient() -> None:
        with (
            pytest.raises(NoSlotInTime, match="another 10 seconds") as error,
            limiter.slot(deadline=fake_time.now + 9),
        ):
            pass
        caught.append(error.value)

    assert fake_time.run(impatient) == 0
    assert caught[0].seconds == 10


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_wait_ends_at_the_deadline(fake_time: FakeTime, ahead: int) -> None:
    """A slot that is not given back in time is not waited for past the deadline, first in line or not."""
    limiter = fake_time.limiter(1)
    given_up: list[float] = []
    started: list[float] = []

    def impatient() -> None:
        with pytest.raises(NoSlotInTime), limiter.slot(deadline=1003.5):
            pass
        given_up.append(fake_time.now)

    fake_time.run(
        fake_time.send(limiter, 8),
        *[fake_time.send(limiter, 0, started)] * ahead,
        impatient,
        fake_time.send(limiter, 0, started),
    )
    assert 1000 < given_up[0] <= 1003.5
    assert started == [1009.0, 1010.0][: ahead + 1]


def test_long_wait_is_reported_once(fake_time: FakeTime) -> None:
    """A wait of more than two seconds is reported once, with its expected seconds, even if it gets longer."""
    limiter = fake_time.limiter()
    told: list[float] = []
    limiter.cool_down(4)

    def wait_long() -> None:
        with limiter.slot(on_wait=told.append):
            pass

    def make_it_longer() -> None:
        fake_time.sleep(1)
        limiter.cool_down(10)

    assert fake_time.run(wait_long, make_it_longer) == 11
    assert told == [4]


def test_short_wait_is_not_reported(fake_time: FakeTime) -> None:
    """Waits of up to two seconds are not reported; longer ones are, with their expected seconds."""
    limiter = fake_time.limiter()
    told: list[float] = []

    def wait() -> None:
        with limiter.slot(on_wait=told.append):
            pass

    fake_time.run(*[wait] * 22)
    assert told == [3, 3, 3, 3, 3, 4, 4]


def test_cool_down_is_reported_to_waiting_requests(fake_time: FakeTime) -> None:
    """A cool-down that makes a wait long is reported to every request in line."""
    limiter = fake_time.limiter(1)
    told: list[float] = []

    def wait() -> None:
        with limiter.slot(on_wait=told.append):
            pass

    def refused() -> None:
        with limiter.slot():
            fake_time.sleep(0.5)
            limiter.cool_down(6)

    fake_time.run(refused, wait, wait)
    assert told == [6, 7]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_interrupted_waiter_leaves_the_line(fake_time: FakeTime, place: int) -> None:
    """An interrupted waiter, at any place in the line, does not delay the others."""
    interrupted: list[int] = []

    def wait(event: threading.Event, seconds: float) -> None:
        if threading.get_ident() in interrupted:
            fake_time.sleep(0.5)
            raise KeyboardInterrupt
        fake_time.wait(event, seconds)

    limiter = RateLimiter(1, clock=fake_time.clock, wait=wait)
    started: list[float] = []

    def wait_until_interrupted() -> None:
        interrupted.append(threading.get_ident())
        with pytest.raises(KeyboardInterrupt), limiter.slot():
            pass

    others = [fake_time.send(limiter, 0, started)] * 2
    fake_time.run(fake_time.send(limiter), *others[:place], wait_until_interrupted, *others[place:])
    assert started == [1001.0, 1002.0]


def test_a_failed_request_gives_its_slot_back(fake_time: FakeTime) -> None:
    """A request that ends in an error may have been counted, and its slot is free one second later."""
    limiter = fake_time.limiter(1)
    started: list[float] = []

    def fail() -> None:
        fake_time.sleep(0.25)
        raise OSError("cut")

    def fail_while_sending() -> None:
        with pytest.raises(OSError, match="cut"), limiter.slot():
            fail()

    fake_time.run(fail_while_sending, fake_time.send(limiter, 0, started))
    assert started == [1001.25]
