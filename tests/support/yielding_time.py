"""A time for many real threads, which yields to another thread at random whenever it is read or waited for."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

HANG_GUARD_SECONDS = 60.0


class YieldingTime:
    """A clock that each reading moves a little, and each wait by a part of what it waits for.

    Args:
        seed: Of the random numbers.

    Attributes:
        now: The time.
    """

    def __init__(self, seed: int) -> None:
        self.now = 1000.0
        self._dice = random.Random(seed)  # noqa: S311
        self._lock = threading.Lock()

    def clock(self) -> float:
        """Return the time, as `time.monotonic` does."""
        with self._lock:
            self.now += 0.0005
            now = self.now
        self.maybe_yield()
        return now

    def wait(self, event: threading.Event, seconds: float) -> None:
        """Wait for an event or some seconds, whichever comes first. Without a limit the event has to come."""
        if seconds >= threading.TIMEOUT_MAX:
            assert event.wait(HANG_GUARD_SECONDS), "a thread waits for ever"
        elif not event.wait(0.0002):
            with self._lock:
                self.now += seconds * self._dice.random()

    def maybe_yield(self) -> None:
        """Let another thread run, or not."""
        if self._dice.random() < 0.3:
            time.sleep(0)


@contextmanager
def busy_switching() -> Iterator[None]:
    """Have the interpreter switch between threads as often as it can in the block."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def run_threads(*tasks: Callable[[], Any]) -> None:
    """Run functions at the same moment, one thread each. Raise what the first of them has raised.

    Raises:
        AssertionError: A thread does not end.
    """
    together = threading.Barrier(len(tasks))
    errors: list[BaseException] = []

    def perform(task: Callable[[], Any]) -> None:
        together.wait(timeout=HANG_GUARD_SECONDS)
        try:
            task()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=perform, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG_GUARD_SECONDS * 5)
        assert not thread.is_alive(), "a thread is stuck"
    if errors:
        raise errors[0]
