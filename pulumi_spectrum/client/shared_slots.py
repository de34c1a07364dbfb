"""The one rate limiter of a project, shared with the other processes on this machine where that works.

Whatever is wrong with the shared file, the process then limits itself, and waits out the 429s that may follow.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pulumi_spectrum.client.machine_slots import FILE, MachineSlots
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.slots import Limit, ProcessSlots, Slots
from pulumi_spectrum.shared_files import private_folder, remove_if_spoilt

T = TypeVar("T")


class SharedSlots:
    """The machine's slots for as long as their file can be used, and this process's own from then on.

    Args:
        project: Which project's requests count.
        limit: What this process keeps to.
        folder: Where the shared file is.
        clock: Seconds that never go back, the same in all processes.
    """

    def __init__(
        self,
        project: str,
        limit: Limit,
        folder: Callable[[], Path] = private_folder,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._project = project
        self._limit = limit
        self._folder = folder
        self._clock = clock
        self._machine: MachineSlots | None = None
        self._own: ProcessSlots | None = None

    @property
    def recheck_seconds(self) -> float:
        """After how many seconds a waiting request looks again, since other processes may have changed the record."""
        return self._call(lambda slots: slots.recheck_seconds)

    def claim(self) -> int | None:
        """Record a request that is about to be sent, and return its number; None while no slot is free."""
        return self._call(lambda slots: slots.claim())

    def answered(self, claim: int, at: float) -> None:
        """Record that the request was answered at `at`; its slot is free again one window later."""
        self._call(lambda slots: slots.answered(claim, at))

    def seconds_until_free(self, ahead: int) -> float:
        """Return the least number of seconds until a slot is free for the request that comes after `ahead` others."""
        return self._call(lambda slots: slots.seconds_until_free(ahead))

    def cool_down(self, seconds: float) -> None:
        """Grant no slot for the next `seconds` seconds."""
        self._call(lambda slots: slots.cool_down(seconds))

    def give_up_place(self) -> None:
        """Give up the place in line that the last refused `claim` took."""
        self._call(lambda slots: slots.give_up_place())

    def _call(self, method: Callable[[Slots], T]) -> T:
        if self._own is None:
            try:
                if self._machine is None:
                    self._machine = MachineSlots(self._folder() / FILE, self._project, self._limit, self._clock)
                return method(self._machine)
            except (OSError, sqlite3.Error) as error:
                self._own = ProcessSlots(self._limit, self._clock)
                remove_if_spoilt(self._folder, FILE, error)
            if self._machine is not None:
                self._machine.close()
                self._own.cool_down(self._limit.window)  # requests in the file may still count
        return method(self._own)


class ProjectLimiters:
    """The rate limiters of one process, one per project and rate."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limiters: dict[tuple[str, str, float], RateLimiter] = {}

    def limiter_for(self, base_url: str, project_id: str, requests_per_second: float) -> RateLimiter:
        """Return the one rate limiter of a project, which is made when it is first needed."""
        key = (base_url, project_id, requests_per_second)
        with self._lock:
            if key not in self._limiters:
                project = hashlib.sha256(f"{base_url} {project_id}".encode()).hexdigest()
                self._limiters[key] = RateLimiter(slots=SharedSlots(project, Limit.per_second(requests_per_second)))
            return self._limiters[key]


_limiters = ProjectLimiters()


def limiter_for(base_url: str, project_id: str, requests_per_second: float = 5) -> RateLimiter:
    """Return the one rate limiter of a project in this process.

    Args:
        base_url: Where the project's API is.
        project_id: Whose requests count together.
        requests_per_second: As in `RateLimiter`. Of processes with different rates, all keep to the lowest while that
            process sends.

    Raises:
        ValueError: `requests_per_second` is no number above 0.
    """
    return _limiters.limiter_for(base_url, project_id, requests_per_second)
