"""WhatsApp Business accounts and message templates."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pulumi_spectrum.emulator.errors import UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.operations.queries import whole_number
from pulumi_spectrum.emulator.state.whatsapp import ParameterFormat, TemplateCategory, TemplateRow
from pulumi_spectrum.emulator.validation import Body, WholeNumber


class TemplateCreate(Body):
    """The body of a new template."""

    name: str
    language: str
    category: TemplateCategory
    components: list[dict[str, Any]]
    parameter_format: ParameterFormat = "POSITIONAL"
    allow_category_change: bool = False


class TemplateUpdate(Body):
    """The body that changes a template: never its name or language."""

    category: TemplateCategory = "UTILITY"
    components: list[dict[str, Any]] = Field(default_factory=list)
    message_send_ttl_seconds: WholeNumber = 0


@OPERATIONS.answer("listWhatsAppAccounts")
def list_accounts(call: Call[None]) -> list[dict[str, Any]]:
    """Answer the accounts as a bare array."""
    return [row.shown(call.settings) for row in call.project.whatsapp_accounts.listed()]


@OPERATIONS.answer("listWhatsAppTemplates")
def list_templates(call: Call[None]) -> dict[str, Any]:
    """Answer one page of the templates that fit, wrapped."""
    account = call.project.whatsapp_accounts.required(call.path["accountId"])
    rows = [row for row in call.project.whatsapp_templates.of(account) if _fits(row, call)]
    ids = [row.id for row in rows]
    after, before = call.query.get("after"), call.query.get("before")
    if after in ids:
        rows = rows[ids.index(after) + 1 :]
    elif before in ids:
        rows = rows[: ids.index(before)]
    limit = whole_number(call.query, "limit", least=1)
    return {"templates": [row.shown(call.settings) for row in rows[:limit]], "paging": None}


@OPERATIONS.answer("createWhatsAppTemplate", body=TemplateCreate)
def create_template(call: Call[TemplateCreate]) -> dict[str, str]:
    """Answer the new template's id and that it waits for approval."""
    account = call.project.whatsapp_accounts.required(call.path["accountId"])
    row = call.project.whatsapp_templates.create(account, call.body.sent())
    return {"id": row.id, "status": row.status, "category": row.category}


@OPERATIONS.answer("updateWhatsAppTemplate", body=TemplateUpdate)
def update_template(call: Call[TemplateUpdate]) -> dict[str, Any]:
    """Answer the template: no source names the shape."""
    fields = call.body.sent()
    if not fields:
        raise UnprocessableError("The body must hold at least one field to change")
    row = _required(call)
    return call.project.whatsapp_templates.change(row.id, **fields).shown(call.settings)


@OPERATIONS.answer("deleteWhatsAppTemplate")
def delete_template(call: Call[None]) -> None:
    """Delete a template: no source names the answer's shape. A name in the query must be its own."""
    row = _required(call)
    if call.query.get("name") not in {None, row.name}:
        raise UnprocessableError("name must be the name of this template")
    call.project.whatsapp_templates.delete(row.id)


def _required(call: Call[Any]) -> TemplateRow:
    account = call.project.whatsapp_accounts.required(call.path["accountId"])
    return call.project.whatsapp_templates.required(account, call.path["templateId"])


def _fits(row: TemplateRow, call: Call[Any]) -> bool:
    wanted = {name: call.query.get(name) for name in ("name", "language", "category", "status")}
    if any(value is not None and value != getattr(row, name) for name, value in wanted.items()):
        return False
    text = (call.query.get("nameOrContent") or "").casefold()
    contents = (row.name, *(str(component.get("text", "")) for component in row.components))
    return any(text in content.casefold() for content in contents)
