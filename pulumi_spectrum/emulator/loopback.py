"""Protection of the parts that need no credentials: they respond to this machine, and not to pages of other sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class LoopbackOnly:
    """Refuses requests that a page of another site could make this machine's browser send.

    The port is open to loopback only, but a browser on this machine runs the code of any site. A request of such a page
    has that site as its ``Origin``, or as its ``Host`` when the site's name resolves to this machine.

    Args:
        app: The application to protect.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or respond with 403."""
        headers = Request(scope).headers
        host = headers.get("host", "")
        origin = headers.get("origin")
        if _name(f"//{host}") in LOOPBACK and origin in {None, f"http://{host}"}:
            await self._app(scope, receive, send)
        else:
            refusal = PlainTextResponse("This part of the emulator responds to this machine only.\n", 403)
            await refusal(scope, receive, send)


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
