"""Masks what requests and responses hold: a text is hidden unless it is known to be harmless.

A text is shown where its property is known to hold words that the API defines, ids that it made or times, and where the
text has the form of one. Every other text (names, phone numbers, e-mail addresses, URLs, secrets, and all that a later
release of the API may add) is shown as `…`. So are the names of properties that people choose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "…"
MAX_ROWS = 3
"""How many elements of a list are shown."""
MAX_CHARACTERS = 2000
MAX_DEPTH = 8
MAX_NUMBER = 999_999
"""A larger number may be a phone number."""

_WORDS = frozenset(
    {
        "category",
        "code",
        "disabledReason",
        "enabledFeatures",
        "eventTypes",
        "language",
        "limit",
        "offset",
        "parameterFormat",
        "platform",
        "schemaVersion",
        "status",
        "syncStatus",
        "tier",
        "type",
    }
)
"""Properties whose values are words that the API defines, or small numbers."""
_IDS = frozenset(
    {"accountId", "appConfigId", "configId", "id", "installationId", "lineId", "projectId", "templateId", "userId"}
)
"""Properties whose values are ids that the API made."""
_PEOPLES_OWN = frozenset({"meta"})
"""Properties whose values are objects with names that people choose."""

_PLAIN = re.compile(r"[\w.-]{1,64}", re.ASCII)
_MAYBE_PHONE = re.compile(r"[\d.-]{7,}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_TIME_NAME = re.compile(r"[a-z]+[A-Za-z]*(At|Until)")
_PROPERTY_NAME = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")


def is_plain(text: str) -> bool:
    """Return whether a text has the form of a word or an id, and not of a phone number, an e-mail address or a URL."""
    return bool(_PLAIN.fullmatch(text)) and not _MAYBE_PHONE.fullmatch(text)


def shown_id(text: str) -> str:
    """Return an id as it can be shown: one that does not look like an id of the API is hidden."""
    return text if is_plain(text) else HIDDEN


def masked_path(path: str, query: Mapping[str, Any] | None = None) -> str:
    """Return a request's path and query as they can be shown."""
    shown = "/".join(part if not part or is_plain(part) else HIDDEN for part in path.split("/"))
    pairs = [
        f"{name}={_shown_text(name, str(each))}"
        for name, value in (query or {}).items()
        if value is not None
        for each in (value if isinstance(value, list | tuple) else [value])
    ]
    return shown + ("?" + "&".join(pairs) if pairs else "")


def masked_json(value: Any) -> str:
    """Return a JSON value as one line that can be shown."""
    return _cut(json.dumps(_masked("", value, 0), ensure_ascii=False))


def masked_content(content: bytes) -> str:
    """Return the body of a response as one line that can be shown."""
    if not content:
        return "nothing"
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return f"{len(content)} bytes that are no JSON"
    return masked_json(value)


def _masked(name: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _shown_text(name, value)
    if isinstance(value, int | float):
        return value if abs(value) <= MAX_NUMBER else HIDDEN
    if depth >= MAX_DEPTH or name in _PEOPLES_OWN:
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            key if _PROPERTY_NAME.fullmatch(key) else HIDDEN: _masked(key, each, depth + 1)
            for key, each in value.items()
        }
    rows = [_masked(name, each, depth + 1) for each in value[:MAX_ROWS]]
    return [*rows, f"and {len(value) - MAX_ROWS} more"] if len(value) > MAX_ROWS else rows


def _shown_text(name: str, text: str) -> str:
    if not text:
        return text
    if (name in _WORDS or name in _IDS) and is_plain(text):
        return text
    return text if _TIME_NAME.fullmatch(name) and _TIME.fullmatch(text) else HIDDEN


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]} (and {len(text) - MAX_CHARACTERS} more)"
