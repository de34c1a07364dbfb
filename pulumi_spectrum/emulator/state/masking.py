"""Secrets taken out of what people read."""

from __future__ import annotations

from typing import Any

MASK = "********"
SECRET_FIELDS = frozenset(
    {
        "secret",
        "signingSecret",
        "standardSigningSecret",
        "password",
        "clientSecret",
        "botToken",
        "botRefreshToken",
        "configToken",
        "refreshToken",
    }
)


def mask_secrets(value: Any) -> Any:
    """Return a JSON value with a mask in place of every secret in it."""
    if isinstance(value, list):
        return [mask_secrets(item) for item in value]
    if isinstance(value, dict):
        return {
            name: MASK if name in SECRET_FIELDS and item is not None else mask_secrets(item)
            for name, item in value.items()
        }
    return value
