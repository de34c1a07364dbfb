"""The log of requests to the API and of their responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from pulumi_spectrum.emulator.state.secret_fields import mask_secrets


@dataclass
class Request:
    """One request to the API.

    Args:
        method: Its method.
        path: Its path, as sent.
        query: Its query, every value of every name.
        headers: Its headers in lower case, without the credentials.
        body: Its body as a JSON value, None when there was none.
        at: When it was received, in seconds that never go backwards.
        time: When it was received, in UTC.
        connection: The number of its connection, counted from 1.
        operation_id: The operationId of its operation; None when the contract has no such operation.
        project_id: The id of the project in its path.
        status: The status of the response; None before it is sent, and when the connection was dropped.
        processed: Whether the operation ran.
        milliseconds: The time until the response was known.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any = field(repr=False)
    at: float
    time: datetime
    connection: int
    operation_id: str | None = None
    project_id: str | None = None
    status: int | None = None
    processed: bool = False
    milliseconds: float | None = None

    def shown(self) -> dict[str, Any]:
        """Return it as JSON values, with masks in place of secrets."""
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": mask_secrets(self.body) if isinstance(self.body, (dict, list)) else None,
            "time": self.time.isoformat(),
            "connection": self.connection,
            "operationId": self.operation_id,
            "projectId": self.project_id,
            "status": self.status,
            "processed": self.processed,
            "milliseconds": self.milliseconds,
        }

    def matches(self, method: str, path: str) -> bool:
        """Whether it has this method and path; ``*`` stands for any text, a trailing slash or none is the same."""
        same_method = method == "*" or method.upper() == self.method
        return same_method and fnmatchcase(self.path.rstrip("/"), path.rstrip("/") or "*")


KEPT = 100_000
"""The number of requests that are kept, so that an emulator can run for weeks."""


class RequestLog:
    """The requests, oldest first. Safe to read from any thread.

    Args:
        kept: The number of requests that are kept; once there are more, the older half is dropped.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._requests: list[Request] = []
        self._kept = kept

    def __iter__(self) -> Iterator[Request]:
        return iter(tuple(self._requests))

    def __len__(self) -> int:
        return len(self._requests)

    def __getitem__(self, position: int) -> Request:
        return self._requests[position]

    def __repr__(self) -> str:
        return "\n".join(f"{request.status} {request.method} {request.path}" for request in self)

    def append(self, request: Request) -> None:
        """Add a request."""
        self._requests.append(request)
        if len(self._requests) > self._kept:
            del self._requests[: self._kept // 2]

    def clear(self) -> None:
        """Remove all requests."""
        self._requests.clear()

    def matching(self, method: str = "*", path: str = "*", *, project_id: str | None = None) -> list[Request]:
        """Return the requests with this method and path, of one project or of all; ``*`` stands for any text."""
        return [
            request for request in self if request.matches(method, path) and project_id in (None, request.project_id)
        ]

    def operations(self, *, project_id: str | None = None) -> list[str | None]:
        """Return the operationIds of the requests, in order."""
        return [request.operation_id for request in self.matching(project_id=project_id)]

    def peak_in_one_second(self, *, project_id: str | None = None) -> int:
        """Return the largest number of requests in any one second."""
        times = [request.at for request in self.matching(project_id=project_id)]
        peak = first = 0
        for last, at in enumerate(times):
            while at - times[first] >= 1:
                first += 1
            peak = max(peak, last - first + 1)
        return peak

    def count_connections(self) -> int:
        """Return the number of connections that the requests were sent on."""
        return len({request.connection for request in self})
