"""Everything that answers on the emulator's port: the API, the page for people, the control for other processes."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

from pulumi_spectrum.emulator.control import make_control
from pulumi_spectrum.emulator.instance import Instance
from pulumi_spectrum.emulator.page import make_page


class Application:
    """The ASGI application.

    Args:
        instance: What it answers about.
        control: Whether the control is on.
    """

    def __init__(self, instance: Instance, *, control: bool) -> None:
        self._api = instance.api
        self._page = make_page(instance)
        self._control = make_control(instance) if control else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        if path == "/" or path.startswith("/_page/"):
            await self._page(scope, receive, send)
        elif self._control is not None and path.startswith("/_emulator/"):
            await self._control(scope, receive, send)
        else:
            await self._api(scope, receive, send)
