"""Bounds of one exchange with a server: how long it may take as a whole, and how much may come back.

`requests` bounds each wait for bytes alone: a server that sends one byte a second would keep a request for ever. So all
that comes back, the head too and what a proxy says, is read here against one deadline and counted.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError

MAX_BODY_BYTES = 16 * 2**20
"""The largest body that is read, unpacked. The largest honest one is a page of 500 users of about half a KiB each."""
MAX_RECEIVED_BYTES = 2 * MAX_BODY_BYTES
"""The most that is read from a connection for one response: its head and the marks between small chunks count too."""


class UnreadableResponse(Exception):
    """A response is not read to its end. The message says why.

    Attributes:
        status: Its HTTP status, or None where not even its head was read.
    """

    status: int | None = None


class TooLarge(UnreadableResponse):
    """A response is larger than any that the API sends."""

    def __init__(self) -> None:
        super().__init__(
            f"the answer is larger than {MAX_BODY_BYTES // 2**20} MiB and was not read to its end; a proxy or another "
            "server may stand in between. Check the proxy settings"
        )


class _Exchange:
    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self._bytes_left = MAX_RECEIVED_BYTES

    def seconds_left(self) -> float:
        return self._deadline - time.monotonic()

    def count(self, received: int) -> None:
        self._bytes_left -= received
        if self._bytes_left < 0:
            raise TooLarge


_running: ContextVar[_Exchange] = ContextVar("running")


@contextmanager
def bounded_exchange(seconds: float) -> Iterator[None]:
    """Bound the exchange that a `BoundedAdapter` makes in this block and thread, the reading of its body included.

    Past its time, sending fails like a connection that is not made in time, and reading like one that times out.

    Args:
        seconds: How long it may take from now on.

    Raises:
        TooLarge: More came than MAX_RECEIVED_BYTES.
    """
    token = _running.set(_Exchange(seconds))
    try:
        yield
    finally:
        _running.reset(token)


class BoundedAdapter(HTTPAdapter):
    """Makes exchanges, each in a block of `bounded_exchange`, directly or through a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the connections to servers bounded ones."""
        super().init_poolmanager(*args, **kwargs)
        _bound_connections_of(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Return the connections through a proxy, bounded ones."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        _bound_connections_of(manager)
        return manager


def _bound_connections_of(manager: Any) -> None:
    manager.pool_classes_by_scheme = {
        scheme: _bounded_pool(pool) for scheme, pool in manager.pool_classes_by_scheme.items()
    }


@cache
def _bounded_pool(pool: Any) -> Any:
    """Return a class of connection pools like another one, such as that for SOCKS, whose connections are bounded."""
    if issubclass(pool.ConnectionCls, _BoundedConnection):
        return pool
    connection = type("BoundedConnection", (_BoundedConnection, pool.ConnectionCls), {})
    return type("BoundedPool", (pool,), {"ConnectionCls": connection})


class _BoundedConnection:
    """What bounded connections have before their own class of `urllib3`."""

    timeout: float

    def connect(self) -> None:
        """Connect, which includes the tunnel through a proxy and TLS: none of them has sent the request yet."""
        try:
            super().connect()  # type: ignore[misc]  # of the other base class
        except TimeoutError as error:
            raise ConnectTimeoutError(self, str(error)) from error

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request, unless making the connection has taken all the time."""
        left = _running.get().seconds_left()
        if left <= 0:
            raise ConnectTimeoutError(self, "No time is left to send the request.")
        self.timeout = min(self.timeout, left)
        super().request(*args, **kwargs)  # type: ignore[misc]  # of the other base class

    def response_class(self, sock: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        """Return the response to what was sent on a socket, which may be a proxy's to the request for a tunnel."""
        return HTTPResponse(_BoundedSocket(sock, _running.get()), *args, **kwargs)  # type: ignore[arg-type]  # for makefile alone


class _BoundedSocket:
    """Stands for a socket where the one thing that is done with it is to make a file of it."""

    def __init__(self, sock: socket.socket, exchange: _Exchange) -> None:
        self._socket = sock
        self._exchange = exchange

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedFile(self._socket, self._exchange))


class _BoundedFile(io.RawIOBase):
    """What comes from a socket, within the bounds of an exchange."""

    def __init__(self, sock: socket.socket, exchange: _Exchange) -> None:
        self._socket = sock
        self._exchange = exchange
        self._file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._exchange.seconds_left()
        if left <= 0:
            raise TimeoutError("The response did not come to its end in time.")
        self._socket.settimeout(left)
        received = self._file.readinto(buffer)
        self._exchange.count(received or 0)
        return received

    def close(self) -> None:
        self._file.close()
        super().close()
