"""Those who wait for the pace: until when, what they are told, and what becomes of the others when one dies."""

import threading
from typing import Any

import pytest

from pulumi_spectrum.client.pace import Pace, PaceTimeoutError


def test_a_wait_past_the_deadline_is_not_begun(time: Any) -> None:
    """Who cannot get a slot before the deadline is told so at once, and how long it would take."""
    pace = time.pace()
    pace.cool_down(10)
    caught: list[PaceTimeoutError] = []

    def impatient() -> None:
        with pytest.raises(PaceTimeoutError, match="another 10 seconds") as error, pace.slot(deadline=time.now + 9):
            pass
        caught.append(error.value)

    assert time.run(impatient) == 0
    assert caught[0].seconds == 10


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_wait_ends_at_the_deadline(time: Any, ahead: int) -> None:
    """A slot that is not given back in time is not waited for past the deadline, first in line or not."""
    pace = time.pace(1)
    given_up: list[float] = []
    started: list[float] = []

    def impatient() -> None:
        with pytest.raises(PaceTimeoutError), pace.slot(deadline=1003.5):
            pass
        given_up.append(time.now)

    time.run(time.send(pace, 8), *[time.send(pace, 0, started)] * ahead, impatient, time.send(pace, 0, started))
    assert 1000 < given_up[0] <= 1003.5
    assert started == [1009.0, 1010.0][: ahead + 1]


def test_a_long_wait_is_told_once(time: Any) -> None:
    """A wait of more than two seconds is told once, with the seconds expected, and not again when it gets longer."""
    pace = time.pace()
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


def test_a_short_wait_is_not_told(time: Any) -> None:
    """The fifteen who get through within two seconds are told nothing, those behind them how long it takes."""
    pace = time.pace()
    told: list[float] = []

    def wait() -> None:
        with pace.slot(on_wait=told.append):
            pass

    time.run(*[wait] * 22)
    assert told == [3, 3, 3, 3, 3, 4, 4]


def test_a_cool_down_is_told_to_those_in_line(time: Any) -> None:
    """Who waits already, wherever in the line, is told of a cool-down that makes the wait a long one."""
    pace = time.pace(1)
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
def test_a_waiter_that_dies_leaves_the_line(time: Any, place: int) -> None:
    """An interrupt while waiting, in whatever place of the line, costs the others nothing."""
    pace = time.pace(1)
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

    others = [time.send(pace, 0, started)] * 2
    time.run(time.send(pace), *others[:place], die, *others[place:])
    assert started == [1001.0, 1002.0]


def test_a_failed_request_gives_its_slot_back(time: Any) -> None:
    """A request that ends in an error may have been counted, and its slot is free one second later."""
    pace = time.pace(1)
    started: list[float] = []

    def fail() -> None:
        time.sleep(0.25)
        raise OSError("cut")

    def fail_while_sending() -> None:
        with pytest.raises(OSError, match="cut"), pace.slot():
            fail()

    time.run(fail_while_sending, time.send(pace, 0, started))
    assert started == [1001.25]
