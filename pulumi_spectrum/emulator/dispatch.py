"""From a request to its operation: path, credentials, rate limit, ids and body are checked in this order."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from pulumi_spectrum.emulator.contract import find_path, uuid_parameters
from pulumi_spectrum.emulator.errors import ApiError, UnmatchedRouteError, UnprocessableError
from pulumi_spectrum.emulator.operations import OPERATIONS, Call, PublicCall
from pulumi_spectrum.emulator.operations.avatars import UPLOADS, serve_upload
from pulumi_spectrum.emulator.operations.call import Operation
from pulumi_spectrum.emulator.rate_limit import RateLimit
from pulumi_spectrum.emulator.request_log import Request
from pulumi_spectrum.emulator.state.project_state import ProjectState
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.validation import read_json, validate

logger = logging.getLogger("pulumi_spectrum.emulator")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Dispatcher:
    """Finds the operation of a request, runs it and wraps its result in the API's envelope.

    Args:
        service: All projects.
        requests_per_second: The rate limit of a project that has none of its own; None is no limit.
        on_change: Called after each request that may have changed something, before its response is sent.
    """

    def __init__(self, service: Service, requests_per_second: int | None, on_change: Callable[[], None]) -> None:
        self._service = service
        self._settings = service.settings
        self._on_change = on_change
        self._rate_limits: dict[str, RateLimit] = {}
        self.requests_per_second = requests_per_second

    def clear_rate_limits(self) -> None:
        """Forget the requests that count against rate limits."""
        self._rate_limits.clear()

    def respond(self, request: Request, http: HttpRequest, content: bytes) -> Response:
        """Return the response to one request.

        Args:
            request: The request's entry in the log. ``processed`` is set when the operation runs.
            http: The request.
            content: Its body.
        """
        try:
            response = self._run(request, http, content)
            if request.method != "GET":
                self._on_change()
        except ApiError as error:
            return self.error_response(error)
        except Exception:
            logger.exception("The emulator failed at %s %s", request.method, request.path)
            return self.error_response(ApiError(500, "Internal server error"))
        return response

    def error_response(self, error: ApiError) -> Response:
        """Return an error in the API's envelope."""
        if self._settings.switches.short_errors:
            envelope: dict[str, Any] = {"succeed": False, "message": error.message}
        else:
            envelope = {"succeed": False, "data": None, "code": error.code, "message": error.message}
        return json_response(envelope, error.status, error.headers)

    def _run(self, request: Request, http: HttpRequest, content: bytes) -> Response:
        if request.path.startswith(UPLOADS):
            request.processed = True
            return serve_upload(self._service, http, content)
        found = find_path(request.path)
        if found is None:
            raise UnmatchedRouteError
        item, path = found
        endpoint = item.endpoints.get(request.method)
        if endpoint is None:
            raise ApiError(405, "Method not allowed", {"Allow": item.allow(self._settings.generation)})
        if endpoint.public:
            call = PublicCall(self._service, path, http.query_params)
            return OPERATIONS.public[endpoint.operation_id](call)
        project = self._service.authenticate(http.headers.get("authorization"), path["projectId"])
        self._check_rate_limit(project)
        if endpoint.generation > self._settings.generation:
            raise UnmatchedRouteError
        if self._settings.switches.malformed_id_status == 422:  # noqa: PLR2004
            _check_ids(path)
        operation = OPERATIONS.private[endpoint.operation_id]
        body = self._read_body(operation, content, http.headers.get("content-type", ""))
        request.processed = True
        base_url = str(http.base_url).rstrip("/")
        data = operation.run(Call(self._service, project, path, http.query_params, body, base_url))
        return json_response({"succeed": True, "data": data}, 200)

    def _read_body(self, operation: Operation, content: bytes, content_type: str) -> Any:
        adapter = operation.body if self._settings.newer else operation.older_body or operation.body
        if adapter is None:
            return None
        value = read_json(content, content_type)
        if value is None and not content and not operation.body_required:
            return None
        if not isinstance(value, dict):
            raise UnprocessableError("The body must be a JSON object" if content else "The body is required")
        return validate(adapter, value, self._settings.switches)

    def _check_rate_limit(self, project: ProjectState) -> None:
        allowed = project.requests_per_second or self.requests_per_second
        if allowed is None:
            return
        limit = self._rate_limits.get(project.id)
        if limit is None or limit.requests_per_second != allowed:
            limit = self._rate_limits[project.id] = RateLimit(allowed)
        clock, switches = self._settings.clock, self._settings.switches
        wait = limit.admit(clock.monotonic(), switches.rate_window)
        if not wait:
            return
        seconds = math.ceil(wait)
        headers = {
            "none": {},
            "seconds": {"Retry-After": str(seconds)},
            "date": {"Retry-After": format_datetime(clock.now() + timedelta(seconds=seconds), usegmt=True)},
        }[switches.retry_after]
        raise ApiError(429, "Too many requests", headers)


def json_response(value: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    """Return a response whose body is ``value`` as JSON."""
    return Response(json.dumps(value, separators=(",", ":")), status, headers, "application/json")


def _check_ids(path: dict[str, str]) -> None:
    for name in uuid_parameters() & path.keys():
        if not UUID.fullmatch(path[name]):
            raise UnprocessableError(f"{name} must be a UUID")
