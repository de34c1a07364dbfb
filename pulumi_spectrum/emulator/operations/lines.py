"""Lines and their profiles."""

from __future__ import annotations

from typing import Any, Literal

from pulumi_spectrum.emulator.errors import NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.operations.queries import one_of
from pulumi_spectrum.emulator.state.line_table import LineRow
from pulumi_spectrum.emulator.state.platform_map import PLATFORMS
from pulumi_spectrum.emulator.validation import Body


class LineCreateBody(Body):
    """The body that allocates a line: the service picks the number."""

    platform: Literal["imessage"]


class LineProfileBody(Body):
    """The body that changes a line's profile; null clears."""

    first_name: str | None = None
    last_name: str | None = None


@OPERATIONS.answer("listLines")
def list_lines(call: Call[None]) -> dict[str, Any]:
    """Answer the project's own lines, wrapped."""
    platform = one_of(call.query, "platform", PLATFORMS)
    rows = [row for row in call.project.lines.listed() if platform in (None, row.platform)]
    return {"lines": [row.shown(call.settings) for row in rows]}


@OPERATIONS.answer("createLine", body=LineCreateBody)
def create_line(call: Call[LineCreateBody]) -> dict[str, Any]:
    """Answer the new line and what it does to the bill."""
    row = call.project.lines.allocate(call.project.plan)
    return {"line": row.shown(call.settings), "billing": call.project.lines.billing()}


@OPERATIONS.answer("routeLine")
def route_line(call: Call[None]) -> dict[str, Any]:
    """Answer the best line for a new user."""
    rows = call.project.lines.listed()
    if not rows:
        raise NotFoundError("Line")
    best = min(rows, key=lambda row: row.status != "available")
    return {
        "line": {"id": best.id, "phoneNumber": call.settings.written_phone(best.phone_number)},
        "isBestAvailable": best.status == "available",
    }


@OPERATIONS.answer("deleteLine")
def delete_line(call: Call[None]) -> dict[str, Any]:
    """Answer what the release does to the bill."""
    row = call.project.lines.required(call.path["lineId"])
    call.project.lines.delete(row.id)
    return {"billing": call.project.lines.billing()}


@OPERATIONS.answer("getLineProfile")
def get_line_profile(call: Call[None]) -> dict[str, Any]:
    """Answer a line's profile."""
    return show_profile(call, call.project.lines.required(call.path["lineId"]))


@OPERATIONS.answer("updateLineProfile", body=LineProfileBody)
def update_line_profile(call: Call[LineProfileBody]) -> dict[str, Any]:
    """Answer the changed profile."""
    fields = call.body.sent()
    if not fields:
        raise UnprocessableError("The body must hold firstName or lastName")
    row = call.project.lines.required(call.path["lineId"])
    return show_profile(call, call.project.lines.change(row.id, **fields))


def show_profile(call: Call[Any], row: LineRow) -> dict[str, Any]:
    """Return a line's profile as the API shows it."""
    return {
        "projectId": call.project.id,
        "lineId": row.id,
        "phoneNumber": call.settings.written_phone(row.phone_number),
        **row.profile,
    }
