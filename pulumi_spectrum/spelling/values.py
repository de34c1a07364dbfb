"""When two values of a property mean the same, so that a service that rewrites what it is given causes no drift."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from pulumi_spectrum.spelling.urls import parse_url


def same_email(one: Any, other: Any) -> bool:
    """Compare e-mail addresses: ASCII letters without their case, the domain in its IDNA form (punycode)."""
    return _email(_text(one)) == _email(_text(other))


def same_phone(one: Any, other: Any) -> bool:
    """Compare phone numbers by their digits."""
    return re.sub(r"\D", "", _text(one)) == re.sub(r"\D", "", _text(other))


def plain_phone(number: str) -> str:
    """Return a phone number without its plus sign, spaces and punctuation, or a pattern of phone numbers likewise."""
    return re.sub(r"[+\s().-]", "", number)


def same_set(one: Any, other: Any) -> bool:
    """Compare lists whose order means nothing. What is no list, as in a state that was edited, is compared as it is."""
    if not all(each is None or isinstance(each, list | tuple) for each in (one, other)):
        return bool(one == other)
    first, second = one or (), other or ()
    return all(each in second for each in first) and all(each in first for each in second)


def same_name(one: Any, other: Any) -> bool:
    """Compare names in Unicode's composed form (NFC), without the space around them. An empty name is none."""
    return _name(_text(one)) == _name(_text(other))


def same_text(one: Any, other: Any) -> bool:
    """Compare texts to the letter. An empty one is none."""
    return _text(one) == _text(other)


def same_sip_uri(one: Any, other: Any) -> bool:
    """Compare SIP addresses: the scheme and the host without their case (RFC 3261, section 19.1.4)."""
    return _sip_uri(_text(one)) == _sip_uri(_text(other))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _name(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


def _sip_uri(address: str) -> tuple[str, ...]:
    parts = re.fullmatch(r"([^:]*:)((?:[^@]*@)?)([^;?]*)(.*)", address, re.DOTALL)
    if parts is None:
        return (address,)
    scheme, user, host, rest = parts.groups()
    return _ascii_lower(scheme), user, _ascii_lower(host), rest


def _email(address: str) -> str:
    local, at, domain = address.rpartition("@")
    if not domain.isascii() and not re.search(r"[\x00-\x20/?#\\:%\[\]]", domain):
        # A URL's host is the same name in the same form.
        parsed = parse_url(f"https://{domain}/")
        domain = (parsed and parsed.host) or domain
    return _ascii_lower(f"{local}{at}{domain}")


def _ascii_lower(text: str) -> str:
    return re.sub(r"[A-Z]+", lambda match: match[0].lower(), text)
