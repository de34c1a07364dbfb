"""The key of a user, in a module of its own: the rules of users need it where no request is sent."""

from __future__ import annotations


def user_key(user_type: str, phone_number: str, assigned_phone_number: str | None) -> tuple[str, str, str | None]:
    """Return the key by which the service tells users apart: the phone, and for a dedicated user also the line."""
    return (user_type, phone_number, assigned_phone_number if user_type == "dedicated" else None)
