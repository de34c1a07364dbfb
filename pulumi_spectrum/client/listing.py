"""One list call that answers many reads.

The engine asks for one object at a time, from several threads; the API hands out whole lists, five times a second. So
each area keeps the rows of its last list call, and every question says how old the list that answers it may be: a read
for a refresh shares a list for some seconds, a decision before a write needs one begun after the question.
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
"""How old a list may be and still answer a read: long enough for a refresh, short beside what people change by hand."""
FAILURE_SECONDS = 5.0
"""How long a list call that failed after all its tries also answers later questions: else each waits anew."""
SETTLING_SECONDS = 5.0
"""How long a list may go without a row that this process has just created. Nobody promises that it is there at once."""


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
        """Note that the request is sent now."""
        self.at = self._clock()


@dataclass
class Fetched(Generic[R]):
    """What a list call brought.

    Args:
        rows: The rows, in the API's order.
        complete: Whether these are all there are.
        total: How many there are, where the API says so.
        begun: When its first request was sent, by the listing's clock. Left out, the list call counts as begun when
            it was asked for, which is earlier, since a request waits for the rate limit.
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
    seen_before: frozenset[str] | None = field(default=None)
    """The ids of the list before this one, if that was still young: what both lack is gone."""


class Listing(Generic[R]):
    """The rows of one area, shared by all threads of the process.

    Own writes go into it at once, so no answer is ever older than one of them. A row that is missing is looked for in a
    second, newer list before it is called gone.

    Every question takes a `max_age`: the list that answers was begun at most so many seconds before the question was
    asked, and with 0 after it.

    Args:
        fetch: Makes the list call.
        id_of: A row's id.
        key_of: What the API itself knows a row by, such as a webhook's URL.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        fetch: Callable[[], Fetched[R]],
        *,
        id_of: Callable[[R], str],
        key_of: Callable[[R], Hashable],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._id_of = id_of
        self._key_of = key_of
        self._clock = clock
        self._changed = threading.Condition()
        self._snapshot: _Snapshot[R] | None = None
        self._is_fetching = False
        self._failure: _Failure | None = None
        self._writes: dict[str, _Write[R]] = {}

    def rows(self, *, max_age: float = MAX_AGE_SECONDS) -> Fetched[R]:
        """Return all rows, and when the list that they come from was begun."""
        snapshot = self._current(max_age)
        with self._changed:
            return Fetched(list(snapshot.rows.values()), snapshot.complete, snapshot.total, snapshot.begun)

    def with_key(self, key: Hashable, *, max_age: float = MAX_AGE_SECONDS) -> list[R]:
        """Return the rows with a natural key. An incomplete list may lack some."""
        snapshot = self._current(max_age)
        with self._changed:
            return list(snapshot.by_key.get(key, {}).values())

    def find(self, row_id: str, *, max_age: float = MAX_AGE_SECONDS) -> R | None:
        """Return the row, or None once two lists in a row lack it (one, where the list is not complete)."""
        snapshot = self._current(max_age)
        with self._changed:
            row = snapshot.rows.get(row_id)
            proven = not snapshot.complete or (snapshot.seen_before is not None and row_id not in snapshot.seen_before)
        if row is not None or proven:
            return row
        newer = self._newer_than(snapshot.begun)
        with self._changed:
            return newer.rows.get(row_id)

    def put(self, row: R) -> None:
        """Record a row that this process has just written."""
        self._record(_Write(self._id_of(row), row, self._clock()))

    def drop(self, row_id: str) -> None:
        """Record that this process has just deleted a row."""
        self._record(_Write(row_id, None, self._clock()))

    def _record(self, write: _Write[R]) -> None:
        with self._changed:
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
        """Return a snapshot begun after a moment, shared with all who wait for the same list call."""
        asked = self._clock() if asked is None else asked
        with self._changed:
            while True:
                if self._snapshot is not None and self._snapshot.begun > moment:
                    return self._snapshot
                if self._failure is not None and self._answers(self._failure, moment, asked):
                    raise self._failure.error
                if not self._is_fetching:
                    break
                self._changed.wait()
            self._is_fetching = True
            begun = self._clock()
        return self._fetch_snapshot(begun)

    def _answers(self, failure: _Failure, moment: float, asked: float) -> bool:
        """Return whether a question for a list begun after a moment is answered by a list call that failed."""
        if moment >= asked:
            return failure.begun > moment
        return failure.ended > moment and asked - failure.ended <= FAILURE_SECONDS

    def _fetch_snapshot(self, begun: float) -> _Snapshot[R]:
        try:
            fetched = self._fetch()
        except BaseException as error:
            with self._changed:
                self._is_fetching, self._failure = False, _Failure(begun, self._clock(), error)
                self._changed.notify_all()
            raise
        with self._changed:
            snapshot = self._take_in(max(begun, fetched.begun), fetched)
            self._is_fetching, self._failure, self._snapshot = False, None, snapshot
            self._changed.notify_all()
            return snapshot

    def _take_in(self, begun: float, fetched: Fetched[R]) -> _Snapshot[R]:
        last = self._snapshot
        young = last is not None and last.complete and begun - last.begun <= MAX_AGE_SECONDS
        rows = {self._id_of(row): row for row in fetched.rows}
        by_key: dict[Hashable, dict[str, R]] = {}
        for row_id, row in rows.items():
            by_key.setdefault(self._key_of(row), {})[row_id] = row
        total = fetched.total if fetched.total is not None else len(rows)
        snapshot = _Snapshot(
            begun, rows, fetched.complete, total, by_key, frozenset(last.rows) if last is not None and young else None
        )
        # What was written after the list began is newer than it; what was written just before may not be in it yet.
        self._writes = {row_id: write for row_id, write in self._writes.items() if write.at >= begun - SETTLING_SECONDS}
        for write in self._writes.values():
            if write.at >= begun or (write.row is None) == (write.id in rows):
                self._apply(snapshot, write)
        return snapshot
