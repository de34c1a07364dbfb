"""Keeps a client below the API's rate limit, first come first served.

The service counts a request somewhere between its sending and its answer; nothing else is known of that moment. So a
request is sent only while fewer than `requests` others are on the way or were answered less than a window ago.

That is safe: of any `requests + 1` in a row the last was sent a window or more after the answer to one of the others,
so no window holds them all, whatever the network delays and wherever the service lets its seconds begin.

It is also the best there is. Whoever sends earlier relies on a least delay of the network. A round trip only tells how
long the delay was at most: the first requests open their connections, and congestion or a cold start clears up, and a
margin learnt before that is too large after it. `bench/pace.py` measures both. The price is one delay for each window.
"""

import heapq
import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

WORTH_TELLING = 2.0  # seconds; a shorter wait is over before a user has read of it


class PaceTimeoutError(Exception):
    """The rate limit leaves no room for a request before its deadline.

    Args:
        seconds: How long the wait would be, at least.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The rate limit leaves no room for this request for another {seconds:.0f} seconds.")
        self.seconds = seconds


@dataclass(frozen=True)
class Limit:
    """At most `requests` within any `window` seconds."""

    requests: int
    window: float

    @classmethod
    def per_second(cls, rate: float) -> "Limit":
        """The limit that holds `rate` in every single second, too.

        A rate of one or more is rounded down, since 2.5 in every second is 2; half a request a second is one in two.

        Raises:
            ValueError: The rate is no number above 0.
        """
        if not (0 < rate < math.inf):
            raise ValueError(f"The rate must be a number of requests per second above 0, not {rate}.")
        return cls(requests=max(1, math.floor(rate)), window=max(1.0, 1 / rate))

    def earliest(self, now: float, busy: list[float], *, not_before: float, ahead: int) -> float:
        """The first moment at which there can be room.

        Args:
            now: The present moment.
            busy: For each request that counts, the first moment at which it may not count any more.
            not_before: The end of the cool-down.
            ahead: How many others go first.
        """
        rounds, place = divmod(ahead, self.requests)
        taken = place - (self.requests - len(busy))  # below 0: one of the places that are empty now
        start = now if taken < 0 else sorted(busy)[taken]
        return max(start, not_before) + rounds * self.window


class Ledger(Protocol):
    """What is on the way, and what was answered less than a window ago. Used by one thread at a time."""

    @property
    def longest_nap(self) -> float:
        """Seconds after which it is worth a new look, since others may have changed something."""

    def claim(self) -> int | None:
        """Enter a request that is about to be sent; None while there is no room."""

    def answered(self, claim: int, at: float) -> None:
        """The request counts for one window more."""

    def room_in(self, ahead: int) -> float:
        """Seconds until there can be room for the one who comes after `ahead` others, at least."""

    def cool_down(self, seconds: float) -> None:
        """No room for anybody until then."""

    def withdraw(self) -> None:
        """Who asked last asks no more."""


class ProcessLedger:
    """The ledger of a process that has the project to itself."""

    longest_nap = math.inf

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._numbers = itertools.count()
        self._under_way: set[int] = set()
        self._until: list[float] = []  # a heap: when each answered request ceases to count
        self._not_before = -math.inf

    def claim(self) -> int | None:
        """Enter a request that is about to be sent; None while there is no room."""
        if self.room_in(0) > 0:
            return None
        number = next(self._numbers)
        self._under_way.add(number)
        return number

    def answered(self, claim: int, at: float) -> None:
        """The request counts for one window more."""
        self._under_way.discard(claim)
        heapq.heappush(self._until, at + self._limit.window)

    def room_in(self, ahead: int) -> float:
        """Seconds until there can be room for the one who comes after `ahead` others, at least."""
        now = self._clock()
        while self._until and self._until[0] <= now:
            heapq.heappop(self._until)
        busy = [*self._until, *[now + self._limit.window] * len(self._under_way)]
        return self._limit.earliest(now, busy, not_before=self._not_before, ahead=ahead) - now

    def cool_down(self, seconds: float) -> None:
        """No room for anybody until then."""
        self._not_before = max(self._not_before, self._clock() + seconds)

    def withdraw(self) -> None:
        """Nobody else asks, so nothing is to be withdrawn."""


class Slot:
    """The room for one request."""

    def __init__(self, give_back: Callable[["Slot"], None]) -> None:
        self._give_back = give_back
        self.turn = threading.Event()
        self.claim: int | None = None

    def answered(self) -> None:
        """The head of the answer is here, its body may still be on the way: the slot's window begins now.

        Without this call it begins when the block ends.
        """
        self._give_back(self)


class Pace:
    """At most `requests_per_second` requests in any second, first come first served. Thread-safe.

    Args:
        requests_per_second: 5 is the API's rate limit for one project. From 1 on, a fraction is cut off.
        ledger: Where requests are entered; left out, this process has the project to itself.
        clock: Seconds that never go back.
        wait: Waits for an event or for some seconds, whichever comes first.

    Raises:
        ValueError: `requests_per_second` is no number above 0.
    """

    def __init__(
        self,
        requests_per_second: float = 5,
        *,
        ledger: Ledger | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._ledger = ledger or ProcessLedger(Limit.per_second(requests_per_second), clock)
        self._lock = threading.Lock()  # for bookkeeping; nobody waits for time to pass while holding it
        self._line: deque[Slot] = deque()

    @contextmanager
    def slot(self, *, deadline: float | None = None, on_wait: Callable[[float], None] | None = None) -> Iterator[Slot]:
        """Wait for a slot; it is free again one window after the answer.

        Args:
            deadline: The moment, by the pace's clock, past which nobody shall wait.
            on_wait: Called at most once, before a wait of more than about two seconds, with its expected seconds.

        Raises:
            PaceTimeoutError: There is no room before the deadline. It is raised as soon as that is certain.
        """
        slot = Slot(self._give_back)
        try:
            self._stand_in_line(slot, deadline, on_wait)
            yield slot
        finally:
            self._leave(slot)

    def cool_down(self, seconds: float) -> None:
        """After a 429: nobody gets a slot for so long, whether waiting already or yet to come."""
        with self._lock:
            self._ledger.cool_down(seconds)
            for slot in self._line:  # their wait may have become worth telling, or too long
                slot.turn.set()

    def _stand_in_line(self, slot: Slot, deadline: float | None, on_wait: Callable[[float], None] | None) -> None:
        with self._lock:
            self._line.append(slot)
        while True:
            with self._lock:
                slot.turn.clear()
                ahead = self._line.index(slot)
                if ahead == 0:
                    slot.claim = self._ledger.claim()
                    if slot.claim is not None:
                        self._step_out(slot)
                        return
                seconds = self._ledger.room_in(ahead)
            left = math.inf if deadline is None else deadline - self._clock()
            if seconds > left:
                raise PaceTimeoutError(seconds)
            if on_wait and seconds > WORTH_TELLING:
                tell, on_wait = on_wait, None
                tell(seconds)
                continue
            # The first in line watches the time, the others are called when they have become the first.
            nap = min(left, seconds, self._ledger.longest_nap) if ahead == 0 else left
            self._wait(slot.turn, min(nap, threading.TIMEOUT_MAX))

    def _leave(self, slot: Slot) -> None:
        self._give_back(slot)
        with self._lock:
            if slot in self._line:
                if self._line[0] is slot:
                    self._ledger.withdraw()
                self._step_out(slot)

    def _give_back(self, slot: Slot) -> None:
        at = self._clock()
        with self._lock:
            claim, slot.claim = slot.claim, None
            if claim is not None:
                self._ledger.answered(claim, at)

    def _step_out(self, slot: Slot) -> None:
        self._line.remove(slot)
        if self._line:
            self._line[0].turn.set()
