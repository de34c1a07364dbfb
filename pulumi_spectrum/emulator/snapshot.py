"""Everything that an emulator holds, as a document: the content of a seed and of a saved state."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from pulumi_spectrum.emulator.areas import AREAS
from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.loading import SnapshotError, loading
from pulumi_spectrum.emulator.state.project_state import ProjectState
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.state.table import Item
from pulumi_spectrum.emulator.state.uploads import Upload
from pulumi_spectrum.emulator.switches import Plan
from pulumi_spectrum.emulator.validation import RequestsPerSecond


class ProjectSnapshot(Item):
    """One project. Beside the fields here it has a section for each area, spelt as in :data:`AREAS`.

    Rows and singletons are spelt as the API spells them. Fields left out get the service's defaults: a line without a
    number gets one, a webhook without secrets gets new ones. A platform that is null is taken out of the map.

    Args:
        id: Its id; made if not given.
        secret: Its secret; made if not given.
        name: Its name.
        slug: Its slug; made of the name if not given.
        plan: The plan that it pays for; the emulator's own plan if not given.
        requests_per_second: Its rate limit; the emulator's own if not given.
        uploads: Its pictures.
    """

    id: str | None = None
    secret: str | None = Field(default=None, repr=False)
    name: str = "Emulated project"
    slug: str | None = None
    plan: Plan | None = None
    requests_per_second: RequestsPerSecond | None = None
    uploads: list[Upload] = Field(default_factory=list)


_sections: dict[str, Any] = {area.name: (area.handle.section, area.handle.empty) for area in AREAS.values()}
_Project: type[ProjectSnapshot] = create_model("ProjectSnapshot", __base__=ProjectSnapshot, **_sections)
_Document: type[BaseModel] = create_model(
    "Document",
    __config__=ConfigDict(extra="forbid", hide_input_in_errors=True),
    projects=(list[_Project], Field(min_length=1)),
)


def read_snapshot(document: Any) -> list[ProjectSnapshot]:
    """Return the projects of a document, in its order.

    Raises:
        SnapshotError: It is no snapshot, or a row in it is wrong.
    """
    with loading("", document):
        projects: list[ProjectSnapshot] = vars(_Document.model_validate(document))["projects"]
    load_snapshot(Service(EmulatorSettings()), projects, "business")
    return projects


def load_snapshot(service: Service, projects: list[ProjectSnapshot], plan: Plan) -> None:
    """Add projects to a service.

    Args:
        service: Where to add them.
        projects: The projects.
        plan: The plan of projects that name none.

    Raises:
        SnapshotError: An id is taken, or a row is wrong.
    """
    for position, saved in enumerate(projects):
        _load_project(service, saved, plan, f"projects.{position}.")


def load_project(service: Service, document: Any, plan: Plan) -> ProjectState:
    """Add one project, in the form that a seed has for it, to a service, and return it.

    Raises:
        SnapshotError: Its id is taken, or something in it is wrong. Then nothing is added.
    """
    with loading("", document):
        saved = _Project.model_validate(document)
    _load_project(Service(EmulatorSettings()), saved, plan, "")
    return _load_project(service, saved, plan, "")


def take_snapshot(service: Service) -> dict[str, Any]:
    """Return everything that a service holds as JSON values, secrets too."""
    return {"projects": [_dump_project(project) for project in service.projects.values()]}


def _dump_project(project: ProjectState) -> dict[str, Any]:
    saved = _Project(
        id=project.id,
        secret=project.secret,
        name=project.name,
        slug=project.slug,
        plan=project.plan,
        requests_per_second=project.requests_per_second,
        uploads=project.uploads.dump(),
        **{area.name: area.state_in(project).dump() for area in AREAS.values()},
    )
    return saved.model_dump(mode="json", by_alias=True)


def _load_project(service: Service, saved: ProjectSnapshot, plan: Plan, place: str) -> ProjectState:
    if saved.id in service.projects:
        raise SnapshotError(f"{place}id is the id of another project")
    project = service.add_project(
        saved.id,
        saved.secret,
        name=saved.name,
        plan=saved.plan or plan,
        requests_per_second=saved.requests_per_second,
    )
    project.slug = saved.slug or project.slug
    for area in AREAS.values():
        area.state_in(project).load(getattr(saved, area.name), f"{place}{area.spelling}")
    project.uploads.load(saved.uploads)
    return project
