"""Which outputs of a resource class are secrets, stated at the output."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pulumi_spectrum.spelling.property_names import to_camel, to_snake

Getter = TypeVar("Getter", bound=Callable[..., Any])

MARK = "_spectrum_secret"


@dataclass(frozen=True)
class Secret:
    """The facts about an output that is a secret: it is encrypted in the state, and shown nowhere.

    Args:
        pattern: A regular expression for the whole of a secret that the API returns only once, so that a person who has
            kept it can hand it over when the object is adopted. It is empty for one that can be any text, such as one
            that the program chooses: that one is handed over by its name.
        description: The same in words, such as `64 hexadecimal characters`.
    """

    pattern: str = ""
    description: str = ""

    def is_of_form(self, text: str) -> bool:
        """Return whether a text has the form of such a secret, as far as it has one."""
        return bool(self.pattern) and re.fullmatch(self.pattern, text) is not None


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


def find_secrets(secrets: Mapping[str, Secret], text: str) -> dict[str, str] | None:
    """Return the secrets in a text by the output that holds each, or None where something in the text is none.

    A line may name the output, as in `NAME=SECRET`, and has to where a class has several secrets without a form. The
    others are recognised by their form, and the only secret of a class needs none.

    Args:
        secrets: What `secrets_of` returns for the class.
        text: The text that a person has handed over.
    """
    found: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, equals, named = line.strip().partition("=")
        if equals and to_camel(name) in secrets:
            found[to_camel(name)] = named
        elif [each.pattern for each in secrets.values()] == [""]:
            found.update(dict.fromkeys(secrets, line))
        else:
            for word in line.split():
                output = next((each for each in secrets if secrets[each].is_of_form(word)), None)
                if output is None:
                    return None
                found[output] = word
    return found


def secrets_in_words(secrets: Mapping[str, Secret]) -> str:
    """Return how a person hands over each of the secrets that `secrets_of` returns for a class, for a message."""
    by_name = {to_snake(output): each for output, each in secrets.items()}
    return ", ".join(f"{name} is {each.description or f'given as {name}=…'}" for name, each in by_name.items())
