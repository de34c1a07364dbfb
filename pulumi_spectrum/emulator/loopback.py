"""A fence for what asks no credentials: only this machine, and only a page of ours in its browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class LoopbackOnly:
    """Refuses what a web page from elsewhere could make a browser send.

    The port is open to loopback alone, but a browser on this machine runs code from anywhere. Such a page comes with
    an ``Origin`` of its own, or, when its name was bound anew to this address, with a ``Host`` of its own.

    Args:
        app: What it stands in front of.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        headers = Request(scope).headers
        host = headers.get("host", "")
        origin = headers.get("origin")
        if _name(f"//{host}") in LOOPBACK and origin in {None, f"http://{host}"}:
            await self._app(scope, receive, send)
        else:
            refusal = PlainTextResponse("This part of the emulator answers to this machine alone.\n", 403)
            await refusal(scope, receive, send)


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
