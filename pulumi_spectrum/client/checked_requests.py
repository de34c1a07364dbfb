"""Requests that are sent only soon after a check of what the service holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

OnSend = Callable[[], None]
"""Is called right before a request is sent; see `Transport.request`."""

MAX_CHECK_AGE_SECONDS = 1.0
"""How old a list may be, when a request is sent, that shows which objects the request has not made."""
MAX_CHECKS = 3


@dataclass(frozen=True)
class CreationWatch:
    """What is called while an object is created.

    Args:
        on_check: Is called after each check of what the service holds, before a slot for the creation is asked for.
        on_send: Is called right before the creation is sent, with the ids of the objects that are there. It is not
            called where the check is too old by then: what is created then cannot be told from what another client
            has created since the check.
    """

    on_check: Callable[[], None]
    on_send: Callable[[Collection[str]], None]


_watch: ContextVar[CreationWatch | None] = ContextVar("watch", default=None)


@contextmanager
def watch_creations(watch: CreationWatch) -> Iterator[None]:
    """Report the creations of this block and thread."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


class _CheckTooOld(Exception):
    """The last check is too old by now, and the request was not sent."""


class CheckedRequest:
    """A check, and a creation whose meaning depends on what the check found.

    Between the two the request may have to wait: for the rate limit, for a cool-down after a 429, for a connection. So
    the age of the check is looked at again when the request is really about to be sent, and an old check is repeated.

    Args:
        max_age: The most seconds between the check and the request.
        clock: Seconds that only go forward.
        max_checks: How often to check at most. After the last check the request is sent however late it is, since
            other users of the rate limit may keep every request waiting for as long.

    Attributes:
        in_time: Whether the request was sent within `max_age` of its check, at its last try.
    """

    def __init__(self, *, max_age: float, clock: Callable[[], float], max_checks: int) -> None:
        self._max_age = max_age
        self._clock = clock
        self._max_checks = max_checks
        self.in_time = False

    def send(
        self, check: Callable[[], float], request: Callable[[OnSend], T], before: Collection[str] = frozenset()
    ) -> T:
        """Check, send the request and return what it returns.

        Args:
            check: Checks what the service holds, and returns the moment at which that was so. If it raises, nothing is
                sent and the exception is passed on.
            request: Sends the request, and calls its argument right before that (see `Transport.request`).
            before: The ids of the objects that the check has found, which it may add to; only needed where the API
                knows an object by its id alone.
        """
        for last in [False] * (self._max_checks - 1) + [True]:
            checked_at = check()
            watch = _watch.get()
            if watch is not None:
                watch.on_check()

            def on_send(checked_at: float = checked_at, last: bool = last, watch: CreationWatch | None = watch) -> None:
                self.in_time = self._clock() - checked_at <= self._max_age
                if not (self.in_time or last):
                    raise _CheckTooOld
                if watch is not None and self.in_time:
                    watch.on_send(before)

            try:
                return request(on_send)
            except _CheckTooOld:
                continue
        raise AssertionError("after the last check the request is sent")
