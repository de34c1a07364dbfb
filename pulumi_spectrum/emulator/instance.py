"""One emulator without its network: what it serves, what it began with, where it is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pulumi_spectrum.emulator.api import Api
from pulumi_spectrum.emulator.documents import read_file, write_file
from pulumi_spectrum.emulator.request_log import Request
from pulumi_spectrum.emulator.state.project import Project
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.state.settings import Settings
from pulumi_spectrum.emulator.state.snapshot import (
    ProjectSnapshot,
    Snapshot,
    SnapshotError,
    load_snapshot,
    read_snapshot,
    take_snapshot,
)
from pulumi_spectrum.emulator.switches import Plan


class Instance:
    """The API, its state and its beginnings.

    Args:
        settings: The behaviour.
        requests_per_second: The rate limit of each project; None is no limit.
        plan: The plan of projects that name none.
        project_id: The id of the first project; the seed's, or made, if not given.
        project_secret: The secret of the first project; the seed's, or made, if not given.
        seed: What it holds at first; None is one empty project.
        save: Where the state is kept. What is there already wins over the seed.
        on_answer: Called with each request to the API once its answer is known.

    Raises:
        SnapshotError: The seed or the saved state cannot be loaded, or the saved state is that of another project.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        requests_per_second: int | None,
        plan: Plan,
        project_id: str | None = None,
        project_secret: str | None = None,
        seed: Snapshot | None = None,
        save: Path | None = None,
        on_answer: Callable[[Request], None] = lambda _request: None,
    ) -> None:
        self.settings = settings
        self.service = Service(settings)
        self.api = Api(self.service, requests_per_second, self.changed, on_answer)
        self._plan: Plan = plan
        self._save = save
        saved = read_file(save) if save is not None and save.exists() else None
        start = saved or seed or Snapshot(projects=[ProjectSnapshot()])
        if saved is not None and project_id not in {None, saved.projects[0].id}:
            raise SnapshotError(
                f"{save} holds project {saved.projects[0].id}, not {project_id}. Name another file, or no project."
            )
        load_snapshot(self.service, _entitle(start, project_id, project_secret), plan)
        self._beginning = take_snapshot(self.service)

    @property
    def first(self) -> Project:
        """The project that was there first."""
        return next(iter(self.service.projects.values()))

    def add_project(self, project: ProjectSnapshot) -> Project:
        """Add a project with all that it holds.

        Raises:
            SnapshotError: Its id is taken, or a row is wrong.
        """
        (added,) = load_snapshot(self.service, Snapshot(projects=[project]), self._plan)
        self.changed()
        return added

    def changed(self) -> None:
        """Keep the state, when there is a place for it."""
        if self._save is not None:
            write_file(self._save, take_snapshot(self.service))

    def reset(self) -> None:
        """Go back to the beginning: projects, faults, requests and rate limits."""
        self.service.projects.clear()
        load_snapshot(self.service, read_snapshot(self._beginning), self._plan)
        self.api.faults.clear()
        self.api.requests.clear()
        self.api.forget_passed()
        self.changed()


def _entitle(snapshot: Snapshot, project_id: str | None, secret: str | None) -> Snapshot:
    given = {"id": project_id, "secret": secret}
    first, *others = snapshot.projects
    entitled = first.model_copy(update={name: value for name, value in given.items() if value is not None})
    return Snapshot(projects=[entitled, *others])
