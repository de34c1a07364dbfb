"""Requests that depend on what is there: sent soon after a look at it, or after another look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

OnSend = Callable[[], None]

RIGHT_BEFORE_SECONDS = 1.0
"""How long before a request, at most, the list was begun that tells what the request has not made."""
RIGHT_BEFORE_LOOKS = 3


class _TooLateError(Exception):
    """The look is too old by now, and the request was not sent."""


class Decision:
    """A look at what is there, and a request whose meaning depends on it.

    Between the two the request may have to wait: for the rate limit, for a cool-down after a 429, for a connection. So
    the age of the look is checked again when the request is really about to be sent.

    Args:
        within: Seconds between the look and the request.
        clock: Seconds that only go forward.
        looks: How often to look at most. After the last look the request is sent however late it is, since other users
            of the rate limit may keep every request waiting for as long.

    Attributes:
        in_time: Whether the request was sent within that time, at its last try.
    """

    def __init__(self, *, within: float, clock: Callable[[], float], looks: int) -> None:
        self._within = within
        self._clock = clock
        self._looks = looks
        self.in_time = False

    def send(self, look: Callable[[], float], request: Callable[[OnSend], T]) -> T:
        """Look, and send the request.

        Args:
            look: Looks at what is there, and returns the moment at which that was so. If it raises, nothing is sent and
                the exception is passed on.
            request: Sends the request, and calls what it is given right before that (see `Transport.request`).
        """
        for last in [False] * (self._looks - 1) + [True]:
            seen = look()

            def check(seen: float = seen, last: bool = last) -> None:
                self.in_time = self._clock() - seen <= self._within
                if not (self.in_time or last):
                    raise _TooLateError

            try:
                return request(check)
            except _TooLateError:
                continue
        raise AssertionError("the last look does not end in vain")
