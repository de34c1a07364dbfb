"""Where the values of a client's settings were found, so that a message can name the place that has to change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where one value was found.

    Args:
        name: What the setting is called there, such as an environment variable.
        place: The words that follow the name, such as `in the environment`.
        value: The value, where it may be shown.
        unused: What is set to another value elsewhere, and is not used for it; or an empty text.
    """

    name: str
    place: str
    value: str = ""
    unused: str = ""

    def __str__(self) -> str:
        """Return the name and its place, as the subject of a sentence."""
        return f"{self.name} {self.place}"
