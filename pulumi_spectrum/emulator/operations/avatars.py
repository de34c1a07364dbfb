"""Pictures of profiles: a client asks for an address, uploads the picture there, and commits it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from pulumi_spectrum.emulator.errors import ApiError, NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.operations.lines import show_profile
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.state.uploads import Upload
from pulumi_spectrum.emulator.validation import Body

UPLOADS = "/uploads/"
"""The path below which pictures are uploaded. It is not in the contract and needs no credentials but the key."""

LARGEST_PICTURE = 5_000_000
_IMAGE_TYPE = re.compile(r"image/[a-z0-9][a-z0-9.+-]*")


def _check_image_type(text: str) -> str:
    if not _IMAGE_TYPE.fullmatch(text):
        raise PydanticCustomError("image_type", "must be an image type, such as image/png")
    return text


class AvatarUploadBody(Body):
    """The body that asks for an upload address."""

    content_type: Annotated[str, AfterValidator(_check_image_type)] = "image/png"


class AvatarCommitBody(Body):
    """The body that commits a picture."""

    key: str


@OPERATIONS.register("createProjectAvatarUpload", body=AvatarUploadBody)
def begin_project_upload(call: Call[AvatarUploadBody]) -> dict[str, str]:
    """Return the upload address for the project's picture."""
    return _show(call, call.project.uploads.begin(call.body.content_type, None))


@OPERATIONS.register("commitProjectAvatar", body=AvatarCommitBody)
def commit_project_avatar(call: Call[AvatarCommitBody]) -> dict[str, Any] | None:
    """Return the profile with its new picture."""
    upload = call.project.uploads.commit(call.body.key, None)
    call.project.profile.set(avatarUrl=_url(call, upload))
    return call.project.shown_profile()


@OPERATIONS.register("createLineAvatarUpload", body=AvatarUploadBody, body_required=False)
def begin_line_upload(call: Call[AvatarUploadBody | None]) -> dict[str, str]:
    """Return the upload address for a line's picture."""
    line = call.project.lines.required(call.path["lineId"])
    content_type = (call.body or AvatarUploadBody()).content_type
    shown = _show(call, call.project.uploads.begin(content_type, line.id))
    return {"projectId": call.project.id, "lineId": line.id, **shown}


@OPERATIONS.register("commitLineAvatar", body=AvatarCommitBody)
def commit_line_avatar(call: Call[AvatarCommitBody]) -> dict[str, Any]:
    """Return the line's profile with its new picture."""
    line = call.project.lines.required(call.path["lineId"])
    upload = call.project.uploads.commit(call.body.key, line.id)
    return show_profile(call, call.project.lines.change(line.id, avatarUrl=_url(call, upload)))


def serve_upload(service: Service, http: Request, content: bytes) -> Response:
    """Respond to a request below :data:`UPLOADS`: store or return a picture."""
    key = http.scope["path"].removeprefix(UPLOADS)
    found = [(project, upload) for project in service.projects.values() if (upload := project.uploads.find(key))]
    if not found:
        raise NotFoundError("Upload")
    project, upload = found[0]
    match http.method:
        case "PUT":
            if http.headers.get("content-type", upload.content_type) != upload.content_type:
                raise ApiError(403, f"The content type must be {upload.content_type}")
            if not content or len(content) > LARGEST_PICTURE:
                raise UnprocessableError(f"The picture must hold from 1 to {LARGEST_PICTURE} bytes")
            project.uploads.receive(key, content)
            return Response(status_code=200)
        case "GET" if upload.content is not None:
            return Response(upload.content, media_type=upload.content_type)
        case "GET":
            raise NotFoundError("Upload")
        case _:
            raise ApiError(405, "Method not allowed", {"Allow": "GET, PUT"})


def _show(call: Call[Any], upload: Upload) -> dict[str, str]:
    return {"uploadUrl": _url(call, upload), "key": upload.key}


def _url(call: Call[Any], upload: Upload) -> str:
    return f"{call.base_url}{UPLOADS}{upload.key}"
