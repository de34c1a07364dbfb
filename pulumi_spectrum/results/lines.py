"""What the service returns about lines."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_spectrum.results.profiles import ProfileFields


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
