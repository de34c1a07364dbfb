"""Keeps a client below the API's rate limit, first come first served.

The service counts a request at some moment between its sending and its response; that moment is not known. So a
request is sent only while fewer than `requests` others have been sent without a response, or were answered less than a
window ago.

That is safe: of any `requests + 1` in a row the last was sent a window or more after the response to one of the others,
so no window holds them all, whatever the network delays and wherever the service lets its seconds begin.

Sending earlier would rely on a least delay of the network, which cannot be measured: a round trip only shows how long
the delay was at most, the first requests open their connections, and a margin that is learnt during congestion or a
cold start is too large after it. `bench/pace.py` measures both ways. The price is one delay for each window.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pulumi_spectrum.client.slots import Limit, ProcessSlots, Slots

MIN_REPORTED_WAIT_SECONDS = 2.0
"""A shorter wait is over before a user has read of it."""


class NoSlotInTime(Exception):
    """No slot is free before the request's deadline.

    Args:
        seconds: How long the wait would be, at least.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The rate limit has no slot for this request for another {seconds:.0f} seconds.")
        self.seconds = seconds


class Slot:
    """The right to send one request."""

    def __init__(self, give_back: Callable[[Slot], None]) -> None:
        self._give_back = give_back
        self.turn = threading.Event()
        self.claim: int | None = None

    def answered(self) -> None:
        """Begin the slot's window now: the response's head is here, and its body may still follow.

        Without this call the window begins when the block ends.
        """
        self._give_back(self)


class RateLimiter:
    """Grants at most `requests_per_second` slots in any second, first come first served. Thread-safe.

    Args:
        requests_per_second: 5 is the API's rate limit for one project. From 1 on, a fraction is cut off.
        slots: Where requests are recorded; left out, this process has the project's rate limit to itself.
        clock: Seconds that never go back.
        wait: Waits for an event or for some seconds, whichever comes first.

    Raises:
        ValueError: `requests_per_second` is no number above 0.
    """

    def __init__(
        self,
        requests_per_second: float = 5,
        *,
        slots: Slots | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._slots = slots or ProcessSlots(Limit.per_second(requests_per_second), clock)
        self._lock = threading.Lock()  # for bookkeeping; no thread waits for time to pass while holding it
        self._line: deque[Slot] = deque()

    @contextmanager
    def slot(self, *, deadline: float | None = None, on_wait: Callable[[float], None] | None = None) -> Iterator[Slot]:
        """Wait for a slot; it is free again one window after the response.

        Args:
            deadline: The moment, by the limiter's clock, after which the wait ends.
            on_wait: Called at most once, before a wait of more than about two seconds, with its expected seconds.

        Raises:
            NoSlotInTime: No slot is free before the deadline. It is raised as soon as that is certain.
        """
        slot = Slot(self._give_back)
        try:
            self._wait_in_line(slot, deadline, on_wait)
            yield slot
        finally:
            self._leave(slot)

    def cool_down(self, seconds: float) -> None:
        """Grant no slot for the next `seconds` seconds, as after a 429, whether requests wait already or come later."""
        with self._lock:
            self._slots.cool_down(seconds)
            for slot in self._line:  # each wait may now be long enough to report, or too long
                slot.turn.set()

    def _wait_in_line(self, slot: Slot, deadline: float | None, on_wait: Callable[[float], None] | None) -> None:
        with self._lock:
            self._line.append(slot)
        while True:
            with self._lock:
                slot.turn.clear()
                ahead = self._line.index(slot)
                if ahead == 0:
                    slot.claim = self._slots.claim()
                    if slot.claim is not None:
                        self._remove_from_line(slot)
                        return
                seconds = self._slots.seconds_until_free(ahead)
            left = math.inf if deadline is None else deadline - self._clock()
            if seconds > left:
                raise NoSlotInTime(seconds)
            if on_wait and seconds > MIN_REPORTED_WAIT_SECONDS:
                report, on_wait = on_wait, None
                report(seconds)
                continue
            # The first in line watches the time; each of the others is woken when it has become the first.
            nap = min(left, seconds, self._slots.recheck_seconds) if ahead == 0 else left
            self._wait(slot.turn, min(nap, threading.TIMEOUT_MAX))

    def _leave(self, slot: Slot) -> None:
        self._give_back(slot)
        with self._lock:
            if slot in self._line:
                if self._line[0] is slot:
                    self._slots.give_up_place()
                self._remove_from_line(slot)

    def _give_back(self, slot: Slot) -> None:
        at = self._clock()
        with self._lock:
            claim, slot.claim = slot.claim, None
            if claim is not None:
                self._slots.answered(claim, at)

    def _remove_from_line(self, slot: Slot) -> None:
        self._line.remove(slot)
        if self._line:
            self._line[0].turn.set()
