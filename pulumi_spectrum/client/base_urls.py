"""The address of the API: what it may look like, and what is wrong with one that cannot be used."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from pulumi_spectrum.client.errors import SettingsRefused
from pulumi_spectrum.spelling.printable import on_one_line
from pulumi_spectrum.spelling.urls import is_loopback

DEFAULT_BASE_URL = "https://spectrum.photon.codes"


def checked_base_url(url: str) -> str:
    """Return a base URL without a slash at its end.

    Raises:
        SettingsRefused: It cannot be used. The message shows it without what may be a secret in it.
    """
    if "://" not in url:
        raise SettingsRefused(_without_scheme(url), "base_url")
    parts = _split(url)
    if parts is None or not (_has_space(url) or (url.isprintable() and _AUTHORITY.fullmatch(parts.netloc))):
        raise SettingsRefused(_UNREADABLE, "base_url")
    problem = _problem(url, parts)
    if problem:
        raise SettingsRefused(problem, "base_url")
    return url.rstrip("/")


def path_of(base_url: str) -> str:
    """Return the path below which a base URL says that the API is, or an empty text."""
    return urlsplit(base_url).path.rstrip("/")


def is_on_this_machine(base_url: str) -> bool:
    """Return whether a base URL's host is this machine itself."""
    return is_loopback(urlsplit(base_url).hostname or "")


_AUTHORITY = re.compile(r"([^@\\]*@)?([\w-]+(?:\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?")
"""A host and its port. What URL parsers read in different ways, such as a backslash or `[::1]example.com`, is none."""

_UNREADABLE = f"must be a plain URL such as {DEFAULT_BASE_URL}. It cannot be read as one, so it is not shown here."


def _problem(url: str, parts: SplitResult) -> str:
    """Return what is wrong with a URL that has a scheme and a host, or an empty text."""
    shown, address = _shown(parts), f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if _has_space(url):
        return f"has a space or a line break in it: {shown}. Take it out."
    if "@" in parts.netloc:
        return f"has credentials in it: {shown}. Leave them out: the project's id and secret are settings of their own."
    if parts.query or parts.fragment:
        what = "query" if parts.query else "fragment"
        return f"has a {what}: {shown}. Leave it out, as in {parts._replace(query='', fragment='').geturl()}."
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return (
            f"must be https, and not {shown}: plain http would send the project secret in clear text, and is allowed "
            "for loopback addresses only."
        )
    if re.search(r"/projects(/|$)", parts.path):
        return f"has a path that the API adds by itself: {shown}. Leave it out, as in {address}."
    return ""


def _has_space(url: str) -> bool:
    return any(character.isspace() for character in url)


def _without_scheme(url: str) -> str:
    """Return what is wrong with a URL without a scheme. One without a dot may be any text, and is not shown."""
    parts = _split(f"//{url.removeprefix('//')}")
    if parts is None or not re.search(r"[.:]|^localhost$", parts.hostname or ""):
        return _UNREADABLE
    shown = _shown(parts).removeprefix("//")
    scheme = "http" if is_loopback(parts.hostname or "") else "https"
    return f"has no scheme: it is {shown}. Write {scheme}://{parts.netloc.rpartition('@')[2]}."


def _split(url: str) -> SplitResult | None:
    """Return the parts of a URL, or None where its host or its port cannot be read."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts if host else None


def _shown(parts: SplitResult) -> str:
    """Return a URL with `…` in the place of what may be a secret: its credentials, its query and its fragment."""
    _, at, address = parts.netloc.rpartition("@")
    hidden = parts._replace(
        netloc=f"…@{address}" if at else address,
        query="…" if parts.query else "",
        fragment="…" if parts.fragment else "",
    )
    return on_one_line(hidden.geturl())
