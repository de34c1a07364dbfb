"""A cache of list calls, so that one list call serves many reads.

Programs ask for one object at a time, from several threads; the API returns whole lists, five times a second. So
each area keeps the rows of its last list call, and every read says how old the list may be: ordinary reads share a list
for some seconds, a check before a write needs a list that is requested afterwards.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

R = TypeVar("R")

MAX_AGE_SECONDS = 10.0
"""How old the list of a read may be by default: long enough for a refresh, short beside changes by hand."""
FAILURE_SECONDS = 5.0
"""For how long the error of a failed list call is raised to later reads, too. Else each would wait for all tries."""
SETTLING_SECONDS = 5.0
"""For how long a list may lack a row that this process has just created: the API may list it later."""


class SendTime:
    """The moment at which a request was sent, at first that at which it was about to wait for the rate limit.

    It is given to `Transport.request` as `on_send`.

    Attributes:
        at: The moment, by the clock.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.at = clock()

    def __call__(self) -> None:
        """Record that the request is sent now."""
        self.at = self._clock()


@dataclass
class FetchedList(Generic[R]):
    """The rows of a list call.

    Args:
        rows: The rows, in the API's order.
        complete: Whether these are all there are.
        total: How many there are, where the API says so.
        begun: When its first request was sent, by the cache's clock. Left out, the list call counts as begun when it
            was called, which is earlier, since a request waits for the rate limit.
    """

    rows: list[R]
    complete: bool = True
    total: int | None = None
    begun: float = field(default=-math.inf, compare=False)


@dataclass
class _Write(Generic[R]):
    id: str
    row: R | None
    at: float


@dataclass(frozen=True)
class _Failure:
    begun: float
    ended: float
    error: BaseException


@dataclass
class _Snapshot(Generic[R]):
    begun: float
    rows: dict[str, R]
    complete: bool
    total: int
    by_key: dict[Hashable, dict[str, R]]
    previous_ids: frozenset[str] | None = field(default=None)
    """The ids of the list before this one, if that was recent: an object that both lack is gone."""


class ListCache(Generic[R]):
    """The rows of one area of the API, cached for all threads of the process.

    Writes of this process are entered at once, so no read returns a row as it was before one of them. A missing row is
    looked for in a second, newer list before it counts as gone.

    Every read takes a `max_age`: its list was requested at most so many seconds before the read, and with 0 after it.

    Args:
        fetch: Makes the list call.
        id_of: A row's id.
        key_of: A row's natural key, by which the API tells rows apart, such as a webhook's URL.
        clock: Seconds that only go forward.
        wait: Waits for an event or for some seconds, whichever comes first.
    """

    def __init__(
        self,
        fetch: Callable[[], FetchedList[R]],
        *,
        id_of: Callable[[R], str],
        key_of: Callable[[R], Hashable],
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        self._fetch = fetch
        self._id_of = id_of
        self._key_of = key_of
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()  # for bookkeeping; no thread waits for the API while holding it
        self._snapshot: _Snapshot[R] | None = None
        self._call_in_progress: threading.Event | None = None
        self._failure: _Failure | None = None
        self._writes: dict[str, _Write[R]] = {}

    def rows(self, *, max_age: float = MAX_AGE_SECONDS) -> FetchedList[R]:
        """Return all rows, and when their list was requested."""
        snapshot = self._current(max_age)
        with self._lock:
            return FetchedList(list(snapshot.rows.values()), snapshot.complete, snapshot.total, snapshot.begun)

    def with_key(self, key: Hashable, *, max_age: float = MAX_AGE_SECONDS) -> list[R]:
        """Return the rows with a natural key. An incomplete list may lack some."""
        snapshot = self._current(max_age)
        with self._lock:
            return list(snapshot.by_key.get(key, {}).values())

    def find(self, row_id: str, *, max_age: float = MAX_AGE_SECONDS) -> R | None:
        """Return the row, or None once two lists in a row lack it (one, where the list is not complete)."""
        snapshot = self._current(max_age)
        with self._lock:
            row = snapshot.rows.get(row_id)
            proven = not snapshot.complete or (
                snapshot.previous_ids is not None and row_id not in snapshot.previous_ids
            )
        if row is not None or proven:
            return row
        newer = self._newer_than(snapshot.begun)
        with self._lock:
            return newer.rows.get(row_id)

    def put(self, row: R) -> None:
        """Record a row that this process has just written."""
        self._record(_Write(self._id_of(row), row, self._clock()))

    def drop(self, row_id: str) -> None:
        """Record that this process has just deleted a row."""
        self._record(_Write(row_id, None, self._clock()))

    def _record(self, write: _Write[R]) -> None:
        with self._lock:
            self._writes[write.id] = write
            if self._snapshot is not None:
                self._apply(self._snapshot, write)

    def _apply(self, snapshot: _Snapshot[R], write: _Write[R]) -> None:
        old = snapshot.rows.pop(write.id, None)
        if old is not None:
            snapshot.by_key[self._key_of(old)].pop(write.id, None)
        if write.row is not None:
            snapshot.rows[write.id] = write.row
            snapshot.by_key.setdefault(self._key_of(write.row), {})[write.id] = write.row

    def _current(self, max_age: float) -> _Snapshot[R]:
        asked = self._clock()
        return self._newer_than(asked - max_age, asked)

    def _newer_than(self, moment: float, asked: float | None = None) -> _Snapshot[R]:
        """Return a snapshot that was requested after a moment. Threads that wait for the same list call share it."""
        asked = self._clock() if asked is None else asked
        while True:
            with self._lock:
                if self._snapshot is not None and self._snapshot.begun > moment:
                    return self._snapshot
                if self._failure is not None and self._applies(self._failure, moment, asked):
                    raise self._failure.error
                call = self._call_in_progress
                if call is None:
                    call = self._call_in_progress = threading.Event()
                    begun = self._clock()
                    break
            self._wait(call, threading.TIMEOUT_MAX)
        try:
            return self._fetch_snapshot(begun)
        finally:
            call.set()

    def _applies(self, failure: _Failure, moment: float, asked: float) -> bool:
        """Return whether a read that needs a list requested after a moment fails as a failed list call did."""
        if moment >= asked:
            return failure.begun > moment
        return failure.ended > moment and asked - failure.ended <= FAILURE_SECONDS

    def _fetch_snapshot(self, begun: float) -> _Snapshot[R]:
        try:
            fetched = self._fetch()
        except BaseException as error:
            with self._lock:
                self._call_in_progress, self._failure = None, _Failure(begun, self._clock(), error)
            raise
        with self._lock:
            snapshot = self._merge_writes(max(begun, fetched.begun), fetched)
            self._call_in_progress, self._failure, self._snapshot = None, None, snapshot
            return snapshot

    def _merge_writes(self, begun: float, fetched: FetchedList[R]) -> _Snapshot[R]:
        last = self._snapshot
        recent = last is not None and last.complete and begun - last.begun <= MAX_AGE_SECONDS
        rows = {self._id_of(row): row for row in fetched.rows}
        by_key: dict[Hashable, dict[str, R]] = {}
        for row_id, row in rows.items():
            by_key.setdefault(self._key_of(row), {})[row_id] = row
        total = fetched.total if fetched.total is not None else len(rows)
        snapshot = _Snapshot(
            begun, rows, fetched.complete, total, by_key, frozenset(last.rows) if last is not None and recent else None
        )
        # A write after the list was requested is newer than the list; one shortly before may not be in the list yet.
        self._writes = {row_id: write for row_id, write in self._writes.items() if write.at >= begun - SETTLING_SECONDS}
        for write in self._writes.values():
            if write.at >= begun or (write.row is None) == (write.id in rows):
                self._apply(snapshot, write)
        return snapshot
