"""The control: over HTTP, what the Python handles do. Off by default, because it asks for no credentials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from pulumi_spectrum.emulator.area_handles import AreaHandle
from pulumi_spectrum.emulator.areas import AREAS
from pulumi_spectrum.emulator.dispatch import json_response
from pulumi_spectrum.emulator.errors import ApiError, NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.faults import Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.emulator.loopback import LoopbackOnly
from pulumi_spectrum.emulator.state.secret_fields import mask_secrets
from pulumi_spectrum.emulator.validation import describe, read_json

if TYPE_CHECKING:
    from pulumi_spectrum.emulator.emulator import Emulator

Answer = Callable[[HttpRequest, dict[str, Any]], Any]
"""Returns the JSON value of the response to a request with this body."""


def make_control(emulator: Emulator) -> ASGIApp:
    """Return the application that is served below ``/_emulator/``.

    It returns no secret but that of a project that it has just added.
    """
    control = _Control(emulator)
    answers: dict[str, dict[str, Answer]] = {
        "/state": {"GET": control.show_state},
        "/reset": {"POST": control.reset},
        "/faults": {"GET": control.show_faults, "POST": control.add_fault, "DELETE": control.clear_faults},
        "/requests": {"GET": control.show_requests, "DELETE": control.clear_requests},
        "/switches": {"GET": control.show_switches, "PATCH": control.change_switches},
        "/projects": {"POST": control.add_project},
        "/projects/{project}": {"PATCH": control.change_project},
        "/projects/{project}/{area}": dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), control.use_area),
        "/projects/{project}/{area}/{row}": dict.fromkeys(("PATCH", "DELETE"), control.use_row),
    }
    nowhere = _Endpoint({}, ApiError(404, f"The control has these paths: {', '.join(answers)}"))
    routes = [Route(path, _Endpoint(methods, _not_allowed(methods))) for path, methods in answers.items()]
    # A redirect to the path without a slash would be lost on most clients, with the request's body.
    return LoopbackOnly(Router(routes, redirect_slashes=False, default=nowhere))


class _Control:
    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def show_state(self, _http: HttpRequest, _body: dict[str, Any]) -> Any:
        return mask_secrets(self._emulator.snapshot())

    def reset(self, _http: HttpRequest, _body: dict[str, Any]) -> None:
        self._emulator.reset()

    def show_faults(self, _http: HttpRequest, _body: dict[str, Any]) -> Any:
        return mask_secrets([fault.model_dump() for fault in self._emulator.faults.pending()])

    def add_fault(self, _http: HttpRequest, body: dict[str, Any]) -> Any:
        fault = Fault.model_validate(body)
        self._emulator.faults.add(fault)
        return mask_secrets(fault.model_dump())

    def clear_faults(self, _http: HttpRequest, _body: dict[str, Any]) -> None:
        self._emulator.faults.clear()

    def show_requests(self, _http: HttpRequest, _body: dict[str, Any]) -> Any:
        return [request.shown() for request in self._emulator.requests]

    def clear_requests(self, _http: HttpRequest, _body: dict[str, Any]) -> None:
        self._emulator.requests.clear()

    def show_switches(self, _http: HttpRequest, _body: dict[str, Any]) -> Any:
        return self._emulator.switches.model_dump()

    def change_switches(self, _http: HttpRequest, body: dict[str, Any]) -> Any:
        self._emulator.switch(**body)
        return self._emulator.switches.model_dump()

    def add_project(self, _http: HttpRequest, body: dict[str, Any]) -> Any:
        project = self._emulator.load_project(body)
        return {"id": project.id, "secret": project.secret}

    def change_project(self, http: HttpRequest, body: dict[str, Any]) -> Any:
        return self._project(http).change(**body)

    def use_area(self, http: HttpRequest, body: dict[str, Any]) -> Any:
        area = self._area(http)
        return mask_secrets(_use(area, area.area_methods, http.method, (), body))

    def use_row(self, http: HttpRequest, body: dict[str, Any]) -> Any:
        area = self._area(http)
        try:
            return mask_secrets(_use(area, area.row_methods, http.method, (http.path_params["row"],), body))
        except KeyError:
            raise NotFoundError(area.row_noun) from None

    def _project(self, http: HttpRequest) -> ProjectHandle:
        project = self._emulator.projects.get(http.path_params["project"])
        if project is None:
            raise NotFoundError("Project")
        return project

    def _area(self, http: HttpRequest) -> AreaHandle:
        project = self._project(http)
        area = AREAS.get(http.path_params["area"])
        if area is None:
            raise ApiError(404, f"A project has these areas: {', '.join(AREAS)}")
        handle: AreaHandle = getattr(project, area.name)
        return handle


def _use(
    area: AreaHandle, methods: dict[str, str], method: str, arguments: tuple[str, ...], body: dict[str, Any]
) -> Any:
    if method not in methods:
        raise _not_allowed(methods)
    attribute = getattr(area, methods[method])
    if not callable(attribute):
        return attribute
    return attribute(*arguments) if method == "DELETE" else attribute(*arguments, **body)


def _not_allowed(methods: Iterable[str]) -> ApiError:
    return ApiError(405, f"The methods here are: {', '.join(methods)}")


class _Endpoint:
    """Responds to the requests to one path.

    Args:
        answers: What each method answers.
        otherwise: The error of any other method.
    """

    def __init__(self, answers: dict[str, Answer], otherwise: ApiError) -> None:
        self._answers = answers
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        http = HttpRequest(scope, receive)
        response = self._respond(http, await http.body())
        await response(scope, receive, send)

    def _respond(self, http: HttpRequest, content: bytes) -> Response:
        answer = self._answers.get(http.method)
        if answer is None:
            return _refusal(self._otherwise.status, self._otherwise.message)
        body: dict[str, Any] = {}
        try:
            body = _read_body(content, http.headers.get("content-type", ""))
            return json_response(answer(http, body), 200)
        except ApiError as error:
            return _refusal(error.status, error.message)
        except ValidationError as refused:
            problems = refused.errors(include_url=False, include_input=False)
            return _refusal(422, "; ".join(describe(problem, body) for problem in problems))
        except (TypeError, ValueError) as refused:
            return _refusal(422, str(refused))


def _refusal(status: int, sentence: str) -> Response:
    return json_response({"error": sentence}, status)


def _read_body(content: bytes, content_type: str) -> dict[str, Any]:
    # read_json requires the content type of JSON. With that type a browser sends no request of another site's page
    # without asking for permission first, and the control gives none.
    body = read_json(content, content_type)
    if content and not isinstance(body, dict):
        raise UnprocessableError("The body must be a JSON object")
    return body or {}
