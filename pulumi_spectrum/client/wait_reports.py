"""Reports of requests that have to wait, so that a user sees why nothing seems to happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MIN_REPORTED_SECONDS = 2.0
"""A shorter wait is not reported."""

Listener = Callable[[str, float], None]
"""Is called with what the request waits for, and about how many seconds that will take."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def report_waits_to(listener: Listener) -> Iterator[None]:
    """Call `listener` at the first long wait in this block and thread, and not at later ones."""
    reported = False

    def report_first(reason: str, seconds: float) -> None:
        nonlocal reported
        if not reported:
            reported = True
            listener(reason, seconds)

    token = _listener.set(report_first)
    try:
        yield
    finally:
        _listener.reset(token)


def report_wait(reason: str, seconds: float) -> None:
    """Report that this thread is about to wait, where there is a listener and the wait is long enough."""
    listener = _listener.get()
    if listener is not None and seconds >= MIN_REPORTED_SECONDS:
        listener(reason, seconds)
