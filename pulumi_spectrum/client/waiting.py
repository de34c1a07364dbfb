"""Who is told when a request has to wait, so that a person sees why nothing seems to happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

WORTH_TELLING_SECONDS = 2.0
"""A wait shorter than this is not worth a line on anybody's screen."""

Listener = Callable[[str, float], None]
"""Takes what is waited for, and about how many seconds that will take."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def waiting_told_to(listener: Listener) -> Iterator[None]:
    """Tell `listener` of the first long wait in this block and thread. It hears of one wait, not of each try."""
    told = False

    def once(reason: str, seconds: float) -> None:
        nonlocal told
        if not told:
            told = True
            listener(reason, seconds)

    token = _listener.set(once)
    try:
        yield
    finally:
        _listener.reset(token)


def tell_waiting(reason: str, seconds: float) -> None:
    """Say that this thread is about to wait, where anybody listens and the wait is worth telling."""
    listener = _listener.get()
    if listener is not None and seconds >= WORTH_TELLING_SECONDS:
        listener(reason, seconds)
