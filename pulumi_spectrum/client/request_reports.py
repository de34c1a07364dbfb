"""Reports of the requests that are sent, so that a person can see what happens between this machine and the API.

Nothing that may be a secret or personal is in a report: all of it is masked (`client/masking.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.masking import is_plain, masked_content, masked_json, masked_path
from pulumi_spectrum.spelling.printable import on_one_line

if TYPE_CHECKING:
    from pulumi_spectrum.client.received_response import ReceivedResponse  # loads requests

REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "cf-ray")


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
    outcome: ReceivedResponse | str,
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
    parts = [f"{method} {masked_path(path, query)} {ended} in {seconds * 1000:.0f} ms"]
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
        reporting.listener(f"{method} {masked_path(path)} sent: {masked_json(sent)}")
    if not isinstance(outcome, str):
        reporting.listener(f"{method} {masked_path(path)} answered: {masked_content(outcome.content)}")


def _request_id(response: ReceivedResponse) -> str:
    """Return the id that the service gave the request, or an empty text where the header holds something else."""
    found = next((response.headers[name] for name in REQUEST_ID_HEADERS if name in response.headers), "")
    return found if is_plain(found) else ""
