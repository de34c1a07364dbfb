"""What the service returns about each object, and what look-ups return. A property without a value is None.

Each property is declared once, here. The look-ups return the classes whose names end in `Info`. The rows of the API
client (`WebhookRow` and its kin) inherit their fields from here and add only how the API spells them, so the two never
differ. This module loads neither the client nor pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ProfileFields:
    """What people see of a line, or of all lines of a project."""

    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProjectProfileFields(ProfileFields):
    """What people see of a project on its lines."""

    imessage_synced: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ProjectFields:
    """What the API returns of a project beside its profile."""

    name: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class ProjectInfo(ProjectProfileFields, ProjectFields):
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


@dataclass(frozen=True, kw_only=True)
class PlatformInfo:
    """A messaging platform's switch.

    Args:
        platform: The platform's key, such as `imessage`.
        enabled: Whether it is on.
        auto_scale: Whether the service adds lines by itself; of `imessage` only.
        imessage_enabled: Whether calls can be started from iMessage; of `voice` only.
    """

    platform: str
    enabled: bool
    auto_scale: bool | None = None
    imessage_enabled: bool | None = None


@dataclass(frozen=True, kw_only=True)
class LineFields:
    """What the API returns of a line beside its profile."""

    id: str
    platform: str
    phone_number: str | None = None
    status: str | None = None
    created_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class LineInfo(ProfileFields, LineFields):
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


@dataclass(frozen=True, kw_only=True)
class UserFields:
    """What the API returns of a user, and look-ups show."""

    id: str
    type: str
    phone_number: str
    assigned_phone_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    created_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class UserInfo(UserFields):
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

    redirect_url: str


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


@dataclass(frozen=True, kw_only=True)
class SubscriptionInfo:
    """What the project pays for.

    Args:
        tier: The plan, such as `business`.
        status: The subscription's state, such as `active`.
        cancel_at_period_end: Whether it ends with the period that is paid for.
        subscription_id: The subscription's id at the payment service.
        customer_id: The customer's id at the payment service.
    """

    tier: str | None = None
    status: str | None = None
    cancel_at_period_end: bool | None = None
    subscription_id: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ImessageInfo:
    """How iMessage serves the project.

    Args:
        type: `shared`, on the service's own numbers, or `dedicated`, on lines of the project's own.
    """

    type: str


@dataclass(frozen=True, kw_only=True)
class WhatsAppAccountInfo:
    """A WhatsApp Business account that is connected to the project.

    Args:
        id: The account's id at Spectrum, which is not Meta's number.
        name: What it is called, where the service returns that.
    """

    id: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhatsAppTemplateFields:
    """What the API returns of a message template."""

    id: str
    name: str
    language: str
    category: str | None = None
    components: tuple[Mapping[str, Any], ...] = ()
    parameter_format: str | None = None
    status: str | None = None
    quality_score: str | None = None
    rejected_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhatsAppTemplateInfo(WhatsAppTemplateFields):
    """A message template of a WhatsApp Business account.

    Args:
        id: The template's id within its account.
        account_id: The account that it belongs to.
        name: Its name.
        language: Its language, such as `en_US`.
        category: `MARKETING`, `UTILITY` or `AUTHENTICATION`.
        components: What a message is made of, as Meta spells it.
        parameter_format: `POSITIONAL` or `NAMED`, where the service returns it.
        status: Where Meta's review stands, such as `APPROVED` or `PENDING`.
        quality_score: Meta's score of the template's quality.
        rejected_reason: Why Meta has rejected it.
    """

    account_id: str
