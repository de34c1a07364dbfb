"""Where the emulator reads the time: both hands of the clock in one place, so that tests can hold them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's own time."""

    def monotonic(self) -> float:
        """Return seconds that only go forward: for the rate limit and for durations."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the present moment in UTC, to the millisecond: for the times in rows."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SteppedClock(Clock):
    """A clock that stands still until it is told to move.

    Args:
        start: The moment at which it stands first.
    """

    def __init__(self, start: datetime = datetime(2026, 8, 14, 19, 19, 47, 168000, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0

    def monotonic(self) -> float:
        """Return the seconds that it was moved by so far."""
        return self._elapsed

    def now(self) -> datetime:
        """Return the moment at which it stands."""
        return self._start + timedelta(seconds=self._elapsed)

    def advance(self, seconds: float) -> None:
        """Move forward by ``seconds``."""
        self._elapsed += seconds
