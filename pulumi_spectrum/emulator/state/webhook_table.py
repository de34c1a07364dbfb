"""Webhook registrations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field
from pydantic_core import Url

from pulumi_spectrum.emulator.errors import ConflictError, NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.state.emulator_settings import (
    EmulatorSettings,
    make_signing_secret,
    make_standard_signing_secret,
)
from pulumi_spectrum.emulator.state.table import Table, TableRecord
from pulumi_spectrum.emulator.switches import SchemaVersion
from pulumi_spectrum.emulator.validation import Email, Moment


class WebhookRecord(TableRecord):
    """One registration. Deletion is soft. The API returns the secrets in one response only."""

    webhook_url: str
    updated_at: Moment
    schema_version: SchemaVersion = "normalized-events.v1"
    event_types: tuple[str, ...] = ("message.received",)
    enabled: bool = True
    failure_notification_email: Email | None = None
    disabled_at: Moment | None = None
    disabled_reason: Literal["manual", "receiver_gone", "delivery_failures"] | None = None
    signing_secret: str = Field(repr=False)
    standard_signing_secret: str = Field(repr=False)

    def shown(self, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the row as the API lists it, without its secrets."""
        row: dict[str, Any] = {
            "id": self.id,
            "webhookUrl": self.webhook_url,
            "createdAt": settings.format_time(self.created_at),
            "updatedAt": settings.format_time(self.updated_at),
        }
        if settings.newer:
            row |= {
                "schemaVersion": self.schema_version,
                "eventTypes": _ordered(self.event_types, settings),
                "enabled": self.enabled,
                "status": "active" if self.enabled else "disabled",
                "failureNotificationEmail": settings.format_email(self.failure_notification_email),
                "disabledAt": settings.format_time(self.disabled_at) if self.disabled_at else None,
                "disabledReason": self.disabled_reason,
            }
        return row

    def one_time_secrets(self, settings: EmulatorSettings) -> dict[str, str]:
        """Return the secrets, which only the response to the registration holds beside the row."""
        shown = {"signingSecret": self.signing_secret}
        if settings.newer:
            shown["standardSigningSecret"] = self.standard_signing_secret
        return shown


class WebhookTable(Table[WebhookRecord]):
    """The registrations of one project: at most one active row for a URL."""

    def __init__(self, settings: EmulatorSettings) -> None:
        super().__init__(WebhookRecord, settings)

    def add(self, /, **fields: Any) -> WebhookRecord:
        """Add a row of these fields. Secrets that are left out are made, other fields get the service's defaults."""
        settings = self.settings
        fields.setdefault("createdAt", settings.clock.now())
        fields.setdefault("updatedAt", fields["createdAt"])
        fields.setdefault("schemaVersion", settings.switches.default_schema_version)
        fields.setdefault("signingSecret", make_signing_secret())
        fields.setdefault("standardSigningSecret", make_standard_signing_secret())
        return super().add(**fields)

    def change(self, row_id: str, /, **fields: Any) -> WebhookRecord:
        """Change a row, its ``updatedAt``, and the fields that depend on ``enabled``."""
        now = self.settings.clock.now()
        if fields.get("enabled") is False:
            fields.setdefault("disabledAt", now)
            fields.setdefault("disabledReason", "manual")
        elif fields.get("enabled") is True:
            fields |= {"disabledAt": None, "disabledReason": None}
        fields.setdefault("updatedAt", now)
        return super().change(row_id, **fields)

    def register(self, webhook_url: str, **fields: Any) -> WebhookRecord:
        """Register a URL for a client. 409 while an active row has the same URL."""
        url = normalise_url(webhook_url) if self.settings.switches.normalised_urls else webhook_url
        if any(row.webhook_url == url for row in self.active()):
            raise ConflictError("Webhook URL already registered")
        return self.add(webhookUrl=url, **fields)

    def update(self, row_id: str, fields: dict[str, Any]) -> WebhookRecord:
        """Change a row for a client, under the rules of the service."""
        row = self.required(row_id)
        if "schemaVersion" in fields:
            if fields["schemaVersion"] != "raw-inbound.v1":
                raise UnprocessableError("schemaVersion can only be upgraded to raw-inbound.v1")
            if len(fields) > 1:
                raise ConflictError("schemaVersion must be changed on its own")
        elif (
            self.settings.switches.normalized_webhooks_locked
            and row.schema_version == "normalized-events.v1"
            and {"eventTypes", "enabled"} & fields.keys()
        ):
            raise ConflictError("eventTypes and enabled are fixed until schemaVersion is raw-inbound.v1")
        if fields.get("enabled") is row.enabled:
            fields = {name: value for name, value in fields.items() if name != "enabled"}
        return self.change(row_id, **fields)

    def rotate(self, row_id: str, overlap_seconds: int) -> tuple[WebhookRecord, datetime | None]:
        """Give a row a new standard secret. Return the row, and until when the former secret stays valid."""
        row = self.required(row_id)
        row = self.change(row.id, standardSigningSecret=make_standard_signing_secret())
        valid_until = row.updated_at + timedelta(seconds=overlap_seconds) if overlap_seconds else None
        return row, valid_until

    def required(self, row_id: str) -> WebhookRecord:
        """Return the active row with this id. 404 when there is none."""
        row = self.find(row_id)
        if row is None:
            raise NotFoundError("Webhook")
        return row


def normalise_url(url: str) -> str:
    """Return ``url`` as a WHATWG parser writes it: host in punycode, dot segments resolved, percent-encoded."""
    try:
        return str(Url(url))
    except ValueError:
        return url


def _ordered(event_types: tuple[str, ...], settings: EmulatorSettings) -> list[str]:
    match settings.switches.event_type_order:
        case "sorted":
            return sorted(event_types)
        case "reversed":
            return list(reversed(event_types))
        case _:
            return list(event_types)
