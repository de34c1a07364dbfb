"""Requests that are not sent any more, because the program that waits for their responses has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_abandoned: ContextVar[Callable[[], bool] | None] = ContextVar("is_abandoned", default=None)


@contextmanager
def abandoned_when(is_abandoned: Callable[[], bool]) -> Iterator[None]:
    """Send no request of this block and thread, and repeat none, once `is_abandoned` returns True."""
    token = _is_abandoned.set(is_abandoned)
    try:
        yield
    finally:
        _is_abandoned.reset(token)


def nobody_waits() -> bool:
    """Return whether the response to a request of this thread is of use to nobody any more."""
    is_abandoned = _is_abandoned.get()
    return is_abandoned is not None and is_abandoned()
