"""The two spellings of a property: snake_case in programs, camelCase in the state and on the wire.

The two functions are each other's inverse. A name that begins with `_` is hidden, and has one spelling only.
"""

from __future__ import annotations

import re
from functools import lru_cache

# The SDK asks for each property of each resource several times; what asks for other names must not fill the memory.
_remembered = lru_cache(maxsize=4096)


@_remembered
def to_camel(name: str) -> str:
    """Return the state's spelling of a property: `webhookUrl` for `webhook_url`."""
    return name if name.startswith("_") else re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


@_remembered
def to_snake(name: str) -> str:
    """Return the program's spelling of a property: `webhook_url` for `webhookUrl`."""
    return name if name.startswith("_") else re.sub(r"(?<!^)[A-Z]", lambda match: f"_{match[0].lower()}", name)
