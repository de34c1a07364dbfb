"""The source of the time for the whole emulator, so that a test can pass another one."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards, for rate limits and durations."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the present time in UTC, in whole milliseconds, for the times in rows."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SteppedClock(Clock):
    """A clock that stands still until :meth:`advance` is called.

    Args:
        start: The time that it shows at first.
    """

    def __init__(self, start: datetime = datetime(2026, 8, 14, 19, 19, 47, 168000, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0

    def monotonic(self) -> float:
        """Return the seconds that it has been advanced by."""
        return self._elapsed

    def now(self) -> datetime:
        """Return the time that it shows."""
        return self._start + timedelta(seconds=self._elapsed)

    def advance(self, seconds: float) -> None:
        """Move the clock forward by ``seconds``."""
        self._elapsed += seconds
