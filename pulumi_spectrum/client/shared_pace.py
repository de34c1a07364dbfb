"""One pace for all processes of a user on this machine: two providers of one project, two stacks in one CI job.

They enter their requests in one small SQLite file in a private temporary folder. What stands there is of no worth a
minute later. Whatever is wrong with the file, a process then paces by itself, and a 429 that follows is waited out.
"""

import hashlib
import os
import sqlite3
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pulumi_spectrum.client.pace import Ledger, Limit, Pace, ProcessLedger

FILE = "pace.sqlite3"
LEASE = 120.0  # seconds; longer than a request lasts, for a killed process whose number has been given to another one
PATIENCE = 3.0  # seconds without a sign of life, after which a process loses its place in the line
LONGEST_BUSY = 1.0  # seconds to wait for another process that is writing, which takes it a tenth of a millisecond

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

T = TypeVar("T")


def private_folder() -> Path:
    """A folder that nobody else can write to or has put there.

    Raises:
        OSError: There is none, and none can be made.
    """
    if not hasattr(os, "getuid"):
        raise OSError("This system has no private folders for users.")
    folder = Path(tempfile.gettempdir()) / f"pulumi-spectrum-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone.")
    return folder


def open_shared_file(path: Path, schema: str) -> sqlite3.Connection:
    """Return a connection to a small SQLite file that the processes of a machine share, made if there is none.

    Raises:
        sqlite3.Error: The file cannot be used. It is closed again.
    """
    file = sqlite3.connect(path, timeout=LONGEST_BUSY, isolation_level=None, check_same_thread=False)
    try:
        file.execute("PRAGMA synchronous = off")  # nothing here needs to outlive the machine
        file.execute("PRAGMA journal_mode = persist")
        file.execute(schema)
    except sqlite3.Error:
        file.close()
        raise
    return file


class MachineLedger:
    """The ledger that the processes of one user on this machine share.

    It has three kinds of entry. A `request` has a process while it is on the way, and none once it is answered; a
    `place` is held in the line by a process whose first waiter asks again and again; a `cool-down` holds for everybody.

    Args:
        path: The SQLite file, made if there is none.
        project: Which project's requests count.
        limit: What this process keeps to; another one may keep to less.
        clock: Seconds that never go back, the same in all processes.

    Raises:
        sqlite3.Error: The file cannot be used; every method raises it, too.
    """

    longest_nap = 0.25  # seconds; another process's cool-down, or its death, is noticed so soon

    def __init__(self, path: Path, project: str, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self._project = project
        self._limit = limit
        self._clock = clock
        self._place: int | None = None
        # One thread at a time uses the ledger, not always the same one.
        self._file = open_shared_file(path, SCHEMA)
        self.close = weakref.finalize(self, self._file.close)

    def claim(self) -> int | None:
        """Enter a request that is about to be sent; None while there is no room."""
        with self._file:
            self._file.execute("BEGIN IMMEDIATE")
            now = self._clock()  # after the lock: no entry may be from this reading's future
            self._file.execute("DELETE FROM entry WHERE until <= ? OR since > ?", (now, now))
            self._bury_the_dead(now)
            if self._earliest(now, 0) > now:
                self._place = self._enter(self._place, "place", now, now + PATIENCE, os.getpid())
                return None
            self.withdraw()
            return self._enter(None, "request", now, now + LEASE, os.getpid())

    def answered(self, claim: int, at: float) -> None:
        """The request counts for one window more."""
        self._enter(claim, "request", at, at + self._limit.window, None)

    def room_in(self, ahead: int) -> float:
        """Seconds until there can be room for the one who comes after `ahead` others, at least."""
        now = self._clock()
        return self._earliest(now, ahead) - now

    def cool_down(self, seconds: float) -> None:
        """No room for anybody until then."""
        now = self._clock()
        self._enter(None, "cool-down", now, now + seconds, None)

    def withdraw(self) -> None:
        """Who asked last asks no more."""
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

    def _bury_the_dead(self, now: float) -> None:
        """Requests of killed processes may have been counted just now, so they count for one window more."""
        others = self._file.execute("SELECT DISTINCT process FROM entry WHERE process != ?", (os.getpid(),)).fetchall()
        for (process,) in others:
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                ended = (now, now + self._limit.window, process)
                self._file.execute("UPDATE entry SET since = ?, until = ?, process = NULL WHERE process = ?", ended)
            except PermissionError:
                continue  # alive, under another name


class SharedLedger:
    """The machine's ledger for as long as it can be used, this process's own from then on.

    Args:
        project: Which project's requests count.
        limit: What this process keeps to.
        folder: Where the machine's ledger is.
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
        self._machine: MachineLedger | None = None
        self._own: ProcessLedger | None = None

    @property
    def longest_nap(self) -> float:
        """Seconds after which it is worth a new look, since others may have changed something."""
        return self._ask(lambda ledger: ledger.longest_nap)

    def claim(self) -> int | None:
        """Enter a request that is about to be sent; None while there is no room."""
        return self._ask(lambda ledger: ledger.claim())

    def answered(self, claim: int, at: float) -> None:
        """The request counts for one window more."""
        self._ask(lambda ledger: ledger.answered(claim, at))

    def room_in(self, ahead: int) -> float:
        """Seconds until there can be room for the one who comes after `ahead` others, at least."""
        return self._ask(lambda ledger: ledger.room_in(ahead))

    def cool_down(self, seconds: float) -> None:
        """No room for anybody until then."""
        self._ask(lambda ledger: ledger.cool_down(seconds))

    def withdraw(self) -> None:
        """Who asked last asks no more."""
        self._ask(lambda ledger: ledger.withdraw())

    def _ask(self, question: Callable[[Ledger], T]) -> T:
        if self._own is None:
            try:
                if self._machine is None:
                    self._machine = MachineLedger(self._folder() / FILE, self._project, self._limit, self._clock)
                return question(self._machine)
            except (OSError, sqlite3.Error) as error:
                self._own = ProcessLedger(self._limit, self._clock)
                self._abandon_file(error)
            if self._machine is not None:
                self._machine.close()
                self._own.cool_down(self._limit.window)  # it knew of requests that still count
        return question(self._own)

    def _abandon_file(self, error: Exception) -> None:
        """A spoilt file, by a power cut for one, is removed, and the next process begins a new one."""
        if type(error) is sqlite3.DatabaseError:  # its subclasses speak of passing troubles
            with suppress(OSError):
                (self._folder() / f"{FILE}-journal").unlink(missing_ok=True)
                (self._folder() / FILE).unlink()


_paces: dict[tuple[str, str, float], Pace] = {}
_pacing = threading.Lock()


def pace_for(base_url: str, project_id: str, requests_per_second: float = 5) -> Pace:
    """The one pace of a project in this process, shared with the other processes on this machine where that works.

    Args:
        base_url: Where the project's API is.
        project_id: Whose requests count together.
        requests_per_second: As in `Pace`. Processes with different ones keep to the lowest while that one sends.

    Raises:
        ValueError: `requests_per_second` is no number above 0.
    """
    key = (base_url, project_id, requests_per_second)
    with _pacing:
        if key not in _paces:
            project = hashlib.sha256(f"{base_url} {project_id}".encode()).hexdigest()
            ledger = SharedLedger(project, Limit.per_second(requests_per_second))
            _paces[key] = Pace(ledger=ledger)
        return _paces[key]
