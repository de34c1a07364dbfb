"""The API as an ASGI application: who may ask, what is refused, what goes wrong on purpose."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pulumi_spectrum.emulator.connection import Connections, drop_connection
from pulumi_spectrum.emulator.contract import find_place, uuid_parameters
from pulumi_spectrum.emulator.errors import ApiError, UnmatchedRouteError, UnprocessableError
from pulumi_spectrum.emulator.faults import Fault, FaultPlan
from pulumi_spectrum.emulator.operations import OPERATIONS, Call, PublicCall
from pulumi_spectrum.emulator.operations.avatars import UPLOADS, serve_upload
from pulumi_spectrum.emulator.operations.call import Operation
from pulumi_spectrum.emulator.rate_limit import RateLimit
from pulumi_spectrum.emulator.request_log import Request, RequestLog
from pulumi_spectrum.emulator.state.project import Project
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.validation import read_json, validate

logger = logging.getLogger("pulumi_spectrum.emulator")
WITHOUT_BODY = frozenset({204, 205, 304})
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
GARBAGE = b'{"succeed": tru\x00\xff'


class Api:
    """The management API.

    Args:
        service: What it serves.
        requests_per_second: The rate limit of a project that has none of its own; None is no limit.
        on_change: Called after each request that may have changed something, before its answer is sent.
        on_answer: Called with each request once its answer is known, or that there will be none.
    """

    def __init__(
        self,
        service: Service,
        requests_per_second: int | None,
        on_change: Callable[[], None],
        on_answer: Callable[[Request], None],
    ) -> None:
        self.service = service
        self.requests_per_second = requests_per_second
        self._on_change = on_change
        self._on_answer = on_answer
        self.faults = FaultPlan()
        self.requests = RequestLog()
        self._limits: dict[str, RateLimit] = {}
        self._connections = Connections()
        self._stopping = asyncio.Event()

    def forget_passed(self) -> None:
        """Let every project start its rate limit anew."""
        self._limits.clear()

    def stop_waiting(self) -> None:
        """End every delay that a fault asked for."""
        self._stopping.set()
        self._stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        http = HttpRequest(scope, receive)
        try:
            content = await http.body()
        except ClientDisconnect:
            return
        request = self._note(http, content, send)
        fault = self.faults.take(request.method, request.path)
        response = await self._respond(request, http, content, fault)
        request.milliseconds = (self.service.settings.clock.monotonic() - request.at) * 1000
        request.status = response.status_code if response else None
        self._on_answer(request)
        if response is None:
            await drop_connection(send, receive, reset=fault is not None and fault.reset)
            return
        if fault is not None and fault.truncate:
            await _send_half(response, send)
            await drop_connection(send, receive)
        else:
            await response(scope, receive, send)

    async def _respond(
        self, request: Request, http: HttpRequest, content: bytes, fault: Fault | None
    ) -> Response | None:
        """Return the answer, or None to drop the connection."""
        if fault is None:
            return self._process(request, http, content)
        if fault.delay and fault.delay_when == "before":
            await self._wait(fault.delay)
        if fault.drop == "before":
            return None
        response = None
        if fault.status is None or fault.after:
            response = self._process(request, http, content)
        if fault.delay and fault.delay_when == "after":
            await self._wait(fault.delay)
        if fault.drop == "after":
            return None
        if fault.status is not None:
            response = self._faulty_response(fault, fault.status)
        elif fault.garbage:
            response = Response(GARBAGE, media_type="application/json")
        return response

    def _process(self, request: Request, http: HttpRequest, content: bytes) -> Response:
        try:
            response = self._answer(request, http, content)
            if request.method != "GET":
                self._on_change()
        except ApiError as error:
            return self._error(error)
        except Exception:
            logger.exception("The emulator failed at %s %s", request.method, request.path)
            return self._error(ApiError(500, "Internal server error"))
        return response

    def _answer(self, request: Request, http: HttpRequest, content: bytes) -> Response:
        if request.path.startswith(UPLOADS):
            request.processed = True
            return serve_upload(self.service, http, content)
        found = find_place(request.path)
        if found is None:
            raise UnmatchedRouteError
        place, path = found
        endpoint = place.endpoints.get(request.method)
        if endpoint is None:
            raise ApiError(405, "Method not allowed", {"Allow": place.allow(self.service.settings.generation)})
        if endpoint.public:
            call = PublicCall(self.service, path, http.query_params)
            return OPERATIONS.public[endpoint.operation_id](call)
        project = self.service.authenticate(http.headers.get("authorization"), path["projectId"])
        self._limit(project)
        if endpoint.generation > self.service.settings.generation:
            raise UnmatchedRouteError
        if self.service.settings.switches.malformed_id_status == 422:  # noqa: PLR2004
            _check_ids(path)
        operation = OPERATIONS.private[endpoint.operation_id]
        body = self._read_body(operation, content, http.headers.get("content-type", ""))
        request.processed = True
        data = operation.run(Call(self.service, project, path, http.query_params, body, str(http.base_url).rstrip("/")))
        return _json({"succeed": True, "data": data}, 200)

    def _read_body(self, operation: Operation, content: bytes, content_type: str) -> Any:
        settings = self.service.settings
        adapter = operation.body if settings.newer else operation.older_body or operation.body
        if adapter is None:
            return None
        value = read_json(content, content_type)
        if value is None and not content and not operation.body_required:
            return None
        if not isinstance(value, dict):
            raise UnprocessableError("The body must be a JSON object" if content else "The body is required")
        return validate(adapter, value, settings.switches)

    def _limit(self, project: Project) -> None:
        allowed = project.requests_per_second or self.requests_per_second
        if allowed is None:
            return
        settings = self.service.settings
        limit = self._limits.get(project.id)
        if limit is None or limit.requests_per_second != allowed:
            limit = self._limits[project.id] = RateLimit(allowed)
        wait = limit.admit(settings.clock.monotonic(), settings.switches.rate_window)
        if not wait:
            return
        seconds = math.ceil(wait)
        headers = {
            "none": {},
            "seconds": {"Retry-After": str(seconds)},
            "date": {"Retry-After": format_datetime(settings.clock.now() + timedelta(seconds=seconds), usegmt=True)},
        }[settings.switches.retry_after]
        raise ApiError(429, "Too many requests", headers)

    def _error(self, error: ApiError) -> Response:
        if self.service.settings.switches.short_errors:
            envelope: dict[str, Any] = {"succeed": False, "message": error.message}
        else:
            envelope = {"succeed": False, "data": None, "code": error.code, "message": error.message}
        return _json(envelope, error.status, error.headers)

    def _faulty_response(self, fault: Fault, status: int) -> Response:
        if status in WITHOUT_BODY:
            return Response(None, status, fault.headers)
        if fault.body is None:
            return self._error(ApiError(status, "Injected fault", dict(fault.headers)))
        if not isinstance(fault.body, str):
            return _json(fault.body, status, fault.headers)
        media_type = "text/html" if fault.body.lstrip().startswith("<") else "text/plain"
        return Response(fault.body, status, fault.headers, media_type)

    def _note(self, http: HttpRequest, content: bytes, send: Send) -> Request:
        try:
            body = json.loads(content) if content else None
        except (ValueError, RecursionError):
            body = content.decode(errors="replace")
        path: str = http.scope["path"]  # http.url has lost the control characters that a path may hold
        place, parameters = find_place(path) or (None, {})
        endpoint = place.endpoints.get(http.method) if place else None
        request = Request(
            method=http.method,
            path=path,
            query={name: http.query_params.getlist(name) for name in http.query_params},
            headers={name: value for name, value in http.headers.items() if name not in {"authorization", "cookie"}},
            body=body,
            at=self.service.settings.clock.monotonic(),
            time=self.service.settings.clock.now(),
            connection=self._connections.number(send),
            operation_id=endpoint.operation_id if endpoint else None,
            project_id=parameters.get("projectId"),
        )
        self.requests.append(request)
        return request

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


def _check_ids(path: dict[str, str]) -> None:
    for name in uuid_parameters() & path.keys():
        if not UUID.fullmatch(path[name]):
            raise UnprocessableError(f"{name} must be a UUID")


def _json(value: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(value, separators=(",", ":")), status, headers, "application/json")


async def _send_half(response: Response, send: Send) -> None:
    content = bytes(response.body)
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
