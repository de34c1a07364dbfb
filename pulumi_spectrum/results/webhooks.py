"""What the service returns about webhooks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WebhookInfo:
    """A URL that receives the project's events. The API returns its secrets only in the response to its registration.

    Args:
        id: The webhook's id.
        webhook_url: Where events are delivered.
        enabled: Whether events are delivered; None on deployments that do not return it.
        event_types: Which events are delivered.
        schema_version: The form of events.
        failure_notification_email: The address that the service writes to when deliveries fail.
        status: `active` or `disabled`.
        disabled_at: Since when it is disabled, ISO 8601.
        disabled_reason: `manual`, `receiver_gone` or `delivery_failures`.
        created_at: When it was registered, ISO 8601.
        updated_at: When it was last changed, ISO 8601.
    """

    id: str
    webhook_url: str
    enabled: bool | None = None
    event_types: tuple[str, ...] | None = None
    schema_version: str | None = None
    failure_notification_email: str | None = None
    status: str | None = None
    disabled_at: str | None = None
    disabled_reason: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
