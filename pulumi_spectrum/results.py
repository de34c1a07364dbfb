"""What look-ups return: one frozen class for each kind of answer. What the service does not tell is None."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProjectInfo:
    """A project.

    Args:
        id: The project's id.
        name: Its name.
        slug: Its name in addresses.
        first_name: The first name that people see on its lines.
        last_name: The last name that people see on its lines.
        avatar_url: The picture that people see on its lines.
        imessage_synced: Whether iMessage shows that profile already.
    """

    id: str
    name: str
    slug: str
    first_name: str | None
    last_name: str | None
    avatar_url: str | None
    imessage_synced: bool | None


@dataclass(frozen=True)
class PlatformInfo:
    """A messaging platform's switch.

    Args:
        platform: The platform's key, such as `imessage`.
        enabled: Whether it is on.
        auto_scale: Whether lines are added by themselves; of `imessage` only.
        imessage_enabled: Whether calls can be started from iMessage; of `voice` only.
    """

    platform: str
    enabled: bool
    auto_scale: bool | None
    imessage_enabled: bool | None


@dataclass(frozen=True)
class LineInfo:
    """A phone number of the project's own.

    Args:
        id: The line's id.
        platform: The platform that it serves.
        phone_number: The number, E.164; None while the service still chooses it.
        status: `available`, `unavailable` or `unknown`.
        first_name: The first name that people see.
        last_name: The last name that people see.
        avatar_url: The picture that people see.
        created_at: When it was allocated, ISO 8601.
    """

    id: str
    platform: str
    phone_number: str | None
    status: str | None
    first_name: str | None
    last_name: str | None
    avatar_url: str | None
    created_at: str | None


@dataclass(frozen=True)
class UserInfo:
    """A person that the project talks with.

    Args:
        id: The user's id.
        type: `shared` or `dedicated`.
        phone_number: The person's phone, E.164.
        assigned_phone_number: The number that serves the person; None while the service still chooses it.
        first_name: The person's first name.
        last_name: The person's last name.
        email: The person's e-mail address.
        created_at: When the user was created, ISO 8601.
        redirect_url: The public address that opens a conversation with the user's number.
    """

    id: str
    type: str
    phone_number: str
    assigned_phone_number: str | None
    first_name: str | None
    last_name: str | None
    email: str | None
    created_at: str | None
    redirect_url: str


@dataclass(frozen=True)
class WebhookInfo:
    """A URL that receives the project's events. Its secrets are told only to whoever registers it.

    Args:
        id: The webhook's id.
        webhook_url: Where events are delivered.
        enabled: Whether events are delivered; None on deployments that do not tell.
        event_types: Which events are delivered.
        schema_version: The form of events.
        failure_notification_email: Who is told when deliveries fail.
        status: `active` or `disabled`.
        disabled_at: Since when it is disabled, ISO 8601.
        disabled_reason: `manual`, `receiver_gone` or `delivery_failures`.
        created_at: When it was registered, ISO 8601.
        updated_at: When it was last changed, ISO 8601.
    """

    id: str
    webhook_url: str
    enabled: bool | None
    event_types: tuple[str, ...] | None
    schema_version: str | None
    failure_notification_email: str | None
    status: str | None
    disabled_at: str | None
    disabled_reason: str | None
    created_at: str | None
    updated_at: str | None


@dataclass(frozen=True)
class SubscriptionInfo:
    """What the project pays for.

    Args:
        tier: The plan, such as `business`.
        status: The subscription's state, such as `active`.
        cancel_at_period_end: Whether it ends with the period that is paid for.
        subscription_id: The subscription's id at the payment service.
        customer_id: The customer's id at the payment service.
    """

    tier: str | None
    status: str | None
    cancel_at_period_end: bool | None
    subscription_id: str | None
    customer_id: str | None


@dataclass(frozen=True)
class ImessageInfo:
    """How iMessage serves the project.

    Args:
        type: `shared`, on the service's own numbers, or `dedicated`, on lines of the project's own.
    """

    type: str
