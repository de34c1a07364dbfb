"""When two spellings mean the same, so that a service that rewrites what it is given makes no drift."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit


def same_email(one: Any, other: Any) -> bool:
    """Compare e-mail addresses without regard to case, as every mail service in use does."""
    return _text(one).casefold() == _text(other).casefold()


def same_phone(one: Any, other: Any) -> bool:
    """Compare phone numbers by their digits."""
    return re.sub(r"\D", "", _text(one)) == re.sub(r"\D", "", _text(other))


def same_set(one: Any, other: Any) -> bool:
    """Compare lists whose order means nothing."""
    return set(one or ()) == set(other or ())


def same_name(one: Any, other: Any) -> bool:
    """Compare names without regard to space around them; an empty one is none."""
    return _text(one).strip() == _text(other).strip()


def same_url(one: Any, other: Any) -> bool:
    """Compare URLs by where a request goes: the case of scheme and host, a default port and a bare `/` are nothing."""
    return one == other or _canonical(_text(one)) == _canonical(_text(other))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _canonical(url: str) -> tuple[str, str | None, int | None, str, str] | str:
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    default = {"https": 443, "http": 80}.get(parts.scheme)
    return (parts.scheme, parts.hostname, port or default, parts.path or "/", parts.query)
