"""The slots of a rate limit: which requests count against it, and when the next one may be sent."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Limit:
    """At most `requests` within any `window` seconds."""

    requests: int
    window: float

    @classmethod
    def per_second(cls, rate: float) -> Limit:
        """Return the limit that keeps to `rate` in every single second, too.

        A rate of one or more is rounded down, since 2.5 in every second is 2; half a request a second is one in two.

        Raises:
            ValueError: The rate is no number above 0.
        """
        if not (0 < rate < math.inf):
            raise ValueError(f"The rate must be a number of requests per second above 0, not {rate}.")
        return cls(requests=max(1, math.floor(rate)), window=max(1.0, 1 / rate))

    def earliest(self, now: float, busy: list[float], *, not_before: float, ahead: int) -> float:
        """Return the first moment at which a slot can be free.

        Args:
            now: The present moment.
            busy: For each request that counts, the first moment at which it may not count any more.
            not_before: The end of the cool-down.
            ahead: How many waiting requests go first.
        """
        rounds, place = divmod(ahead, self.requests)
        taken = place - (self.requests - len(busy))  # below 0: one of the slots that are free now
        start = now if taken < 0 else sorted(busy)[taken]
        return max(start, not_before) + rounds * self.window


class Slots(Protocol):
    """Records the requests that were sent or were answered less than a window ago. Used by one thread at a time."""

    @property
    def recheck_seconds(self) -> float:
        """After how many seconds a waiting request looks again, since other processes may have changed the record."""

    def claim(self) -> int | None:
        """Record a request that is about to be sent, and return its number; None while no slot is free."""

    def answered(self, claim: int, at: float) -> None:
        """Record that the request was answered at `at`; its slot is free again one window later."""

    def seconds_until_free(self, ahead: int) -> float:
        """Return the least number of seconds until a slot is free for the request that comes after `ahead` others."""

    def cool_down(self, seconds: float) -> None:
        """Grant no slot for the next `seconds` seconds."""

    def give_up_place(self) -> None:
        """Give up the place in line that the last refused `claim` took."""


class ProcessSlots:
    """The slots of a process that has the project's rate limit to itself.

    Args:
        limit: The rate limit.
        clock: Seconds that never go back.
    """

    recheck_seconds = math.inf

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._numbers = itertools.count()
        self._sent: set[int] = set()
        self._until: list[float] = []  # a heap: when each answered request ceases to count
        self._not_before = -math.inf

    def claim(self) -> int | None:
        """Record a request that is about to be sent, and return its number; None while no slot is free."""
        if self.seconds_until_free(0) > 0:
            return None
        number = next(self._numbers)
        self._sent.add(number)
        return number

    def answered(self, claim: int, at: float) -> None:
        """Record that the request was answered at `at`; its slot is free again one window later."""
        self._sent.discard(claim)
        heapq.heappush(self._until, at + self._limit.window)

    def seconds_until_free(self, ahead: int) -> float:
        """Return the least number of seconds until a slot is free for the request that comes after `ahead` others."""
        now = self._clock()
        while self._until and self._until[0] <= now:
            heapq.heappop(self._until)
        busy = [*self._until, *[now + self._limit.window] * len(self._sent)]
        return self._limit.earliest(now, busy, not_before=self._not_before, ahead=ahead) - now

    def cool_down(self, seconds: float) -> None:
        """Grant no slot for the next `seconds` seconds."""
        self._not_before = max(self._not_before, self._clock() + seconds)

    def give_up_place(self) -> None:
        """Do nothing: no other process waits, so a refused `claim` takes no place."""
