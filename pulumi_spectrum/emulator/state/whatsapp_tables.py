"""WhatsApp Business accounts and their message templates."""

from __future__ import annotations

from itertools import count
from typing import Any, Literal

from pulumi_spectrum.emulator.errors import ApiError, ConflictError, NotFoundError
from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.table import Table, TableRecord

TemplateCategory = Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
ParameterFormat = Literal["POSITIONAL", "NAMED"]
TemplateStatus = Literal[
    "APPROVED",
    "PENDING",
    "REJECTED",
    "PAUSED",
    "IN_APPEAL",
    "PENDING_DELETION",
    "DELETED",
    "DISABLED",
    "LIMIT_EXCEEDED",
]

EDITABLE: dict[TemplateStatus, frozenset[str]] = {
    "APPROVED": frozenset({"components", "category", "messageSendTtlSeconds"}),
    "REJECTED": frozenset({"components", "category", "messageSendTtlSeconds"}),
    "PAUSED": frozenset({"components"}),
}
"""The fields that Meta lets be changed in each status. In any other status no field can be changed."""


class WhatsAppAccountRecord(TableRecord):
    """One account. The API cannot create accounts: they come from a seed or a handle."""

    waba_id: str
    name: str | None = None

    def shown(self, settings: EmulatorSettings) -> dict[str, Any]:  # noqa: ARG002 - it shows no times
        """Return the row as the API lists it."""
        return {"accountId": self.id, "wabaId": self.waba_id, "name": self.name}


class TemplateRecord(TableRecord):
    """One message template. Its name and language never change.

    Meta reviews templates. For a test to do so, change ``status``, ``rejectedReason`` or ``category`` by handle.
    """

    account_id: str
    name: str
    language: str
    category: TemplateCategory
    status: TemplateStatus = "PENDING"
    parameter_format: ParameterFormat = "POSITIONAL"
    components: tuple[dict[str, Any], ...] = ()
    allow_category_change: bool = False
    message_send_ttl_seconds: int | None = None
    quality_score: str | None = None
    rejected_reason: str | None = None

    def shown(self, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the row as the API lists it."""
        extended = settings.switches.template_components == "extended"
        shows_format = settings.switches.template_parameter_format == "shown"
        row = {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "status": self.status,
            "components": [_extended(each) if extended else each for each in self.components],
        }
        optional = {
            "parameterFormat": self.parameter_format if shows_format else None,
            "qualityScore": self.quality_score,
            "rejectedReason": self.rejected_reason,
        }
        return row | {name: value for name, value in optional.items() if value is not None}


class WhatsAppAccountTable(Table[WhatsAppAccountRecord]):
    """The accounts of one project."""

    def __init__(self, settings: EmulatorSettings) -> None:
        super().__init__(WhatsAppAccountRecord, settings)

    def required(self, account_id: str) -> WhatsAppAccountRecord:
        """Return the account with this id. 404 when there is none."""
        row = self.find(account_id)
        if row is None:
            raise NotFoundError("WhatsApp Business account")
        return row


class TemplateTable(Table[TemplateRecord]):
    """The templates of all accounts of one project. Name and language identify a template within its account."""

    def __init__(self, settings: EmulatorSettings) -> None:
        super().__init__(TemplateRecord, settings)
        self._ids = count(1001)

    def of(self, account: WhatsAppAccountRecord) -> list[TemplateRecord]:
        """Return the active templates of an account."""
        return [row for row in self.listed() if row.account_id == account.id]

    def with_deleted(self) -> list[TemplateRecord]:
        """Return all templates, deleted ones too, oldest first: a cursor stays valid when its template is deleted."""
        return list(self._rows.values())

    def create(self, account: WhatsAppAccountRecord, fields: dict[str, Any]) -> TemplateRecord:
        """Add a template to an account for a client, unless its name and language are taken."""
        status = self.settings.switches.taken_template_status
        for row in self.with_deleted():
            if (row.account_id, row.name, row.language) != (account.id, fields["name"], fields["language"]):
                continue
            if row.deleted_at is None:
                raise ApiError(status, "A template with this name and language exists already")
            if self.settings.age(row.deleted_at) < self.settings.switches.deleted_template_seconds:
                raise ApiError(status, "A template with this name and language is being deleted. Try again later")
        taken = {row.id for row in self.with_deleted()}
        template_id = next(str(number) for number in self._ids if str(number) not in taken)
        return self.add(id=template_id, accountId=account.id, **fields)

    def update(self, row: TemplateRecord, fields: dict[str, Any]) -> TemplateRecord:
        """Change a template for a client, under Meta's rules. Some changes send it back into review."""
        refused = [name for name in fields if name not in EDITABLE.get(row.status, ())]
        if refused:
            raise ConflictError(f"{', '.join(refused)} cannot be changed while the template is {row.status}")
        if row.status == "REJECTED" or "category" in fields:
            fields = {**fields, "status": "PENDING", "rejectedReason": None}
        return self.change(row.id, **fields)

    def required(self, account: WhatsAppAccountRecord, template_id: str) -> TemplateRecord:
        """Return the active template of an account. 404 when there is none."""
        row = self.find(template_id)
        if row is None or row.account_id != account.id:
            raise NotFoundError("Template")
        return row


def _extended(value: Any) -> Any:
    """Return a component with one more key in each dictionary of it, as a service may add what it was not sent."""
    if isinstance(value, dict):
        return {**{name: _extended(each) for name, each in value.items()}, "added_by_service": True}
    return [_extended(each) for each in value] if isinstance(value, list) else value
