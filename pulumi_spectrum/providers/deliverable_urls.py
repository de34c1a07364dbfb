"""Which URLs can get an event. What surely cannot is refused before it is registered.

A URL is judged as a WHATWG parser reads it, so another spelling of an address is the same address. It must also be
spelled as every other program reads it, since the service is not the only one that does.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from pulumi_spectrum.spelling.urls import parse_url

if TYPE_CHECKING:
    from pydantic_core import Url

RESERVED_NAMES = ("alt", "home.arpa", "internal", "invalid", "local", "onion")
"""Domains that the public DNS never holds (IANA's special-use names, and ICANN's `internal`).

`example` and `test` are not among them: they are set aside for the documentation and the tests of programs like these.
"""

LONGEST_NAME = 253
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 that hosts on the internet have addresses of."""
_HOLDING_IPV4 = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)
"""IPv6 addresses that stand for an IPv4 address (mapped, NAT64, 6to4), and how many bits follow that address."""

_FORM = "must be a URL such as https://app.example.com/spectrum"


def problem_of_webhook_url(url: str) -> str | None:  # one line for each reason
    """Return why a URL cannot get an event, as words that follow the argument's name, or None where it can."""
    parsed = None if re.search(r"[\s\x00-\x1f\x7f-\x9f]", url) else parse_url(url)
    if parsed is None or not parsed.host:
        return _FORM
    if parsed.scheme != "https":
        return "must be https, because events are never delivered in clear text"
    # A parser leaves empty credentials out.
    if parsed.username is not None or parsed.password is not None or "@" in _authority(url):
        return "must not hold credentials: check the signature of each event instead"
    if "#" in url:
        return "must not hold a fragment (#…), which is never sent to a server"
    if not re.match(r"https://[^/]", url, re.IGNORECASE) or "\\" in url.partition("?")[0]:
        return _FORM
    return _problem_of_host(parsed, url)


def _problem_of_host(parsed: Url, url: str) -> str | None:
    host = str(parsed.host).removesuffix(".")
    address = _address(host)
    labels = host.split(".")
    if labels[-1] == "localhost" or (address is not None and not _is_public(address)):
        return "must be reachable from the internet: a loopback, private or link-local address never gets an event"
    if address is None and (len(host) > LONGEST_NAME or not all(map(_LABEL.fullmatch, labels))):
        return (
            "must name a host that can exist: labels of 1 to 63 letters, digits and hyphens, and at most 253 "
            "characters in all"
        )
    if address is None and (len(labels) == 1 or f".{host}".endswith(tuple(f".{name}" for name in RESERVED_NAMES))):
        return (
            "must name a host on the internet: a name without a dot, and one that ends in "
            f"{', '.join(f'.{name}' for name in RESERVED_NAMES)}, never gets an event"
        )
    if isinstance(address, ipaddress.IPv4Address) and _host_as_given(url) != host:
        return (
            "must spell an IPv4 address as four decimal numbers, such as 192.0.2.1: programs read other forms as "
            "different addresses"
        )
    if parsed.port == 0:
        return "must not have port 0, to which nothing can connect"
    return None


def _authority(url: str) -> str:
    """Return what stands between the scheme and the path, as given."""
    return re.split(r"[/\\?#]", re.sub(r"^[^:]*:[/\\]*", "", url), maxsplit=1)[0]


def _host_as_given(url: str) -> str:
    return re.sub(r":\d*$", "", _authority(url))


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    for network, bits_after in _HOLDING_IPV4:
        if address in network:
            return _is_public(ipaddress.IPv4Address((int(address) >> bits_after) & 0xFFFFFFFF))
    return address in _GLOBAL_UNICAST and address.is_global
