"""WhatsApp Business accounts and message templates."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from pulumi_spectrum.emulator.errors import ApiError, UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.operations.queries import whole_number
from pulumi_spectrum.emulator.state.whatsapp_tables import ParameterFormat, TemplateCategory, TemplateRecord
from pulumi_spectrum.emulator.validation import Body, WholeNumber

PAGE = 25
MAX_PAGE = 100
FILTERS = ("name", "language", "category", "status")


class ComponentBody(Body):
    """One component of a template. All fields but its type are kept unchanged for Meta."""

    model_config = ConfigDict(extra="allow")

    type: str


ComponentsBody = Annotated[list[ComponentBody], Field(min_length=1)]


class TemplateCreateBody(Body):
    """The body of a new template."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    language: Annotated[str, StringConstraints(min_length=2, max_length=20)]
    category: TemplateCategory
    components: ComponentsBody
    parameter_format: ParameterFormat = "POSITIONAL"
    allow_category_change: bool = False


class TemplateUpdateBody(Body):
    """The body that changes a template. Name and language cannot change."""

    category: TemplateCategory = "UTILITY"
    components: ComponentsBody = Field(default_factory=list)
    message_send_ttl_seconds: WholeNumber = 0


@OPERATIONS.register("listWhatsAppAccounts")
def list_accounts(call: Call[None]) -> list[dict[str, Any]]:
    """Return the accounts as a bare array."""
    return [row.shown(call.settings) for row in call.project.whatsapp_accounts.listed()]


@OPERATIONS.register("listWhatsAppTemplates")
def list_templates(call: Call[None]) -> dict[str, Any]:
    """Return one page of the matching templates, with the cursors of the next and the previous page."""
    account = call.project.whatsapp_accounts.required(call.path["accountId"])
    limit = whole_number(call.query, "limit", least=1, most=MAX_PAGE) or PAGE
    rows = [row for row in call.project.whatsapp_templates.of(account) if _fits(row, call)]
    if "before" in call.query:
        end = _count_before(rows, call, "before")
        begin = max(0, end - limit)
    else:
        begin = _count_before(rows, call, "after", inclusive=True) if "after" in call.query else 0
        end = begin + limit
    page = rows[begin:end]
    return {
        "templates": [row.shown(call.settings) for row in page],
        "paging": {
            "nextCursor": _cursor(page[-1]) if page and end < len(rows) else None,
            "prevCursor": _cursor(page[0]) if page and begin > 0 else None,
        },
    }


@OPERATIONS.register("createWhatsAppTemplate", body=TemplateCreateBody)
def create_template(call: Call[TemplateCreateBody]) -> dict[str, str]:
    """Return the new template's id, status and category."""
    account = call.project.whatsapp_accounts.required(call.path["accountId"])
    row = call.project.whatsapp_templates.create(account, call.body.sent())
    return {"id": row.id, "status": row.status, "category": row.category}


@OPERATIONS.register("updateWhatsAppTemplate", body=TemplateUpdateBody)
def update_template(call: Call[TemplateUpdateBody]) -> dict[str, Any]:
    """Return that the template was changed. Only the list returns its fields."""
    row = _required(call)
    fields = call.body.sent()
    if not fields:
        raise ApiError(400, "The body must hold at least one field to change")
    call.project.whatsapp_templates.update(row, fields)
    return {"templateId": row.id, "success": True}


@OPERATIONS.register("deleteWhatsAppTemplate")
def delete_template(call: Call[None]) -> dict[str, Any]:
    """Delete the template of the path. The query must hold its name."""
    row = _required(call)
    if "name" not in call.query:
        raise UnprocessableError("name is required")
    if call.query["name"] != row.name:
        raise UnprocessableError("name must be the name of this template")
    call.project.whatsapp_templates.delete(row.id)
    return {"templateId": row.id, "success": True}


def _required(call: Call[Any]) -> TemplateRecord:
    account = call.project.whatsapp_accounts.required(call.path["accountId"])
    return call.project.whatsapp_templates.required(account, call.path["templateId"])


def _fits(row: TemplateRecord, call: Call[Any]) -> bool:
    wanted = {name: call.query.get(name) for name in FILTERS}
    if any(value is not None and value != getattr(row, name) for name, value in wanted.items()):
        return False
    text = (call.query.get("nameOrContent") or "").casefold()
    contents = (row.name, *(str(component.get("text", "")) for component in row.components))
    return any(text in content.casefold() for content in contents)


def _cursor(row: TemplateRecord) -> str:
    """Return the cursor of a row: an opaque text."""
    return urlsafe_b64encode(row.id.encode()).decode()


def _count_before(rows: list[TemplateRecord], call: Call[Any], name: str, *, inclusive: bool = False) -> int:
    """Return the number of rows before the row of a cursor, which may be deleted; ``inclusive`` counts that row too."""
    all_rows = call.project.whatsapp_templates.with_deleted()
    cursors = [_cursor(row) for row in all_rows]
    if call.query[name] not in cursors:
        raise UnprocessableError(f"{name} must be a cursor of this list")
    earlier = {row.id for row in all_rows[: cursors.index(call.query[name]) + inclusive]}
    return sum(row.id in earlier for row in rows)
