"""Everything that an emulator holds, as a document: what a seed says, and what is saved."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel, to_snake

from pulumi_spectrum.emulator.state.avatars import Upload
from pulumi_spectrum.emulator.state.platforms import Platform
from pulumi_spectrum.emulator.state.project import Project
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.state.settings import Settings
from pulumi_spectrum.emulator.state.slack import SlackApp
from pulumi_spectrum.emulator.state.table import Table
from pulumi_spectrum.emulator.state.voice import SipInbound
from pulumi_spectrum.emulator.switches import Plan
from pulumi_spectrum.emulator.validation import describe


class SnapshotError(ValueError):
    """A document that cannot be loaded: every problem with its place in the document, and never a value."""


class _Part(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", defer_build=True, hide_input_in_errors=True
    )


class Profile(_Part):
    """What a person sees of a project."""

    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None


class ProjectSnapshot(_Part):
    """One project. Rows are spelt as the API spells them; what a row leaves out gets the service's default.

    Args:
        id: Its id; made if not given.
        secret: Its secret; made if not given.
        name: What it is called.
        slug: Its slug; made of the name if not given.
        plan: What it pays for; the emulator's own plan if not given.
        requests_per_second: Its rate limit; the emulator's own if not given.
        profile: What a person sees of it.
        platforms: ``enabled`` and the settings of each platform; null takes one out of the map.
        lines: Its lines. A line without a number gets one.
        users: Its users.
        webhooks: Its webhooks. One without secrets gets new ones.
        whatsapp_accounts: Its WhatsApp Business accounts.
        whatsapp_templates: Their message templates.
        sip_inbound: Where its calls go.
        slack: Its Slack app.
        uploads: Its pictures.
    """

    id: str | None = None
    secret: str | None = Field(default=None, repr=False)
    name: str = "Emulated project"
    slug: str | None = None
    plan: Plan | None = None
    requests_per_second: int | None = Field(default=None, ge=1)
    profile: Profile = Profile()
    platforms: dict[Platform, dict[str, bool] | None] = Field(default_factory=dict)
    lines: list[dict[str, Any]] = Field(default_factory=list)
    users: list[dict[str, Any]] = Field(default_factory=list)
    webhooks: list[dict[str, Any]] = Field(default_factory=list)
    whatsapp_accounts: list[dict[str, Any]] = Field(default_factory=list)
    whatsapp_templates: list[dict[str, Any]] = Field(default_factory=list)
    sip_inbound: SipInbound | None = None
    slack: SlackApp | None = None
    uploads: list[Upload] = Field(default_factory=list)


class Snapshot(_Part):
    """All projects of an emulator, the first of them first."""

    projects: list[ProjectSnapshot] = Field(min_length=1)


def read_snapshot(document: Any) -> Snapshot:
    """Return a document as a snapshot.

    Raises:
        SnapshotError: It is not one, or a row in it is wrong.
    """
    try:
        snapshot = Snapshot.model_validate(document)
    except ValidationError as refused:
        raise SnapshotError(_explain("", refused, document)) from None
    load_snapshot(Service(Settings()), snapshot, "business")
    return snapshot


def load_snapshot(service: Service, snapshot: Snapshot, plan: Plan) -> list[Project]:
    """Add the projects of a snapshot to a service.

    Args:
        service: Where to.
        snapshot: What.
        plan: The plan of projects that name none.

    Raises:
        SnapshotError: A row is wrong.
    """
    return [
        _load_project(service, saved, plan, f"projects.{position}.") for position, saved in enumerate(snapshot.projects)
    ]


def take_snapshot(service: Service) -> dict[str, Any]:
    """Return everything that a service holds as JSON values, secrets too."""
    projects = [
        ProjectSnapshot(
            id=project.id,
            secret=project.secret,
            name=project.name,
            slug=project.slug,
            plan=project.plan,
            requests_per_second=project.requests_per_second,
            profile=Profile.model_validate(project.profile),
            platforms={platform: project.platforms.shown().get(platform) for platform in get_args(Platform)},
            **{to_snake(kind): table.dump() for kind, table in project.tables.items()},
            sip_inbound=project.sip_inbound,
            slack=project.slack,
            uploads=project.uploads.dump(),
        )
        for project in service.projects.values()
    ]
    return Snapshot(projects=projects).model_dump(mode="json", by_alias=True)


def _load_project(service: Service, saved: ProjectSnapshot, plan: Plan, place: str) -> Project:
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
    project.change(**saved.profile.model_dump(by_alias=True))
    for platform, entry in saved.platforms.items():
        if entry is None:
            project.platforms.forget(platform)
            continue
        try:
            project.platforms.set(platform, **entry)
        except TypeError as unknown:
            raise SnapshotError(f"{place}platforms: {unknown}") from None
    for kind, table in project.tables.items():
        _load_rows(table, getattr(saved, to_snake(kind)), f"{place}{kind}.")
    project.sip_inbound = saved.sip_inbound
    project.slack = saved.slack
    project.uploads.load(saved.uploads)
    return project


def _load_rows(table: Table[Any], rows: list[dict[str, Any]], place: str) -> None:
    for position, fields in enumerate(rows):
        try:
            table.add(**fields)
        except ValidationError as refused:
            raise SnapshotError(_explain(f"{place}{position}.", refused, fields)) from None
        except ValueError:
            raise SnapshotError(f"{place}{position}.id is the id of another row") from None


def _explain(place: str, refused: ValidationError, value: Any) -> str:
    problems = refused.errors(include_url=False, include_input=False)
    return "; ".join(
        f"{place}{describe(problem, value)}{' (in YAML: in quotes)' if problem['type'] == 'string_type' else ''}"
        for problem in problems
    )
