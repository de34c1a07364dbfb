"""Readable names for the objects of the service in a program."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pulumi_spectrum.kinds import Kind, Live
from pulumi_spectrum.spelling.property_names import to_camel, to_snake

LONGEST_NAME = 60
"""Characters: a name is for people, and what it is made of, such as a path, may be long."""


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


def config_key_for(name: str, argument: str) -> str:
    """Return the configuration key that holds a secret argument of a resource."""
    return to_camel(f"{variable_for(name)}_{to_snake(argument)}")


def _candidates(kind: Kind, live: Live) -> Iterator[str]:
    """Yield what the object may be called, the most readable first, and at last what is surely unique."""
    base = next(filter(None, map(_slug, kind.names_for(live))), "")
    if not base or base[0].isdigit():
        base = f"{kind.word}-{base}".rstrip("-")
    digits = kind.number_of(live)
    yield base
    yield f"{base}-{digits[-4:]}" if digits else f"{base}-{kind.word}"
    yield f"{base}-{digits or _slug(live.id)[:8]}"
    yield f"{base}-{kind.word}-{_slug(live.id)}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_NAME].strip("-")
