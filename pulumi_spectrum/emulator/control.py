"""The control for other processes: look at the state, change it, and make things go wrong. Off unless asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import Field, ValidationError
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from pulumi_spectrum.emulator.errors import ApiError, NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.faults import Fault
from pulumi_spectrum.emulator.instance import Instance
from pulumi_spectrum.emulator.loopback import LoopbackOnly
from pulumi_spectrum.emulator.state.masking import mask_secrets
from pulumi_spectrum.emulator.state.project import Project
from pulumi_spectrum.emulator.state.snapshot import ProjectSnapshot, take_snapshot
from pulumi_spectrum.emulator.state.table import Table
from pulumi_spectrum.emulator.switches import Plan
from pulumi_spectrum.emulator.validation import Body, WholeNumber, describe, read_json


class ProjectChange(Body):
    """What can be changed of a project."""

    plan: Plan = "business"
    secret: str = ""
    name: str = ""
    slug: str = ""
    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None
    requests_per_second: WholeNumber | None = Field(None, ge=1)


def make_control(instance: Instance) -> ASGIApp:
    """Return the application that answers below ``/_emulator/``. It shows no secret but one that it has just made."""
    control = _Control(instance)
    answers: list[tuple[str, str, Callable[[_Asked], Any]]] = [
        ("GET", "/state", control.show_state),
        ("POST", "/reset", control.reset),
        ("GET", "/faults", control.show_faults),
        ("POST", "/faults", control.add_fault),
        ("DELETE", "/faults", control.clear_faults),
        ("GET", "/requests", control.show_requests),
        ("DELETE", "/requests", control.clear_requests),
        ("GET", "/switches", control.show_switches),
        ("PATCH", "/switches", control.change_switches),
        ("POST", "/projects", control.add_project),
        ("PATCH", "/projects/{project}", control.change_project),
        ("PATCH", "/projects/{project}/platforms/{platform}", control.change_platform),
        ("POST", "/projects/{project}/{kind}", control.add_row),
        ("PATCH", "/projects/{project}/{kind}/{row}", control.change_row),
        ("DELETE", "/projects/{project}/{kind}/{row}", control.remove_row),
    ]
    routes = [Route("/_emulator" + path, _endpoint(answer), methods=[method]) for method, path, answer in answers]
    return LoopbackOnly(Router(routes))


class _Asked:
    """One request to the control: its path's parameters and its body."""

    def __init__(self, path: dict[str, str], body: dict[str, Any]) -> None:
        self.path = path
        self.body = body


def _endpoint(answer: Callable[[_Asked], Any]) -> Callable[[HttpRequest], Any]:
    async def respond(http: HttpRequest) -> Response:
        try:
            body = _read_body(await http.body(), http.headers.get("content-type", ""))
            return JSONResponse(answer(_Asked(http.path_params, body)))
        except ApiError as error:
            return JSONResponse({"error": error.message}, error.status)
        except ValidationError as refused:
            problems = refused.errors(include_url=False, include_input=False)
            return JSONResponse({"error": "; ".join(describe(problem, body) for problem in problems)}, 422)
        except (TypeError, ValueError) as refused:
            return JSONResponse({"error": str(refused)}, 422)

    return respond


def _read_body(content: bytes, content_type: str) -> dict[str, Any]:
    # Asking for this content type is what makes a browser ask first whether it may, which it may not.
    body = read_json(content, content_type)
    if content and not isinstance(body, dict):
        raise UnprocessableError("The body must be a JSON object")
    return body or {}


class _Control:
    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def show_state(self, _asked: _Asked) -> Any:
        return mask_secrets(take_snapshot(self._instance.service))

    def reset(self, _asked: _Asked) -> None:
        self._instance.reset()

    def show_faults(self, _asked: _Asked) -> Any:
        return [fault.model_dump() for fault in self._instance.api.faults.pending()]

    def add_fault(self, asked: _Asked) -> Any:
        fault = Fault.model_validate(asked.body)
        self._instance.api.faults.add(fault)
        return fault.model_dump()

    def clear_faults(self, _asked: _Asked) -> None:
        self._instance.api.faults.clear()

    def show_requests(self, _asked: _Asked) -> Any:
        return [request.shown() for request in self._instance.api.requests]

    def clear_requests(self, _asked: _Asked) -> None:
        self._instance.api.requests.clear()

    def show_switches(self, _asked: _Asked) -> Any:
        return self._instance.settings.switches.model_dump()

    def change_switches(self, asked: _Asked) -> Any:
        settings = self._instance.settings
        settings.switches = settings.switches.changed(**asked.body)
        return settings.switches.model_dump()

    def add_project(self, asked: _Asked) -> Any:
        project = self._instance.add_project(ProjectSnapshot.model_validate(asked.body))
        return {"id": project.id, "secret": project.secret}

    def change_project(self, asked: _Asked) -> Any:
        project = self._project(asked)
        fields = ProjectChange.model_validate(asked.body).sent()
        project.plan = fields.pop("plan", project.plan)
        project.requests_per_second = fields.pop("requestsPerSecond", project.requests_per_second)
        if "secret" in fields:
            project.secret = fields.pop("secret")
        project.change(**fields)
        self._instance.changed()
        return project.shown()

    def change_platform(self, asked: _Asked) -> Any:
        try:
            entry = self._project(asked).platforms.set(asked.path["platform"], **asked.body)
        except KeyError:
            raise NotFoundError("Platform") from None
        self._instance.changed()
        return entry

    def add_row(self, asked: _Asked) -> Any:
        table = self._table(asked)
        row = table.add(**asked.body)
        self._instance.changed()
        return row.shown(self._instance.settings)

    def change_row(self, asked: _Asked) -> Any:
        table = self._table(asked)
        try:
            row = table.change(asked.path["row"], **asked.body)
        except KeyError:
            raise NotFoundError("Row") from None
        self._instance.changed()
        return row.shown(self._instance.settings)

    def remove_row(self, asked: _Asked) -> None:
        table = self._table(asked)
        try:
            table.delete(asked.path["row"])
        except KeyError:
            raise NotFoundError("Row") from None
        self._instance.changed()

    def _project(self, asked: _Asked) -> Project:
        project = self._instance.service.projects.get(asked.path["project"])
        if project is None:
            raise NotFoundError("Project")
        return project

    def _table(self, asked: _Asked) -> Table[Any]:
        tables = self._project(asked).tables
        if asked.path["kind"] not in tables:
            raise ApiError(404, f"There are rows of these kinds: {', '.join(tables)}")
        return tables[asked.path["kind"]]
