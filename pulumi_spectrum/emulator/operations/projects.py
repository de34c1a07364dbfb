"""The project, its profile and its slug, and the public contract."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from pulumi_spectrum.emulator.contract import document_of
from pulumi_spectrum.emulator.errors import ConflictError, NotFoundError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call, PublicCall
from pulumi_spectrum.emulator.validation import Body

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _check_slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise PydanticCustomError("slug", "must be lower-case letters and digits, with single hyphens between them")
    return text


class ProfileBody(Body):
    """The body that changes the profile's names."""

    first_name: str = ""
    last_name: str = ""


class SlugBody(Body):
    """The body that changes the slug."""

    slug: Annotated[str, AfterValidator(_check_slug)]


@OPERATIONS.register("getProject")
def get_project(call: Call[None]) -> dict[str, Any]:
    """Return the project."""
    return call.project.shown()


@OPERATIONS.register("getProjectProfile")
def get_project_profile(call: Call[None]) -> dict[str, Any] | None:
    """Return the profile; null, null names or 404 while it was never set, by a switch."""
    profile = call.project.shown_profile()
    if profile is None and call.settings.switches.unset_profile == "missing":
        raise NotFoundError("Profile")
    return profile


@OPERATIONS.register("updateProjectProfile", body=ProfileBody)
def update_project_profile(call: Call[ProfileBody]) -> dict[str, Any] | None:
    """Return the changed profile."""
    call.project.profile.set(**call.body.sent())
    return call.project.shown_profile()


@OPERATIONS.register("startProfileSync")
def start_profile_sync(call: Call[None]) -> dict[str, Any]:
    """Copy the profile to every line and return to how many."""
    return {"projectId": call.project.id, "targetedLineCount": call.project.sync_profile()}


@OPERATIONS.register("getProfileSync")
def get_profile_sync(call: Call[None]) -> dict[str, Any]:
    """Return whether the lines carry the profile. The response's shape is in no source."""
    return {"projectId": call.project.id, "imessageSynced": call.project.lines_carry_profile()}


@OPERATIONS.register("updateProjectSlug", body=SlugBody)
def update_slug(call: Call[SlugBody]) -> dict[str, str]:
    """Return the new slug. The response's shape is in no source."""
    others = (project for project in call.service.projects.values() if project is not call.project)
    if any(project.slug == call.body.slug for project in others):
        raise ConflictError("Slug already taken")
    call.project.slug = call.body.slug
    return {"slug": call.project.slug}


@OPERATIONS.register_public("getOpenApi")
def get_contract(call: PublicCall) -> Response:
    """Return the contract of this generation, without the envelope."""
    document = document_of(call.service.settings.generation)
    return Response(json.dumps(document), media_type="application/json")
