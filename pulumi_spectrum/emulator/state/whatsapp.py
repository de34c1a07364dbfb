"""WhatsApp Business accounts and their message templates."""

from __future__ import annotations

from itertools import count
from typing import Any, Literal

from pulumi_spectrum.emulator.errors import ConflictError, NotFoundError
from pulumi_spectrum.emulator.state.settings import Settings
from pulumi_spectrum.emulator.state.table import Row, Table

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
"""What Meta lets be changed in a status. In a status that is not here, nothing."""


class WhatsAppAccountRow(Row):
    """One account. The API has no way to make one: they come from a seed."""

    waba_id: str
    name: str | None = None

    def shown(self, settings: Settings) -> dict[str, Any]:  # noqa: ARG002 - it has no times
        """Return the row as the API lists it."""
        return {"accountId": self.id, "wabaId": self.waba_id, "name": self.name}


class TemplateRow(Row):
    """One message template. Its name and language never change.

    Meta reviews it: a test that plays Meta changes ``status``, ``rejectedReason`` or ``category`` by handle.
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

    def shown(self, settings: Settings) -> dict[str, Any]:  # noqa: ARG002 - it has no times
        """Return the row as the API lists it."""
        row = {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "status": self.status,
            "parameterFormat": self.parameter_format,
            "components": list(self.components),
        }
        verdict = {"qualityScore": self.quality_score, "rejectedReason": self.rejected_reason}
        return row | {name: value for name, value in verdict.items() if value is not None}


class WhatsAppAccounts(Table[WhatsAppAccountRow]):
    """The accounts of one project."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(WhatsAppAccountRow, settings)

    def required(self, account_id: str) -> WhatsAppAccountRow:
        """Return the account with this id, or answer 404."""
        row = self.find(account_id)
        if row is None:
            raise NotFoundError("WhatsApp Business account")
        return row


class Templates(Table[TemplateRow]):
    """The templates of all accounts of one project: one for a name and a language of an account."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(TemplateRow, settings)
        self._ids = count(1001)

    def of(self, account: WhatsAppAccountRow) -> list[TemplateRow]:
        """Return the active templates of an account."""
        return [row for row in self.listed() if row.account_id == account.id]

    def ever(self) -> list[TemplateRow]:
        """Return every template there ever was, oldest first: a cursor outlives the template that it stands on."""
        return list(self._rows.values())

    def create(self, account: WhatsAppAccountRow, fields: dict[str, Any]) -> TemplateRow:
        """Add a template to an account as a client asks for it."""
        for row in self.active():
            if (row.account_id, row.name, row.language) == (account.id, fields["name"], fields["language"]):
                raise ConflictError("A template with this name and language exists already")
        taken = {row.id for row in (*self.active(), *self.deleted())}
        template_id = next(str(number) for number in self._ids if str(number) not in taken)
        return self.add(id=template_id, accountId=account.id, **fields)

    def update(self, row: TemplateRow, fields: dict[str, Any]) -> TemplateRow:
        """Change a template as a client asks for it, within Meta's rules; some changes send it back into review."""
        refused = [name for name in fields if name not in EDITABLE.get(row.status, ())]
        if refused:
            raise ConflictError(f"{', '.join(refused)} cannot be changed while the template is {row.status}")
        if row.status == "REJECTED" or "category" in fields:
            fields = {**fields, "status": "PENDING", "rejectedReason": None}
        return self.change(row.id, **fields)

    def required(self, account: WhatsAppAccountRow, template_id: str) -> TemplateRow:
        """Return the active template of an account, or answer 404."""
        row = self.find(template_id)
        if row is None or row.account_id != account.id:
            raise NotFoundError("Template")
        return row
