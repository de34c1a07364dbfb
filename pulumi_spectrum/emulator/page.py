"""The page for people: what the emulator holds now."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from pulumi_spectrum.emulator.instance import Instance
from pulumi_spectrum.emulator.loopback import LoopbackOnly
from pulumi_spectrum.emulator.state.project import Project

SHOWN_REQUESTS = 50
"""How many of the last requests the page shows."""


def make_page(instance: Instance) -> ASGIApp:
    """Return the application that serves the page and what it shows.

    The page asks twice a second for :func:`describe_state` instead of holding a stream open: a stream would be one more
    connection in the counts and would have to be cut when the emulator stops. It needs no credentials, because it
    never holds a secret: rows are shown as the API lists them, requests without queries, headers and bodies.
    """

    async def show_page(_request: HttpRequest) -> HTMLResponse:
        text = _read_page()
        return HTMLResponse(text, headers={"Content-Security-Policy": _policy(text), **_HEADERS})

    async def show_state(_request: HttpRequest) -> JSONResponse:
        return JSONResponse(describe_state(instance), headers=_HEADERS)

    return LoopbackOnly(Router([Route("/", show_page), Route("/_page/state", show_state)]))


def describe_state(instance: Instance) -> dict[str, Any]:
    """Return what the page shows."""
    api = instance.api
    requests = list(api.requests)[-SHOWN_REQUESTS:]
    return {
        "generation": instance.settings.generation,
        "requestsPerSecond": api.requests_per_second,
        "projects": [_describe_project(project) for project in instance.service.projects.values()],
        "requestCount": len(api.requests),
        "requests": [
            {
                "method": request.method,
                "path": request.path,
                "status": request.status,
                "operation": request.operation_id,
                "milliseconds": request.milliseconds,
                "time": instance.settings.written(request.time),
            }
            for request in reversed(requests)
        ],
        "faults": len(api.faults.pending()),
    }


def _describe_project(project: Project) -> dict[str, Any]:
    settings = project.settings
    return {
        "id": project.id,
        "name": project.name,
        "plan": project.plan,
        "webhooks": [row.shown(settings) for row in project.webhooks.active()],
        "platforms": project.platforms.shown(),
        "lines": [row.shown(settings) for row in project.lines.active()],
        "users": [row.shown(settings) for row in project.users.active()],
    }


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@cache
def _read_page() -> str:
    return files("pulumi_spectrum.emulator").joinpath("page.html").read_text(encoding="utf-8")


@cache
def _policy(page: str) -> str:
    """Return a policy that lets the page run its own script and style and ask its own server: nothing else."""
    script, style = (
        b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for name in ("script", "style")
        for text in re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
    )
    return (
        f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
