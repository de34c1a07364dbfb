"""Webhooks: registration, change, secret rotation and deletion."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from pulumi_spectrum.emulator.errors import UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.switches import SchemaVersion
from pulumi_spectrum.emulator.validation import Body, Email, WholeNumber

EGRESS_ADDRESSES = ["203.0.113.10", "203.0.113.11"]
"""Addresses that are reserved for documentation: the emulator delivers nothing."""


_URL = re.compile(
    r"https?://([^\x00-\x20\x7F/?#@\[\]]*@)?"
    r"([^\x00-\x20\x7F/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])"
    r"(:[1-9][0-9]{0,4})?([/?#][^\x00-\x20\x7F]*)?",
    re.IGNORECASE,
)


def _check_url(text: str) -> str:
    try:
        valid = _URL.fullmatch(text) is not None and bool(urlsplit(text).hostname)
    except ValueError:  # a host in brackets that is no address, or one that turns into something else when normalised
        valid = False
    if not valid:
        raise PydanticCustomError("url", "must be a valid URL")
    return text


WebhookUrl = Annotated[str, AfterValidator(_check_url)]


class OlderWebhookCreateBody(Body):
    """The body of a registration before August 2026."""

    webhook_url: WebhookUrl


class WebhookCreateBody(OlderWebhookCreateBody):
    """The body of a registration."""

    schema_version: SchemaVersion = "normalized-events.v1"
    event_types: list[str] = Field(default_factory=list)
    failure_notification_email: Email | None = None


class WebhookUpdateBody(Body):
    """The body of a change."""

    enabled: bool = True
    event_types: list[str] = Field(default_factory=list)
    failure_notification_email: Email | None = None
    schema_version: SchemaVersion = "raw-inbound.v1"


class SecretRotateBody(Body):
    """The body of a rotation."""

    overlap_seconds: WholeNumber = Field(86_400, ge=0, le=604_800)


@OPERATIONS.register("listWebhooks")
def list_webhooks(call: Call[None]) -> list[dict[str, Any]]:
    """Return the active rows, oldest first, as a bare array."""
    rows = sorted(call.project.webhooks.listed(), key=lambda row: row.created_at)
    return [row.shown(call.settings) for row in rows]


@OPERATIONS.register("createWebhook", body=WebhookCreateBody, older_body=OlderWebhookCreateBody)
def register_webhook(call: Call[OlderWebhookCreateBody]) -> dict[str, Any]:
    """Return the new row with its one-time secrets."""
    fields = call.body.sent()
    url = fields.pop("webhookUrl")
    _check_event_types(fields, call.settings)
    if call.settings.switches.unreachable_webhook_urls == "reject" and not _is_reachable(url):
        raise UnprocessableError("webhookUrl must be a public https URL")
    row = call.project.webhooks.register(url, **fields)
    return row.shown(call.settings) | row.one_time_secrets(call.settings)


@OPERATIONS.register("updateWebhook", body=WebhookUpdateBody)
def update_webhook(call: Call[WebhookUpdateBody]) -> dict[str, Any]:
    """Return the changed row."""
    fields = call.body.sent()
    if not fields:
        raise UnprocessableError("The body must hold at least one field to change")
    _check_event_types(fields, call.settings)
    return call.project.webhooks.update(call.path["webhookId"], fields).shown(call.settings)


@OPERATIONS.register("deleteWebhook")
def delete_webhook(call: Call[None]) -> dict[str, str]:
    """Delete a row and return its id."""
    row = call.project.webhooks.required(call.path["webhookId"])
    call.project.webhooks.delete(row.id)
    return {"id": row.id}


@OPERATIONS.register("rotateWebhookSecret", body=SecretRotateBody, body_required=False)
def rotate_webhook_secret(call: Call[SecretRotateBody | None]) -> dict[str, str | None]:
    """Return the new standard secret and until when the former one stays valid."""
    overlap = (call.body or SecretRotateBody()).overlap_seconds
    row, valid_until = call.project.webhooks.rotate(call.path["webhookId"], overlap)
    return {
        "id": row.id,
        "standardSigningSecret": row.standard_signing_secret,
        "previousValidUntil": call.settings.format_time(valid_until) if valid_until else None,
    }


@OPERATIONS.register("listEgressIps")
def list_egress_ips(_call: Call[None]) -> dict[str, list[str]]:
    """Return the addresses that deliveries come from."""
    return {"addresses": EGRESS_ADDRESSES}


def _check_event_types(fields: dict[str, Any], settings: EmulatorSettings) -> None:
    known = settings.switches.event_types
    for position, event_type in enumerate(fields.get("eventTypes", [])):
        if event_type not in known:
            raise UnprocessableError(f"eventTypes.{position} must be one of {', '.join(known)}")


def _is_reachable(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host
