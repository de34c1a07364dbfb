"""Which outputs of a resource class are secrets, stated at the output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pulumi_spectrum.spelling.property_names import to_camel

Getter = TypeVar("Getter", bound=Callable[..., Any])

MARK = "_spectrum_secret"


@dataclass(frozen=True)
class Secret:
    """The facts about an output that is a secret: it is encrypted in the state, and shown nowhere.

    Args:
        pattern: A regular expression for the whole of a secret that the API returns only once, so that a person who has
            kept it can hand it over when the object is adopted; empty for one that the API returns always or never.
        description: The same in words, such as `64 hexadecimal characters`.
    """

    pattern: str = ""
    description: str = ""


def secret(*, pattern: str = "", description: str = "") -> Callable[[Getter], Getter]:
    """Mark the getter of an output as that of a secret. The arguments are those of `Secret`."""

    def mark(getter: Getter) -> Getter:
        setattr(getter, MARK, Secret(pattern, description))
        return getter

    return mark


def secrets_of(resource_class: type) -> dict[str, Secret]:
    """Return the secrets among a class's outputs, inherited ones included, by their camelCase names."""
    return {
        to_camel(name): getattr(value.fget, MARK)
        for each in reversed(resource_class.__mro__)
        for name, value in vars(each).items()
        if isinstance(value, property) and hasattr(value.fget, MARK)
    }
