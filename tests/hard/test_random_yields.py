"""The rate limiter and the list cache under many threads that yield at random, at every seam where they can.

`CONCURRENT_OPERATIONS` says how many operations are made in each test.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from yielding_time import YieldingTime, busy_switching, run_threads

from pulumi_spectrum.client.list_cache import FetchedList, ListCache
from pulumi_spectrum.client.machine_slots import MachineSlots
from pulumi_spectrum.client.rate_limiter import NoSlotInTime, RateLimiter
from pulumi_spectrum.client.slots import Limit, ProcessSlots, Slots

OPERATIONS = int(os.environ.get("CONCURRENT_OPERATIONS", "1000"))
THREADS = 16
PROCESSES = 4
LIMIT = Limit.per_second(5)

MakeSlots = Callable[[YieldingTime], Slots]


def slots_of_a_process(_folder: Path, time: YieldingTime) -> Slots:
    return ProcessSlots(LIMIT, time.clock)


def slots_of_the_machine(folder: Path, time: YieldingTime) -> Slots:
    return MachineSlots(folder / "slots.sqlite3", "project", LIMIT, time.clock)


class Service:
    """Counts requests at some moment between their sending and their answer, as the API does."""

    def __init__(self, time: YieldingTime) -> None:
        self._time = time
        self._lock = threading.Lock()
        self.counted: list[float] = []
        self.refused = 0

    def take(self) -> None:
        """Count a request."""
        self._time.maybe_yield()
        now = self._time.clock()
        with self._lock:
            self.counted.append(now)
        self._time.maybe_yield()

    def most_in_a_window(self) -> int:
        """Return how many requests at most were counted within one window."""
        times = sorted(self.counted)
        windows = [times[at : at + 2 * LIMIT.requests] for at in range(len(times))]
        return max(sum(each < window[0] + LIMIT.window for each in window) for window in windows)


@pytest.mark.parametrize(
    ("make_slots", "limiters"), [(slots_of_a_process, 1), (slots_of_the_machine, PROCESSES)], ids=["own", "shared"]
)
def test_no_window_holds_more_than_the_limit(
    make_slots: Callable[[Path, YieldingTime], Slots], limiters: int, tmp_path: Path
) -> None:
    """No window sees more requests than the limit allows, and each waiter gets its slot, or its deadline passes."""
    time = YieldingTime(seed=limiters)
    service, late = Service(time), []
    processes = [
        RateLimiter(slots=make_slots(tmp_path, time), clock=time.clock, wait=time.wait) for _ in range(limiters)
    ]

    def send_some(number: int) -> None:
        dice = random.Random(number)  # noqa: S311
        limiter = processes[number % limiters]
        for _ in range(OPERATIONS // THREADS):
            chance = dice.random()
            deadline = time.clock() + dice.uniform(0.1, 5) if chance < 0.1 else None
            try:
                with limiter.slot(deadline=deadline) as slot:
                    service.take()
                    if chance > 0.98:
                        limiter.cool_down(dice.uniform(0.5, 2))
                    if chance > 0.5:
                        slot.answered()
            except NoSlotInTime:
                assert deadline is not None
                late.append(number)

    with busy_switching():
        run_threads(*[partial(send_some, number) for number in range(THREADS)])

    assert len(service.counted) + len(late) == OPERATIONS // THREADS * THREADS
    assert service.most_in_a_window() <= LIMIT.requests


@dataclass(frozen=True)
class Row:
    id: str
    version: int


class ListedService:
    """A service whose rows are listed as they are at some moment between the request and its answer.

    Attributes:
        fetching: How many lists are under way.
        most: How many were at most.
    """

    def __init__(self, time: YieldingTime) -> None:
        self._time = time
        self._lock = threading.Lock()
        self._dice = random.Random(1)  # noqa: S311
        self.rows: dict[str, Row] = {}
        self.fetching = self.most = self.lists = 0

    def write(self, row_id: str, version: int | None) -> None:
        """Set a row, or delete it."""
        with self._lock:
            self.rows.pop(row_id, None)
            if version is not None:
                self.rows[row_id] = Row(row_id, version)

    def version(self, row_id: str) -> int:
        """Return the version of a row."""
        with self._lock:
            return self.rows[row_id].version

    def fetch(self) -> FetchedList[Row]:
        """List the rows, or fail now and then."""
        with self._lock:
            self.fetching += 1
            self.lists += 1
            self.most = max(self.most, self.fetching)
        self._time.maybe_yield()
        with self._lock:
            rows, fails = list(self.rows.values()), self._dice.random() < 0.05
        self._time.maybe_yield()
        with self._lock:
            self.fetching -= 1
        if fails:
            raise OSError("down")
        return FetchedList(rows)


class Client:
    """A thread that writes a row of its own, reads it, and reads a row of others.

    Args:
        number: Its number. The first one writes the row of others.
        service: The service.
        cache: The cache, which all share.

    Attributes:
        failures: How many reads have failed with the list call.
    """

    def __init__(self, number: int, service: ListedService, cache: ListCache[Row]) -> None:
        self._number = number
        self._service = service
        self._cache = cache
        self._id = f"own-{number}"
        self._version: int | None = None
        self._dice = random.Random(number)  # noqa: S311
        self.failures = 0

    def work(self) -> None:
        """Do its part of the operations, in random order."""
        acts = (self._write, self._delete, self._read_own, self._read_own, self._read_own, self._read_of_others)
        for step in range(1, OPERATIONS // THREADS + 1):
            try:
                self._dice.choice(acts)(step)
            except OSError:
                self.failures += 1

    def _write(self, step: int) -> None:
        self._version = step
        self._service.write(self._id, step)
        self._cache.put(Row(self._id, step))

    def _delete(self, _step: int) -> None:
        self._version = None
        self._service.write(self._id, None)
        self._cache.drop(self._id)

    def _read_own(self, step: int) -> None:
        age = self._dice.choice((0, 1, 10))
        if step % 2:
            found = self._cache.find(self._id, max_age=age)
        else:
            found = next(iter(self._cache.with_key(self._id, max_age=age)), None)
        assert (None if found is None else found.version) == self._version

    def _read_of_others(self, step: int) -> None:
        at_least = self._service.version("shared")
        if self._number == 0:
            self._service.write("shared", step)
        (found,) = [row for row in self._cache.rows(max_age=0).rows if row.id == "shared"]
        assert found.version >= at_least


def test_no_read_is_older_than_it_may_be() -> None:
    """Each read has the thread's own writes and all that its age allows; one list call is under way at a time."""
    time = YieldingTime(seed=1)
    service = ListedService(time)
    service.write("shared", 0)
    cache: ListCache[Row] = ListCache(
        service.fetch, id_of=lambda row: row.id, key_of=lambda row: row.id, clock=time.clock, wait=time.wait
    )
    clients = [Client(number, service, cache) for number in range(THREADS)]

    with busy_switching():
        run_threads(*[client.work for client in clients])

    assert service.most == 1
    assert 0 < sum(client.failures for client in clients) < OPERATIONS / 2
