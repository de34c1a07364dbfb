"""The rate limit of the API."""

from __future__ import annotations

import math
from collections import deque
from typing import Literal


class RateLimit:
    """A number of requests per second for one project. A refused request does not count.

    Args:
        requests_per_second: The number of requests that are accepted in a second.
    """

    def __init__(self, requests_per_second: int) -> None:
        self._passed: deque[float] = deque(maxlen=requests_per_second)
        self.requests_per_second = requests_per_second

    def admit(self, now: float, window: Literal["sliding", "aligned"]) -> float:
        """Accept a request and return 0, or return the seconds until a request would be accepted.

        Args:
            now: The present time, in seconds that never go backwards.
            window: Whether a second is any second, or a whole second of the clock.
        """
        if len(self._passed) == self.requests_per_second:
            first = self._passed[0]
            free_at = math.floor(first) + 1 if window == "aligned" else first + 1
            if now < free_at:
                return free_at - now
        self._passed.append(now)
        return 0
