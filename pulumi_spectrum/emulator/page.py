"""The page for a browser: what the emulator holds now, and the last requests."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from pulumi_spectrum.emulator.dispatch import json_response
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.emulator.loopback import LoopbackOnly

if TYPE_CHECKING:
    from pulumi_spectrum.emulator.emulator import Emulator

SHOWN_REQUESTS = 50
"""How many of the last requests the page shows."""


def page_routes(emulator: Emulator) -> list[BaseRoute]:
    """Return the routes of the page and of the data that it shows.

    The page fetches :func:`describe_state` twice a second. A stream would be one more connection in the counts, and
    would have to be cut when the emulator stops. The routes need no credentials, because they never return a secret:
    rows are shown as the API lists them, and requests without queries, headers and bodies.
    """

    async def show_page(_request: HttpRequest) -> HTMLResponse:
        text = _read_page()
        return HTMLResponse(text, headers={"Content-Security-Policy": _policy(text), **_HEADERS})

    async def show_state(_request: HttpRequest) -> Response:
        return json_response(describe_state(emulator), 200, _HEADERS)

    fence = [Middleware(LoopbackOnly)]
    return [Route("/", show_page, middleware=fence), Route("/_page/state", show_state, middleware=fence)]


def describe_state(emulator: Emulator) -> dict[str, Any]:
    """Return the data that the page shows."""
    requests = list(emulator.requests)
    return {
        "generation": emulator.generation,
        "requestsPerSecond": emulator.requests_per_second,
        "projects": [_describe_project(project) for project in emulator.projects.values()],
        "requestCount": len(requests),
        "requests": [
            {
                "method": request.method,
                "path": request.path,
                "status": request.status,
                "operation": request.operation_id,
                "milliseconds": request.milliseconds,
                "time": request.time.isoformat(),
            }
            for request in reversed(requests[-SHOWN_REQUESTS:])
        ],
        "faults": len(emulator.faults.pending()),
    }


def _describe_project(project: ProjectHandle) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.row["name"],
        "plan": project.plan,
        "webhooks": project.webhooks.rows,
        "platforms": project.platforms.rows,
        "lines": project.lines.rows,
        "users": project.users.rows,
    }


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@cache
def _read_page() -> str:
    return files("pulumi_spectrum.emulator").joinpath("page.html").read_text(encoding="utf-8")


@cache
def _policy(page: str) -> str:
    """Return a policy that allows the page its own script, style and server, and nothing else."""
    script, style = (
        b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for name in ("script", "style")
        for text in re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
    )
    return (
        f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
