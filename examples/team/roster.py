"""Reads who belongs to the team, and says where the file is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
import yaml


@dataclass(frozen=True)
class TeamLine:
    """A line of the team, and the name that people see on it."""

    key: str
    first_name: str
    last_name: str | None = None


@dataclass(frozen=True)
class Person:
    """A user. Without a line, the service gives them a shared number."""

    key: str
    phone_number: str
    first_name: str | None = None
    last_name: str | None = None
    line: str | None = None
    formerly: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Roster:
    """The whole file."""

    lines: list[TeamLine]
    people: list[Person]


def read_roster(path: str) -> Roster:
    """Return what the file says.

    Raises:
        pulumi.RunError: An entry has an unknown or missing field, two share a key, or a line is not in the file.
    """
    document = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    try:
        roster = Roster(
            lines=[TeamLine(**entry) for entry in document["lines"]],
            people=[Person(**entry) for entry in document["people"]],
        )
    except (KeyError, TypeError) as error:
        raise pulumi.RunError(f"{path} is not a roster: {error}.") from None
    _refuse_repeated(path, [line.key for line in roster.lines] + [person.key for person in roster.people])
    known = {line.key for line in roster.lines}
    for person in roster.people:
        if person.line is not None and person.line not in known:
            raise pulumi.RunError(f"{path}: {person.key} is on the line {person.line}, which is not in `lines`.")
    return roster


def _refuse_repeated(path: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise pulumi.RunError(f"{path}: the key {key} is there twice. Keys are names in the stack.")
        seen.add(key)
