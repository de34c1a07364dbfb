"""What a mistyped word was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is spelled most like a word, or None where none is like it. Case makes no difference."""
    by_spelling = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), by_spelling, n=1)
    return by_spelling[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return the sentence to put behind a message that refuses a word, or an empty text.

    The sentence holds one of the choices and nothing of the word, which may be a secret that stands in a wrong place.
    """
    found = closest(word, choices)
    return "" if found is None else f" Did you mean '{found}'?"
