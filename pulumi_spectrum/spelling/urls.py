"""What a URL means, as a WHATWG URL parser reads it.

The Spectrum service runs on JavaScript, whose parser is that standard's. The parser used here is the one that pydantic
brings (Rust's `url` crate): host names in lower case and in punycode (UTS 46), every form of an IPv4 address as dotted
decimal, dot segments resolved, what needs it percent-encoded, default ports left out. `tests/clients/test_urls.py`
compares it with Node's.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import Url


def parse_url(url: str) -> Url | None:
    """Return the parts of an absolute URL, or None where a WHATWG parser rejects it."""
    # Imported here, since it takes longer to load than all of this package's rules, and not every kind has URLs.
    from pydantic_core import Url  # noqa: PLC0415

    try:
        return Url(url)
    except ValueError:
        return None


def as_parsed(url: str) -> str:
    """Return the one spelling that a WHATWG parser gives to a URL; a text that it rejects is returned as it is."""
    parsed = parse_url(url)
    return url if parsed is None else str(parsed)


def same_url(one: Any, other: Any) -> bool:
    """Compare URLs by what a WHATWG parser makes of them."""
    return bool(one == other) or as_parsed(str(one or "")) == as_parsed(str(other or ""))


def is_loopback(host: str) -> bool:
    """Return whether a URL's host is this machine itself: `localhost`, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
