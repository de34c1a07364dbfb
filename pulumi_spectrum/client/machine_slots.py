"""The slots of a rate limit that all processes of a user on this machine share, such as two programs in one CI job.

The processes record their requests in one small SQLite file in a private temporary folder. The records are of no use a
minute later.
"""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from pulumi_spectrum.client.client_settings import MAX_TIMEOUT_SECONDS
from pulumi_spectrum.client.slots import Limit
from pulumi_spectrum.shared_files import open_shared_file

FILE = "rate_limit.sqlite3"
MAX_REQUEST_SECONDS = MAX_TIMEOUT_SECONDS + 60
"""Longer than a request lasts. After it, a killed process's request is dropped although another one has its number."""
PLACE_SECONDS = 3.0
"""How long a process keeps its place in line without asking again."""

# A moment is a reading of the monotonic clock, which all processes of a machine share. It begins anew when the machine
# does: an entry from the future is one from before.
SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    process INTEGER
)
"""


class MachineSlots:
    """The slots that the processes of one user on this machine share.

    The file has three kinds of entry. A `request` has a process until it is answered, and none afterwards; a `place` is
    held in line by a process whose first waiting request asks again and again; a `cool-down` holds for all processes.

    Args:
        path: The SQLite file, made if there is none.
        project: Which project's requests count.
        limit: What this process keeps to; another one may keep to less.
        clock: Seconds that never go back, the same in all processes.

    Raises:
        sqlite3.Error: The file cannot be used; every method raises it, too.
    """

    recheck_seconds = 0.25
    """Another process's cool-down, or its end, is noticed after so many seconds."""

    def __init__(self, path: Path, project: str, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self._project = project
        self._limit = limit
        self._clock = clock
        self._place: int | None = None
        # One thread at a time uses the slots, not always the same one.
        self._file = open_shared_file(path, SCHEMA)
        self.close = weakref.finalize(self, self._file.close)

    def claim(self) -> int | None:
        """Record a request that is about to be sent, and return its number; None while no slot is free."""
        with self._file:
            self._file.execute("BEGIN IMMEDIATE")
            now = self._clock()  # after the lock: no entry may be from this reading's future
            self._file.execute("DELETE FROM entry WHERE until <= ? OR since > ?", (now, now))
            self._end_requests_of_ended_processes(now)
            if self._earliest(now, 0) > now:
                self._place = self._enter(self._place, "place", now, now + PLACE_SECONDS, os.getpid())
                return None
            self.give_up_place()
            return self._enter(None, "request", now, now + MAX_REQUEST_SECONDS, os.getpid())

    def answered(self, claim: int, at: float) -> None:
        """Record that the request was answered at `at`; its slot is free again one window later."""
        self._enter(claim, "request", at, at + self._limit.window, None)

    def seconds_until_free(self, ahead: int) -> float:
        """Return the least number of seconds until a slot is free for the request that comes after `ahead` others."""
        now = self._clock()
        return self._earliest(now, ahead) - now

    def cool_down(self, seconds: float) -> None:
        """Grant no slot for the next `seconds` seconds."""
        now = self._clock()
        self._enter(None, "cool-down", now, now + seconds, None)

    def give_up_place(self) -> None:
        """Give up the place in line that the last refused `claim` took."""
        if self._place is not None:
            self._file.execute("DELETE FROM entry WHERE id = ?", (self._place,))
            self._place = None

    def _enter(self, entry: int | None, kind: str, since: float, until: float, process: int | None) -> int | None:
        values = (entry, self._project, kind, since, until, process)
        return self._file.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", values).lastrowid

    def _earliest(self, now: float, ahead: int) -> float:
        busy, not_before = [], now
        query = "SELECT id, kind, until, process FROM entry WHERE project = ? AND since <= ? AND until > ?"
        for entry, kind, until, process in self._file.execute(query, (self._project, now, now)):
            if kind == "request":
                busy.append(until if process is None else now + self._limit.window)
            elif kind == "cool-down":
                not_before = max(not_before, until)
            elif self._place is None or entry < self._place:
                ahead += 1
        return self._limit.earliest(now, busy, not_before=not_before, ahead=ahead)

    def _end_requests_of_ended_processes(self, now: float) -> None:
        """Treat the requests of killed processes as answered now, since the service may have counted them just now."""
        others = self._file.execute("SELECT DISTINCT process FROM entry WHERE process != ?", (os.getpid(),)).fetchall()
        for (process,) in others:
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                ended = (now, now + self._limit.window, process)
                self._file.execute("UPDATE entry SET since = ?, until = ?, process = NULL WHERE process = ?", ended)
            except PermissionError:
                continue  # it runs, as another user
