"""What objects of the service are called: a readable name in a program, and a few words in a report."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.lifecycle import Live

LONGEST_NAME = 60
"""Characters. A URL's path may be long; a name is for people."""


def describe(live: Live) -> str:
    """Return what a person knows an object by, without what a URL may hide: credentials and query values."""
    properties = live.properties
    if properties.get("webhookUrl"):
        return _without_secrets(str(properties["webhookUrl"]))
    return str(properties.get("phoneNumber") or properties.get("platform") or live.id)


def full_name(live: Live) -> str:
    """Return a person's or a line's first and last name, as far as they are known."""
    return " ".join(str(live.properties[name]) for name in ("firstName", "lastName") if live.properties.get(name))


def name_objects(objects: Sequence[tuple[Kind, Live]], taken: Iterable[str] = ()) -> list[str]:
    """Return one name for each object, readable and unique, whatever the order of the objects.

    Args:
        objects: What is to be named.
        taken: Names, and variables of the program, that are in use already.
    """
    used = {variable_for(name) for name in (*taken, *dir(builtins), *keyword.kwlist, *keyword.softkwlist)}
    named: dict[int, str] = {}
    for candidates in zip(*(_candidates(kind, live) for kind, live in objects), strict=True):
        open_ones = {index: name for index, name in enumerate(candidates) if index not in named}
        wanted = Counter(map(variable_for, open_ones.values()))
        named |= {
            index: name
            for index, name in open_ones.items()
            if wanted[variable_for(name)] == 1 and variable_for(name) not in used
        }
        used.update(variable_for(name) for name in named.values())
    return [named[index] for index in range(len(objects))]


def variable_for(name: str) -> str:
    """Return the Python variable for a name."""
    return name.replace("-", "_")


def _candidates(kind: Kind, live: Live) -> Iterator[str]:
    """Yield what the object may be called, the most readable first, and at last what is surely unique."""
    base = _slug(full_name(live)) or _slug(_own_words(live.properties))
    if not base or base[0].isdigit():
        base = f"{kind.name}-{base}".rstrip("-")
    digits = re.sub(r"\D", "", str(live.properties.get("phoneNumber") or ""))
    yield base
    yield f"{base}-{digits[-4:]}" if digits else f"{base}-{kind.name}"
    yield f"{base}-{digits or _slug(live.id)[:8]}"
    yield f"{base}-{kind.name}-{_slug(live.id)}"


def _own_words(properties: Mapping[str, Any]) -> str:
    if properties.get("email"):
        return str(properties["email"]).split("@")[0]
    if properties.get("webhookUrl"):
        url = urlsplit(str(properties["webhookUrl"]))
        return f"{(url.hostname or '').removeprefix('www.')} {url.path}"
    if properties.get("phoneNumber"):
        return re.sub(r"\D", "", str(properties["phoneNumber"]))[-4:]
    return str(properties.get("platform") or "")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_NAME].strip("-")


def _without_secrets(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(a URL that cannot be read)"
    query = re.sub(r"=[^&]*", "=…", parts.query)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="").geturl()
