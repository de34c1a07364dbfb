"""Reports of the requests that are sent, so that a person can see what happens between this machine and the API.

Nothing that may be a secret or personal is in a report: of texts, only those are shown that the API defines or makes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pulumi_spectrum.spelling.printable import on_one_line

if TYPE_CHECKING:
    import requests

SHOWN_TEXTS = frozenset(
    {
        "billing",
        "category",
        "code",
        "createdAt",
        "disabledAt",
        "disabledReason",
        "eventTypes",
        "id",
        "language",
        "lineId",
        "parameterFormat",
        "platform",
        "previousValidUntil",
        "projectId",
        "schemaVersion",
        "status",
        "syncStatus",
        "templateId",
        "tier",
        "type",
        "updatedAt",
        "userId",
    }
)
"""Properties whose texts the API defines or makes. All other texts in a body are hidden, whatever they are."""
SHOWN_QUERY = frozenset({"id", "limit", "offset", "platform", "type"})
HIDDEN = "…"
REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "cf-ray")
LONGEST_REQUEST_ID = 80


@dataclass(frozen=True)
class Try:
    """One sending of a request.

    Args:
        number: 1 for the first, and one more for each repetition.
        waited_seconds: How long it waited for the rate limit.
    """

    number: int
    waited_seconds: float


Listener = Callable[[str], None]
"""Is called with the line for one request, or for one body."""


@dataclass(frozen=True)
class _Reporting:
    listener: Listener
    bodies: bool


_reporting: ContextVar[_Reporting | None] = ContextVar("reporting", default=None)


@contextmanager
def report_requests_to(listener: Listener, *, bodies: bool = False) -> Iterator[None]:
    """Report each request of this block and thread when it has ended.

    Args:
        listener: Is called with one line for each request.
        bodies: Whether to report the bodies too, a line each, without texts that may be secret or personal.
    """
    token = _reporting.set(_Reporting(listener, bodies))
    try:
        yield
    finally:
        _reporting.reset(token)


def report_request(
    method: str,
    path: str,
    *,
    query: Mapping[str, Any] | None,
    sent: Any,
    tried: Try,
    seconds: float,
    outcome: requests.Response | str,
) -> None:
    """Report a request, where there is a listener.

    Args:
        method: Its HTTP method.
        path: Its path below the project.
        query: Its query.
        sent: Its body.
        tried: Which try it was.
        seconds: How long it took.
        outcome: The response, or what happened in place of one.
    """
    reporting = _reporting.get()
    if reporting is None:
        return
    ended = "had no answer" if isinstance(outcome, str) else str(outcome.status_code)
    parts = [f"{method} {path}{_shown_query(query)} {ended} in {seconds * 1000:.0f} ms"]
    if tried.number > 1:
        parts.append(f"try {tried.number}")
    if tried.waited_seconds >= 0.0005:  # noqa: PLR2004  # what would be shown as 0 ms
        parts.append(f"after {tried.waited_seconds * 1000:.0f} ms of waiting for the rate limit")
    if isinstance(outcome, str):
        parts.append(outcome)
    elif request_id := _request_id(outcome):
        parts.append(f"request id {request_id}")
    reporting.listener(on_one_line(", ".join(parts)))
    if not reporting.bodies:
        return
    if sent is not None:
        reporting.listener(f"{method} {path} sent: {_shown_body(sent)}")
    if not isinstance(outcome, str):
        reporting.listener(f"{method} {path} answered: {_shown_response(outcome)}")


def _shown_query(query: Mapping[str, Any] | None) -> str:
    parts = [
        urlencode({name: value}, doseq=True) if name in SHOWN_QUERY else f"{name}={HIDDEN}"
        for name, value in (query or {}).items()
    ]
    return f"?{'&'.join(parts)}" if parts else ""


def _request_id(response: requests.Response) -> str:
    found = next((response.headers[name] for name in REQUEST_ID_HEADERS if name in response.headers), "")
    return found[:LONGEST_REQUEST_ID]


def _shown_response(response: requests.Response) -> str:
    try:
        return _shown_body(response.json())
    except ValueError:
        return f"{len(response.content)} bytes that are no JSON"


def _shown_body(body: Any) -> str:
    return json.dumps(_without_texts(body, ""), ensure_ascii=False)


def _without_texts(value: Any, name: str) -> Any:
    """Return a JSON value in which each text is hidden that may be secret or personal."""
    match value:
        case dict():
            return {str(key): _without_texts(each, str(key)) for key, each in value.items()}
        case list():
            return [_without_texts(each, name) for each in value]
        case str() if name not in SHOWN_TEXTS:
            return HIDDEN if value else ""
        case _:
            return value
