"""The one hidden output that this package keeps beside a resource's own, and the project that the resource is in.

The key begins with two underscores, so the CLI shows the output in no diff. It is read and written here alone. States
live longer than releases, so the output has a format number, and a state of a newer format is left alone.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_spectrum.messages.operations import newer_state, wrong_project

FORMAT = 1
"""The format that this release writes. A release that writes another one still reads all earlier ones."""

PROVIDER = "__provider"
"""The engine's own hidden output: the pickled reference to the provider."""
PROJECT_ID = "projectId"
"""The output that keeps an object from being touched with another project's credentials."""
BOOKKEEPING = "__spectrum"


@dataclass(frozen=True)
class Bookkeeping:
    """What the state has to hold of a managed resource besides its properties.

    Args:
        managed: The names of the inputs that the program has set. A refresh is handed old outputs only.
        creation: Differs between two resources of the state that are the same object, one its owner before the other,
            so that a late deletion never removes what was just made. It stays the same where a program renames a
            resource, whose old object the engine then deletes under the old name.
        imported: The id that the option `import_` named when the resource was made, or None.
        left: The ids of the objects that the resource has moved away from, and that may still exist. The engine deletes
            them only once a whole run succeeds, and does not hand them to the next run's diffs.
        format: The format in which all this was written.
    """

    managed: frozenset[str] = frozenset()
    creation: str | None = None
    imported: str | None = None
    left: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def is_newer(self) -> bool:
        """Whether a newer release wrote it, in a format that this one cannot read."""
        return self.format > FORMAT

    def as_output(self) -> dict[str, Any]:
        """Return the hidden output by its key. What is empty is left out."""
        held: dict[str, Any] = {"format": self.format, "managed": sorted(self.managed)}
        if self.creation:
            held["creation"] = self.creation
        if self.imported:
            held["imported"] = self.imported
        if self.left:
            held["left"] = sorted(self.left)
        return {BOOKKEEPING: held}


def new_creation() -> str:
    """Return what tells the entry of one creation in the state from all others."""
    return uuid.uuid4().hex


def bookkeeping_of(outputs: Mapping[str, Any]) -> Bookkeeping | None:
    """Return the bookkeeping in a resource's outputs, or None where the program only looked the object up.

    People edit states. What is of another type than this release writes is left out, and where even the format is, the
    state counts as one of a newer release.
    """
    if is_only_looked_up(outputs):
        return None
    held = outputs[BOOKKEEPING]
    number = held.get("format", FORMAT)
    return Bookkeeping(
        managed=frozenset(_texts_of(held.get("managed"))),
        creation=next(iter(_texts_of([held.get("creation")])), None),
        imported=next(iter(_texts_of([held.get("imported")])), None),
        left=tuple(_texts_of(held.get("left"))),
        format=int(number) if isinstance(number, int | float) and math.isfinite(number) else FORMAT + 1,
    )


def is_only_looked_up(outputs: Mapping[str, Any]) -> bool:
    """Return whether a program only looks a resource up, and manages nothing of it."""
    return not isinstance(outputs.get(BOOKKEEPING), Mapping)


def own_bookkeeping(noun: str, olds: Mapping[str, Any], configured: str | None) -> Bookkeeping:
    """Return what the state keeps of a resource beside its properties; nothing of one that was only looked up.

    Args:
        noun: The word for the kind.
        olds: The outputs in the state.
        configured: The id of the project whose credentials are used, where it is known.

    Raises:
        Refusal: The resource is of another project, or a newer release wrote its state.
    """
    belongs_to = olds.get(PROJECT_ID)
    if belongs_to is not None and configured is not None and belongs_to != configured:
        raise wrong_project(noun, str(belongs_to), configured)
    bookkeeping = bookkeeping_of(olds) or Bookkeeping()
    if bookkeeping.is_newer:
        raise newer_state(noun)
    return bookkeeping


def _texts_of(values: Any) -> list[str]:
    return [each for each in values if isinstance(each, str)] if isinstance(values, list | tuple) else []


def visible(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that belong to the resource, without the hidden ones of the engine and of this package."""
    return {name: value for name, value in properties.items() if not name.startswith("__")}
