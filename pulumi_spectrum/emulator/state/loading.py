"""Errors of seeds and saved states: each names the place in the document, and never a value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from pulumi_spectrum.emulator.validation import describe


class SnapshotError(ValueError):
    """A document that cannot be loaded: every problem with its place in the document, and never a value."""


@contextmanager
def loading(place: str, value: Any) -> Iterator[None]:
    """Raise :class:`SnapshotError` in place of pydantic's error.

    Args:
        place: The place of ``value`` in the document; empty for the document itself.
        value: What is validated.
    """
    try:
        yield
    except ValidationError as refused:
        prefix = f"{place}." if place else ""
        raise SnapshotError(
            "; ".join(
                f"{prefix}{describe(problem, value)}{_advice(problem['type'])}"
                for problem in refused.errors(include_url=False, include_input=False)
            )
        ) from None


def _advice(problem: str) -> str:
    return " (in YAML: in quotes)" if problem == "string_type" else ""
