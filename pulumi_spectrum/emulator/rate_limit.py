"""The service's rate limit."""

from __future__ import annotations

import math
from collections import deque
from typing import Literal


class RateLimit:
    """So many requests in any one second, for one project. A refused request does not count.

    Args:
        requests_per_second: How many pass.
    """

    def __init__(self, requests_per_second: int) -> None:
        self._passed: deque[float] = deque(maxlen=requests_per_second)
        self.requests_per_second = requests_per_second

    def admit(self, now: float, window: Literal["sliding", "aligned"]) -> float:
        """Let a request pass and return 0, or return the seconds until one would pass.

        Args:
            now: Seconds that only go forward.
            window: Any second, or whole seconds of the clock.
        """
        if len(self._passed) == self.requests_per_second:
            first = self._passed[0]
            free_at = math.floor(first) + 1 if window == "aligned" else first + 1
            if now < free_at:
                return free_at - now
        self._passed.append(now)
        return 0
