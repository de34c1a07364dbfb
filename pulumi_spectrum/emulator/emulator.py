"""The emulator in a thread of its own, and the handles on what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pulumi_spectrum.emulator.application import Application
from pulumi_spectrum.emulator.clock import Clock
from pulumi_spectrum.emulator.contract import load_places
from pulumi_spectrum.emulator.documents import read_file
from pulumi_spectrum.emulator.handles import Faults, ProjectHandle
from pulumi_spectrum.emulator.instance import Instance
from pulumi_spectrum.emulator.request_log import Request, RequestLog
from pulumi_spectrum.emulator.server import Server
from pulumi_spectrum.emulator.state.settings import Settings
from pulumi_spectrum.emulator.state.snapshot import ProjectSnapshot, read_snapshot
from pulumi_spectrum.emulator.switches import Generation, Plan, Switches

T = TypeVar("T")
RATE_LIMIT = 5
"""Requests in a second for one project: the API's rate limit."""


class Emulator:
    """The Spectrum management API on 127.0.0.1.

    Starts with ``with``, or with :meth:`start` and :meth:`stop`. One project is there from the start; more can be
    added, and are the cheap way to give each test a clean one.

    Args:
        generation: Which surface the service has, by the month it appeared.
        plan: The plan of the first project, unless the seed says it.
        requests_per_second: The rate limit of each project; None is no limit.
        switches: How it behaves where nobody knows.
        project_id: The id of the first project; made if not given.
        project_secret: The secret of the first project; made if not given.
        port: The port to listen on; 0 takes a free one.
        seed: What it holds at first: a file, or what such a file says.
        save: A JSON file that the state is kept in. What is in it already wins over the seed.
        control: Whether other processes may look and change through ``/_emulator/``, without credentials.
        clock: Where it reads the time.
        on_answer: Called with each request to the API once its answer is known, on the emulator's thread.

    Raises:
        SnapshotError: The seed or the saved state cannot be loaded.
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
        snapshot = None
        if seed is not None:
            snapshot = read_file(seed) if isinstance(seed, Path) else read_snapshot(seed)
        self._instance = Instance(
            Settings(generation, switches or Switches(), clock or Clock()),
            requests_per_second=requests_per_second,
            plan=plan,
            project_id=project_id,
            project_secret=project_secret,
            seed=snapshot,
            save=save,
            on_answer=on_answer,
        )
        self._application = Application(self._instance, control=control)
        self._port = port
        self._server: Server | None = None
        self.faults = Faults(self._instance.api.faults, self)
        self.project = ProjectHandle(self._instance.first.id, self._instance.service, self)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def generation(self) -> Generation:
        """Which surface the service has."""
        return self._instance.settings.generation

    @property
    def clock(self) -> Clock:
        """Where it reads the time."""
        return self._instance.settings.clock

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
        """What it was asked, oldest first."""
        return self._instance.api.requests

    @property
    def given_secrets(self) -> frozenset[str]:
        """Every secret that it ever gave out, of projects and of webhooks."""
        return self.read(lambda: frozenset(self._instance.settings.given_secrets))

    @property
    def switches(self) -> Switches:
        """How it behaves where nobody knows. Can be replaced while it runs."""
        return self._instance.settings.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._instance.settings.switches = switches

    def switch(self, **changes: Any) -> None:
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
        """Add a project; an id or a secret that is not given is made. SnapshotError when the id is taken.

        ``requests_per_second`` is a rate limit of its own, as the service raises it on request.
        """
        wanted = ProjectSnapshot(
            id=project_id, secret=project_secret, name=name, plan=plan, requests_per_second=requests_per_second
        )
        added = self.read(lambda: self._instance.add_project(wanted))
        return ProjectHandle(added.id, self._instance.service, self)

    def reset(self) -> None:
        """Go back to the beginning: what the first project held then, no other projects, no faults, no requests."""
        self.read(self._instance.reset)

    def start(self) -> Self:
        """Start listening, and return when it does.

        Raises:
            OSError: The port is taken, or the state cannot be saved.
        """
        load_places()
        self._instance.changed()
        server = Server(self._application, self._port, self._instance.api.stop_waiting)
        self._port = server.start()
        self._server = server
        return self

    def stop(self) -> None:
        """Stop listening, end every delay and close every connection."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def read(self, function: Callable[[], T]) -> T:
        """Run a function on the loop that owns the state, and return what it returns."""
        return function() if self._server is None else self._server.run_on_loop(function)

    def change(self, function: Callable[[], T]) -> T:
        """Run a function that changes the state, keep the state, and return what the function returns."""

        def change() -> T:
            result = function()
            self._instance.changed()
            return result

        return self.read(change)
