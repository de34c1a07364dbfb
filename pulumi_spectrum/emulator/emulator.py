"""The emulator: its state, its API in a thread, and the handles on both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp

from pulumi_spectrum.emulator.api import Api
from pulumi_spectrum.emulator.clock import Clock
from pulumi_spectrum.emulator.contract import load_paths
from pulumi_spectrum.emulator.control import make_control
from pulumi_spectrum.emulator.handles import FaultsHandle, ProjectHandle
from pulumi_spectrum.emulator.page import page_routes
from pulumi_spectrum.emulator.request_log import Request, RequestLog
from pulumi_spectrum.emulator.server import Server
from pulumi_spectrum.emulator.snapshot import (
    ProjectSnapshot,
    load_project,
    load_snapshot,
    read_snapshot,
    take_snapshot,
)
from pulumi_spectrum.emulator.snapshot_files import read_file, write_file
from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.loading import SnapshotError
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.switches import Generation, Plan, Switches

T = TypeVar("T")
RATE_LIMIT = 5
"""Requests in a second for one project: the API's rate limit."""


class Emulator:
    """The Spectrum management API on 127.0.0.1.

    Starts with ``with``, or with :meth:`start` and :meth:`stop`. It begins with one project. Adding another is fast, so
    that each test can have a project of its own.

    Args:
        generation: The generation of the API, by the month in which it appeared.
        plan: The plan of the first project, unless the seed names one.
        requests_per_second: The rate limit of each project; None is no limit.
        switches: The behaviour where the service's own is unknown.
        project_id: The id of the first project; made if not given.
        project_secret: The secret of the first project; made if not given.
        port: The port to listen on; 0 takes a free one.
        seed: The content at first: a file, or the content of such a file.
        save: A JSON file in which the state is saved. If it exists, its content is loaded in place of the seed.
        control: Whether other processes may read and change the state below ``/_emulator/``, without credentials.
        clock: The source of the time.
        on_answer: Called with each request to the API when its response is known, on the emulator's thread.

    Raises:
        SnapshotError: The seed or the saved state cannot be loaded, or the saved state is that of another project.
    """

    def __init__(
        self,
        *,
        generation: Generation = "2026-08",
        plan: Plan = "business",
        requests_per_second: int | None = RATE_LIMIT,
        switches: Switches | None = None,
        project_id: str | None = None,
        project_secret: str | None = None,
        port: int = 0,
        seed: Mapping[str, Any] | Path | None = None,
        save: Path | None = None,
        control: bool = False,
        clock: Clock | None = None,
        on_answer: Callable[[Request], None] = lambda _request: None,
    ) -> None:
        self._settings = EmulatorSettings(generation, switches or Switches(), clock or Clock())
        self._service = Service(self._settings)
        self._api = Api(self._service, requests_per_second, self._save_state, on_answer)
        self._plan: Plan = plan
        self._save = save
        self._port = port
        self._server: Server | None = None
        first, *others = _read_start(seed, save, project_id)
        given = {"id": project_id, "secret": project_secret}
        first = first.model_copy(update={name: value for name, value in given.items() if value is not None})
        load_snapshot(self._service, [first, *others], plan)
        self._beginning = take_snapshot(self._service)
        self._application = self._make_application(control=control)
        self.faults = FaultsHandle(self._api.faults, self)
        self.project = next(iter(self.projects.values()))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address that it listens on, without a trailing slash."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def generation(self) -> Generation:
        """The generation of the API."""
        return self._settings.generation

    @property
    def clock(self) -> Clock:
        """The source of the time."""
        return self._settings.clock

    @property
    def requests_per_second(self) -> int | None:
        """The rate limit of a project that has none of its own; None is no limit."""
        return self._api.requests_per_second

    @property
    def projects(self) -> dict[str, ProjectHandle]:
        """All projects by id, in the order in which they were added."""
        ids = self.read(lambda: list(self._service.projects))
        return {project_id: ProjectHandle(project_id, self._service, self) for project_id in ids}

    @property
    def project_id(self) -> str:
        """The id of the first project."""
        return self.project.id

    @property
    def project_secret(self) -> str:
        """The secret of the first project."""
        return self.project.secret

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a stack at the first project."""
        return self.project.environment

    @property
    def requests(self) -> RequestLog:
        """The log of requests, oldest first."""
        return self._api.requests

    @property
    def given_secrets(self) -> frozenset[str]:
        """Every secret that it ever made or was sent, of projects, webhooks, Slack apps and SIP targets."""
        return self.read(lambda: frozenset(self._settings.given_secrets))

    @property
    def switches(self) -> Switches:
        """The behaviour where the service's own is unknown. Can be replaced while the emulator runs."""
        return self._settings.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._settings.switches = switches

    def switch(self, /, **changes: Any) -> None:
        """Change single switches."""
        self.switches = self.switches.changed(**changes)

    def add_project(
        self,
        project_id: str | None = None,
        project_secret: str | None = None,
        *,
        name: str = "Emulated project",
        plan: Plan = "business",
        requests_per_second: int | None = None,
    ) -> ProjectHandle:
        """Add a project. An id or a secret that is not given is made. SnapshotError when the id is taken.

        ``requests_per_second`` is a rate limit of its own, as the service raises it on request.
        """
        return self.load_project(
            {
                "id": project_id,
                "secret": project_secret,
                "name": name,
                "plan": plan,
                "requestsPerSecond": requests_per_second,
            }
        )

    def load_project(self, project: Mapping[str, Any]) -> ProjectHandle:
        """Add a project with its rows, in the form that a seed has for it. SnapshotError when that is wrong."""
        added = self.change(lambda: load_project(self._service, project, self._plan))
        return self.projects[added.id]

    def snapshot(self) -> dict[str, Any]:
        """Return everything that it holds in the form of a seed, secrets too."""
        return self.read(lambda: take_snapshot(self._service))

    def reset(self) -> None:
        """Go back to the beginning: the first projects with their rows, no faults, no requests."""

        def reset() -> None:
            self._service.projects.clear()
            load_snapshot(self._service, read_snapshot(self._beginning), self._plan)
            self._api.reset()

        self.change(reset)

    def start(self) -> Self:
        """Start listening, and return when it does. The state is first saved once the port is this emulator's.

        Raises:
            OSError: The port is taken, or the state cannot be saved.
        """
        load_paths()
        server = Server(self._application, self._port, self._api.end_delays)
        self._port = server.start()
        self._server = server
        try:
            self.read(self._save_state)
        except OSError:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop listening, end every delay and close every connection."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def read(self, function: Callable[[], T]) -> T:
        """Run a function on the thread that owns the state, and return its result."""
        return function() if self._server is None else self._server.run_on_loop(function)

    def change(self, function: Callable[[], T]) -> T:
        """Run a function that changes the state, and return its result. While the emulator listens, save the state."""

        def change() -> T:
            result = function()
            if self._server is not None:
                self._save_state()
            return result

        return self.read(change)

    def _save_state(self) -> None:
        if self._save is not None:
            write_file(self._save, take_snapshot(self._service))

    def _make_application(self, *, control: bool) -> ASGIApp:
        routes: list[BaseRoute] = page_routes(self)
        if control:
            routes.append(Mount("/_emulator", make_control(self)))
        return Router(routes, redirect_slashes=False, default=self._api)


def _read_start(
    seed: Mapping[str, Any] | Path | None, save: Path | None, project_id: str | None
) -> list[ProjectSnapshot]:
    """Return the projects to begin with: those of the saved state, else those of the seed, else an empty one."""
    given = read_file(seed) if isinstance(seed, Path) else read_snapshot(seed or {"projects": [{}]})
    if save is None or not save.exists():
        return given
    saved = read_file(save)
    if project_id not in {None, saved[0].id}:
        raise SnapshotError(f"{save} holds project {saved[0].id}, not {project_id}. Name another file, or no project.")
    return saved
