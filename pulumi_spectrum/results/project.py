"""What the service returns about the project itself."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_spectrum.results.profiles import ProfileFields


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
