"""A time of the test's own, in which nothing really waits: the one stand-in for the clock and for sleeping."""

import threading
from collections.abc import Callable

from pulumi_spectrum.client.rate_limiter import RateLimiter

START = 1000.0


class FakeTime:
    """A clock that only sleeping, waiting and `now += seconds` move.

    For one thread, sleeping moves the time at once. For several, give their tasks to `run`: the time stands still while
    any of them has something to do, and then moves to where the first one wakes up. One of them runs at a time, in a
    settled order. A thread that is stuck on a lock fails the test.

    Args:
        start: The time at first, in seconds.
        tick: By how many seconds each reading of the clock moves it.

    Attributes:
        now: The time.
        slept: The seconds of each sleep so far, outside `run`.
        meanwhile: What happens during the next waits outside `run`, one in each, before the time moves.
        waits: How often a thread of `run` has waited.
    """

    def __init__(self, start: float = START, tick: float = 0.0) -> None:
        self.now = start
        self.slept: list[float] = []
        self.meanwhile: list[Callable[[], object]] = []
        self.waits = 0
        self._tick = tick
        self._tasks: set[int] = set()
        self._asleep: list[tuple[threading.Event, float, threading.Semaphore]] = []
        self._yielded = threading.Semaphore(0)
        self._errors: list[BaseException] = []

    def clock(self) -> float:
        """Return the time, as `time.monotonic` does."""
        self.now += self._tick
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let some time go by, as `time.sleep` does."""
        if threading.get_ident() not in self._tasks:
            self.slept.append(seconds)
        self.wait(threading.Event(), seconds)

    def wait(self, event: threading.Event, seconds: float) -> None:
        """Let some time go by, or less where the event is set before that."""
        if threading.get_ident() in self._tasks:
            self._wait_in_turn(event, seconds)
        elif not event.is_set():
            if self.meanwhile:
                self.meanwhile.pop(0)()
            self.now += seconds

    def limiter(self, rate: float = 5) -> RateLimiter:
        """Return a limiter that lives in this time."""
        return RateLimiter(rate, clock=self.clock, wait=self.wait)

    def send(
        self, limiter: RateLimiter, seconds: float = 0.0, started: list[float] | None = None
    ) -> Callable[[], None]:
        """Return a task that sends one request, which takes so long."""

        def task() -> None:
            with limiter.slot():
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

    def _wait_in_turn(self, event: threading.Event, seconds: float) -> None:
        self.waits += 1
        assert self.waits < 10_000, "a thread waits busily"
        wake = threading.Semaphore(0)
        self._asleep.append((event, self.now + seconds, wake))
        self._yielded.release()
        wake.acquire()

    def _let_go_on(self) -> None:
        assert self._yielded.acquire(timeout=10), "a thread is stuck on a lock"

    def _perform(self, task: Callable[[], None]) -> None:
        self._tasks.add(threading.get_ident())
        try:
            task()
        except BaseException as error:  # noqa: BLE001  # raised by `run`
            self._errors.append(error)
        finally:
            self._tasks.discard(threading.get_ident())
            self._yielded.release()
