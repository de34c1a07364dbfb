"""The API as an ASGI application: it logs each request, applies the fault that matches it, and sends the response."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pulumi_spectrum.emulator.connection import Connections, drop_connection
from pulumi_spectrum.emulator.contract import find_path
from pulumi_spectrum.emulator.dispatch import Dispatcher, json_response
from pulumi_spectrum.emulator.errors import ApiError
from pulumi_spectrum.emulator.faults import Fault, FaultPlan
from pulumi_spectrum.emulator.request_log import Request, RequestLog
from pulumi_spectrum.emulator.reshaping import Shape, reshape
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.validation import parse_json

STATUSES_WITHOUT_BODY = frozenset({204, 205, 304})
GARBAGE = b'{"succeed": tru\x00\xff'


class Api:
    """The management API.

    Args:
        service: All projects.
        requests_per_second: The rate limit of a project that has none of its own; None is no limit.
        on_change: Called after each request that may have changed something, before its response is sent.
        on_answer: Called with each request when its response is known, or that there will be none.
    """

    def __init__(
        self,
        service: Service,
        requests_per_second: int | None,
        on_change: Callable[[], None],
        on_answer: Callable[[Request], None],
    ) -> None:
        self._clock = service.settings.clock
        self._dispatcher = Dispatcher(service, requests_per_second, on_change)
        self._on_answer = on_answer
        self._connections = Connections()
        self._stopping = asyncio.Event()
        self.faults = FaultPlan()
        self.requests = RequestLog()

    @property
    def requests_per_second(self) -> int | None:
        """The rate limit of a project that has none of its own; None is no limit."""
        return self._dispatcher.requests_per_second

    def reset(self) -> None:
        """Clear faults, the log of requests, and what counts against rate limits."""
        self.faults.clear()
        self.requests.clear()
        self._dispatcher.clear_rate_limits()

    def end_delays(self) -> None:
        """End every delay of a fault."""
        self._stopping.set()
        self._stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        http = HttpRequest(scope, receive)
        try:
            content = await http.body()
        except ClientDisconnect:
            return
        request = self._log(http, content, send)
        fault = self.faults.take(request.method, request.path)
        response = await self._respond(request, http, content, fault)
        request.milliseconds = (self._clock.monotonic() - request.at) * 1000
        request.status = response.status_code if response else None
        self._on_answer(request)
        if response is None:
            await drop_connection(send, receive, reset=fault is not None and fault.reset)
        elif fault is not None and fault.truncate:
            await _send_half(response, send)
            await drop_connection(send, receive)
        else:
            await response(scope, receive, send)

    async def _respond(
        self, request: Request, http: HttpRequest, content: bytes, fault: Fault | None
    ) -> Response | None:
        """Return the response, or None to drop the connection."""
        if fault is None:
            return self._dispatcher.respond(request, http, content)
        if fault.delay and fault.delay_when == "before":
            await self._wait(fault.delay)
        if fault.drop == "before":
            return None
        response = None
        if fault.status is None or fault.after:
            response = self._dispatcher.respond(request, http, content)
        if fault.delay and fault.delay_when == "after":
            await self._wait(fault.delay)
        if fault.drop == "after":
            return None
        if fault.status is not None:
            response = self._faulty_response(fault, fault.status)
        elif fault.garbage:
            response = Response(GARBAGE, media_type="application/json")
        elif fault.reshape is not None and response is not None:
            response = _reshaped(response, fault.reshape)
        return response

    def _faulty_response(self, fault: Fault, status: int) -> Response:
        if status in STATUSES_WITHOUT_BODY:
            return Response(None, status, fault.headers)
        if fault.body is None:
            return self._dispatcher.error_response(ApiError(status, "Injected fault", dict(fault.headers)))
        if not isinstance(fault.body, str):
            return json_response(fault.body, status, fault.headers)
        media_type = "text/html" if fault.body.lstrip().startswith("<") else "text/plain"
        return Response(fault.body.encode(errors="replace"), status, fault.headers, media_type)

    def _log(self, http: HttpRequest, content: bytes, send: Send) -> Request:
        try:
            body = parse_json(content) if content else None
        except (ValueError, RecursionError):
            body = content.decode(errors="replace")
        path: str = http.scope["path"]  # not http.url, which drops control characters that a path may hold
        item, parameters = find_path(path) or (None, {})
        endpoint = item.endpoints.get(http.method) if item else None
        request = Request(
            method=http.method,
            path=path,
            query={name: http.query_params.getlist(name) for name in http.query_params},
            headers={name: value for name, value in http.headers.items() if name not in {"authorization", "cookie"}},
            body=body,
            at=self._clock.monotonic(),
            time=self._clock.now(),
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


def _reshaped(response: Response, shape: Shape) -> Response:
    envelope = json.loads(bytes(response.body) or b"null")
    if not isinstance(envelope, dict) or "data" not in envelope or response.status_code != 200:  # noqa: PLR2004
        return response
    return json_response({**envelope, "data": reshape(envelope["data"], shape)}, response.status_code)


async def _send_half(response: Response, send: Send) -> None:
    content = bytes(response.body)
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
