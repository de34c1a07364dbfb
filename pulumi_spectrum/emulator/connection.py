"""The connection of a request: numbers for connections, and closing them for a fault."""

from __future__ import annotations

import asyncio
import socket
import struct
from itertools import count
from weakref import WeakKeyDictionary

from starlette.types import Receive, Send

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def find_transport(send: Send) -> asyncio.Transport | None:
    """Return the transport that ``send`` writes to; None when there is no network connection.

    Uvicorn has no public way to the transport: it is an attribute of the object whose method ``send`` is.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport if isinstance(transport, asyncio.Transport) else None


class Connections:
    """Numbers for connections, from 1 on. All requests without a network connection have number 0."""

    def __init__(self) -> None:
        self._numbers: WeakKeyDictionary[asyncio.Transport, int] = WeakKeyDictionary()
        self._count = count(1)

    def number(self, send: Send) -> int:
        """Return the number of the connection that ``send`` writes to."""
        transport = find_transport(send)
        if transport is None:
            return 0
        if transport not in self._numbers:
            self._numbers[transport] = next(self._count)
        return self._numbers[transport]


async def drop_connection(send: Send, receive: Receive, *, reset: bool = False) -> None:
    """Close the connection of a request without completing its response, and wait until the server has noticed.

    Args:
        send: The request's ``send``.
        receive: The request's ``receive``.
        reset: Reset it (RST) instead of closing it (FIN).
    """
    transport = find_transport(send)
    if transport is None:
        raise ConnectionAbortedError("The emulator dropped the connection, as a fault asked for.")
    if reset:
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
