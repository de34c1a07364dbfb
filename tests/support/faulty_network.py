"""A network between the client and the emulator that fails on demand, in a time of the test's own.

It stands in the place of the connections that requests makes. Whatever it lets pass really goes to the emulator.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import requests
from fake_time import FakeTime
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

from pulumi_spectrum.emulator import Fault

NOT_THERE: Any = None
"""The connection of an error, which nothing reads."""

SLOW_SECONDS = 8.0
"""Longer than any list may be old, and shorter than the time limit of a request."""


class NetworkFault(Enum):
    """What the network does with a request."""

    UNREACHABLE = auto()
    """No connection is made."""
    HANGS_BEFORE = auto()
    """The request is never answered until the client's time limit, and is not carried out."""
    HANGS_AFTER = auto()
    """The request is never answered until the client's time limit, and was carried out."""
    SLOW = auto()
    """The request is carried out and answered after some seconds."""


@dataclass
class _Pending:
    matcher: Fault
    fault: NetworkFault
    skip: int
    times: int | None


class FaultyNetwork:
    """Fails requests that match.

    Args:
        time: The time that requests take.
    """

    def __init__(self, time: FakeTime) -> None:
        self.time = time
        self._pending: list[_Pending] = []

    def strike(self, method: str, path: str, fault: NetworkFault, *, skip: int = 0, times: int | None = 1) -> None:
        """Have a fault strike requests with a method and a path, which are as in `Fault`, as are `skip` and `times`."""
        self._pending.append(_Pending(Fault(method=method, path=path, delay=1), fault, skip, times))

    def heal(self) -> None:
        """Let every request pass."""
        self._pending.clear()

    @contextmanager
    def in_place(self) -> Iterator[FaultyNetwork]:
        """Stand in the place of the connections that are made in the block."""
        send = HTTPAdapter.send

        def send_or_fail(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> Any:
            fault = self._take(str(request.method), urlsplit(str(request.url)).path)
            if fault is NetworkFault.UNREACHABLE:
                reason: Any = NewConnectionError(NOT_THERE, "refused")
                raise requests.ConnectionError(MaxRetryError(NOT_THERE, "", reason), request=request)
            answer = None if fault is NetworkFault.HANGS_BEFORE else send(adapter, request, **options)
            if fault in (NetworkFault.HANGS_BEFORE, NetworkFault.HANGS_AFTER):
                if answer is not None:
                    answer.close()
                self.time.now += options["timeout"][1]
                raise requests.ReadTimeout(ReadTimeoutError(NOT_THERE, "", "timed out"), request=request)
            if fault is NetworkFault.SLOW:
                self.time.now += SLOW_SECONDS
            return answer

        with mock.patch.object(HTTPAdapter, "send", send_or_fail):
            yield self

    def _take(self, method: str, path: str) -> NetworkFault | None:
        for pending in self._pending:
            if not pending.matcher.matches(method, path):
                continue
            if pending.skip:
                pending.skip -= 1
            elif pending.times != 0:
                pending.times = None if pending.times is None else pending.times - 1
                return pending.fault
        return None
