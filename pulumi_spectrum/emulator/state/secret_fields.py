"""Which fields hold secrets: to mask them in what people read, and to find them."""

from __future__ import annotations

from collections.abc import Iterator
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


def find_secrets(value: Any) -> Iterator[str]:
    """Yield every secret in a JSON value."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from find_secrets(item)
    if isinstance(value, dict):
        for name, item in value.items():
            if name in SECRET_FIELDS and isinstance(item, str):
                yield item
            else:
                yield from find_secrets(item)
