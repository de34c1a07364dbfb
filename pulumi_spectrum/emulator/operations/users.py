"""Users: the upsert, the list with its filters and pages, and deletion."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import Field
from starlette.responses import Response

from pulumi_spectrum.emulator.errors import ApiError, NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call, PublicCall
from pulumi_spectrum.emulator.operations.queries import one_of, whole_number
from pulumi_spectrum.emulator.validation import Body, Email, Phone

MAX_PAGE = 500


class SharedUserBody(Body):
    """The body of a shared user, who writes to one of the service's own numbers."""

    type: Literal["shared"]
    phone_number: Phone
    first_name: str | None = None
    last_name: str | None = None
    email: Email | None = None


class DedicatedUserBody(SharedUserBody):
    """The body of a dedicated user, who writes to a line of the project."""

    type: Literal["dedicated"]  # type: ignore[assignment]
    assigned_phone_number: Phone


UserBody = Annotated[SharedUserBody | DedicatedUserBody, Field(discriminator="type")]


@OPERATIONS.register("listUsers")
def list_users(call: Call[None]) -> dict[str, Any]:
    """Return a page of the active users that match the filters, and the total before paging."""
    user_type = one_of(call.query, "type", ("shared", "dedicated"))
    limit = whole_number(call.query, "limit", least=1, most=MAX_PAGE)
    offset = whole_number(call.query, "offset", least=0) or 0
    found = call.project.users.search(user_type, call.query.getlist("id"), call.query.get("search"))
    page = found[offset:] if limit is None else found[offset : offset + limit]
    return {"users": [row.shown(call.settings) for row in page], "total": len(found)}


@OPERATIONS.register("createUser", body=UserBody)
def put_user(call: Call[SharedUserBody | DedicatedUserBody]) -> dict[str, Any]:
    """Create a user, or update the supplied fields of the one with the same key, and return it."""
    sent = call.body.sent()
    user_type = sent.pop("type")
    switches = call.settings.switches
    fields = {name: value for name, value in sent.items() if value is not None}
    if switches.null_user_fields == "refuse" and (nulls := sent.keys() - fields.keys()):
        raise UnprocessableError("; ".join(f"{name} must be a string" for name in sent if name in nulls))
    if user_type == "dedicated" and not call.project.lines.owns(fields["assignedPhoneNumber"]):
        raise ApiError(switches.foreign_line_status, "assignedPhoneNumber must be a line of this project")
    return call.project.users.put(user_type, fields, call.project.max_shared_users).shown(call.settings)


@OPERATIONS.register("getUser")
def get_user(call: Call[None]) -> dict[str, Any]:
    """Return one user."""
    users = call.project.users
    user_id = call.path["userId"]
    row = next((row for row in users.listed() if row.id == user_id), None)
    if row is None and call.settings.switches.deleted_user == "shown":
        row = users.find_deleted(user_id)
    if row is None:
        raise NotFoundError("User")
    return row.shown(call.settings)


@OPERATIONS.register("deleteUser")
def delete_user(call: Call[None]) -> dict[str, str]:
    """Delete a user and return its id."""
    row = call.project.users.find(call.path["userId"])
    if row is None:
        raise NotFoundError("User")
    call.project.users.delete(row.id)
    return {"userId": row.id}


@OPERATIONS.register_public("redirectToUser")
def redirect_to_user(call: PublicCall) -> Response:
    """Redirect a browser to a chat with the number that serves a user."""
    for project in call.service.projects.values():
        row = project.users.find(call.path["userId"])
        if row is not None and row.assigned_phone_number:
            message = call.query.get("msg")
            body = f"&body={quote(message, safe='')}" if message else ""
            return Response(status_code=302, headers={"Location": f"sms:{row.assigned_phone_number}{body}"})
    raise NotFoundError("User")
