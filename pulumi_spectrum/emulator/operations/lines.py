"""Lines and their profiles."""

from __future__ import annotations

from typing import Any, Literal

from pulumi_spectrum.emulator.errors import NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.operations.queries import one_of
from pulumi_spectrum.emulator.state.line_table import LineRecord
from pulumi_spectrum.emulator.state.platform_map import PLATFORMS
from pulumi_spectrum.emulator.validation import Body


class LineCreateBody(Body):
    """The body that allocates a line. The service chooses the number."""

    platform: Literal["imessage"]


class LineProfileBody(Body):
    """The body that changes a line's profile. Null clears a name."""

    first_name: str | None = None
    last_name: str | None = None


@OPERATIONS.register("listLines")
def list_lines(call: Call[None]) -> dict[str, Any]:
    """Return the project's lines, wrapped in an object."""
    platform = one_of(call.query, "platform", PLATFORMS)
    rows = [row for row in call.project.lines.listed() if platform in (None, row.platform)]
    return {"lines": [row.shown(call.settings) for row in rows]}


@OPERATIONS.register("createLine", body=LineCreateBody)
def create_line(call: Call[LineCreateBody]) -> dict[str, Any]:
    """Return the new line and the billing state."""
    row = call.project.lines.allocate(call.project.plan)
    return {"line": row.shown(call.settings), "billing": call.project.lines.billing()}


@OPERATIONS.register("routeLine")
def route_line(call: Call[None]) -> dict[str, Any]:
    """Return the best line for a new user."""
    rows = call.project.lines.listed()
    if not rows:
        raise NotFoundError("Line")
    best = min(rows, key=lambda row: row.status != "available")
    return {
        "line": {"id": best.id, "phoneNumber": call.settings.format_phone(best.phone_number)},
        "isBestAvailable": best.status == "available",
    }


@OPERATIONS.register("deleteLine")
def delete_line(call: Call[None]) -> dict[str, Any]:
    """Delete a line and return the billing state."""
    row = call.project.lines.required(call.path["lineId"])
    call.project.lines.delete(row.id)
    return {"billing": call.project.lines.billing()}


@OPERATIONS.register("getLineProfile")
def get_line_profile(call: Call[None]) -> dict[str, Any]:
    """Return a line's profile."""
    return show_profile(call, call.project.lines.required(call.path["lineId"]))


@OPERATIONS.register("updateLineProfile", body=LineProfileBody)
def update_line_profile(call: Call[LineProfileBody]) -> dict[str, Any]:
    """Return the changed profile."""
    fields = call.body.sent()
    if not fields:
        raise UnprocessableError("The body must hold firstName or lastName")
    row = call.project.lines.required(call.path["lineId"])
    return show_profile(call, call.project.lines.change(row.id, **fields))


def show_profile(call: Call[Any], row: LineRecord) -> dict[str, Any]:
    """Return a line's profile as the API shows it."""
    return {
        "projectId": call.project.id,
        "lineId": row.id,
        "phoneNumber": call.settings.format_phone(row.phone_number),
        **row.profile,
    }
