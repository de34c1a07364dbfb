"""A time for many threads in which nothing really waits."""

import threading
from collections.abc import Callable

import pytest

from pulumi_spectrum.client.pace import Pace


class VirtualTime:
    """A clock that stands still while any thread has something to do, and moves to where the first one wakes up.

    One thread runs at a time, in a settled order. A thread that is stuck on a lock fails the test.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits = 0
        self._asleep: list[tuple[threading.Event, float, threading.Semaphore]] = []
        self._yielded = threading.Semaphore(0)
        self._errors: list[BaseException] = []

    def clock(self) -> float:
        return self.now

    def wait(self, event: threading.Event, seconds: float) -> None:
        self.waits += 1
        assert self.waits < 10_000, "a thread waits busily"
        wake = threading.Semaphore(0)
        self._asleep.append((event, self.now + seconds, wake))
        self._yielded.release()
        wake.acquire()

    def sleep(self, seconds: float) -> None:
        self.wait(threading.Event(), seconds)

    def pace(self, rate: float = 5) -> Pace:
        """Return a pace that lives in this time."""
        return Pace(rate, clock=self.clock, wait=self.wait)

    def send(self, pace: Pace, seconds: float = 0.0, started: list[float] | None = None) -> Callable[[], None]:
        """Return a task that sends one request, which takes so long."""

        def task() -> None:
            with pace.slot():
                if started is not None:
                    started.append(self.now)
                self.sleep(seconds)

        return task

    def run(self, *tasks: Callable[[], None]) -> float:
        """Run the tasks in threads and return the seconds that it takes them together."""
        began = self.now
        for task in tasks:
            threading.Thread(target=self._perform, args=(task,), daemon=True).start()
            self._let_go_on()
        while self._asleep:
            called = [sleeper for sleeper in self._asleep if sleeper[0].is_set()]
            sleeper = called[0] if called else min(self._asleep, key=lambda sleeper: sleeper[1])
            if not called:
                assert sleeper[1] < self.now + threading.TIMEOUT_MAX / 2, "all wait for each other"
                self.now = max(self.now, sleeper[1])
            self._asleep.remove(sleeper)
            sleeper[2].release()
            self._let_go_on()
        if self._errors:
            raise self._errors[0]
        return self.now - began

    def _let_go_on(self) -> None:
        assert self._yielded.acquire(timeout=10), "a thread is stuck on a lock"

    def _perform(self, task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001
            self._errors.append(error)
        finally:
            self._yielded.release()


@pytest.fixture(scope="session")
def new_time() -> type[VirtualTime]:
    """Makes a time. A test that runs for many examples needs a new one for each."""
    return VirtualTime


@pytest.fixture
def time(new_time: type[VirtualTime]) -> VirtualTime:
    return new_time()
