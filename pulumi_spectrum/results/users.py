"""What the service returns about users."""

from __future__ import annotations

from dataclasses import dataclass


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
