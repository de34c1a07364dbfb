"""Hides the values of arguments in the service's messages.

The client does not know which arguments are secret. No text that was sent is therefore shown in a message: each is
replaced by its property's name in brackets, `[phoneNumber]`.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, quote_plus

WORDS_OF_THE_API = frozenset({"type", "platform", "schemaVersion", "eventTypes", "id"})
"""Properties whose values are words that the API defines, such as `shared`, or ids that it made. They stay readable."""
FRAGMENT = 10
"""A run of so many letters and digits that a value has, too, counts as a part of it, whatever the punctuation."""
DIGITS = 7
"""A run of so many digits counts as a part of it, too, such as a phone number without its country."""
SHORT = 3
"""A value of up to so many characters may be a word of the message by chance."""

_also_hidden: ContextVar[Mapping[str, str]] = ContextVar("also_hidden", default=MappingProxyType({}))


@contextmanager
def hiding(values: Mapping[str, str]) -> Iterator[None]:
    """Hide these values in every message of this block and thread, even if the request does not have them.

    Args:
        values: The property's name of each value.
    """
    token = _also_hidden.set(values)
    try:
        yield
    finally:
        _also_hidden.reset(token)


def values_to_hide(*sent: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the texts in what is sent and those of `hiding`, each with the name of its property."""
    found: dict[str, str] = {}
    for part in sent:
        for name, value in (part or {}).items():
            _collect(value, name, found)
    return {**_also_hidden.get(), **found}


def _collect(value: Any, name: str, found: dict[str, str]) -> None:
    if name in WORDS_OF_THE_API:
        return
    if isinstance(value, str):
        found.setdefault(value, name)
    elif isinstance(value, Mapping):
        for inner, each in value.items():
            _collect(each, inner, found)
    elif isinstance(value, list | tuple):
        for each in value:
            _collect(each, name, found)


def hide(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each value replaced by its name.

    A value is recognised in any case, URL-encoded, escaped as in JSON or HTML, with other spaces or punctuation, and in
    part. One of up to three characters is recognised as a whole word that is not plain lower case, or in quotes.

    Args:
        text: What is about to be shown.
        values: The name of each value.
    """
    owners: list[str | None] = [None] * len(text)
    letters = _letters(text)
    for value in sorted(values, key=len, reverse=True):
        for spelling in _spellings(value):
            for start, end in (*_whole(spelling, text), *_parts(spelling, letters)):
                owners[start:end] = [owner or values[value] for owner in owners[start:end]]
    pieces = groupby(zip(owners, text, strict=True), key=lambda piece: piece[0])
    return "".join("".join(each for _, each in piece) if owner is None else f"[{owner}]" for owner, piece in pieces)


def _spellings(value: str) -> set[str]:
    """Return the spellings in which a service may repeat a value."""
    normal = {value, *(unicodedata.normalize(form, value) for form in ("NFC", "NFKC")), value.upper(), value.lower()}
    if "@" in value:
        normal.add(value.rpartition("@")[0])
    if value.startswith("+"):
        normal.add(value[1:])
    encoded = {
        spelling
        for each in normal
        for spelling in (
            each,
            quote(each, errors="replace"),
            quote(each, safe="", errors="replace"),
            quote(each, safe="/:?#[]@!$&'()*+,;=%", errors="replace"),
            quote_plus(each, errors="replace"),
            json.dumps(each)[1:-1],
            html.escape(each),
        )
    }
    return encoded - {""}


def _whole(spelling: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a spelling stands as a whole word, with any white space where it has white space."""
    pattern = r"\s+".join(map(re.escape, spelling.split()))
    if not pattern:
        return
    if spelling[0].isalnum():
        pattern = rf"(?<![^\W_]){pattern}"
    if spelling[-1].isalnum():
        pattern = rf"{pattern}(?![^\W_])"
    if len(spelling) <= SHORT and (len(spelling) == 1 or (spelling.isascii() and spelling.islower())):
        pattern = rf"(?:(?<=[\"'`“«=(\[<])|(?<=: )){pattern}"
    flags = re.IGNORECASE if len(spelling) > SHORT else re.NOFLAG
    for found in re.finditer(pattern, text, flags):
        yield found.span()


def _parts(spelling: str, letters: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Yield where runs of letters and digits stand that a spelling has, too, whatever stands between them."""
    own = "".join(letter for letter, _ in _letters(spelling))
    run = "".join(letter for letter, _ in letters)
    for length in (FRAGMENT, DIGITS):
        fragments = {own[start : start + length] for start in range(len(own) - length + 1)}
        for start in range(len(run) - length + 1 if fragments else 0):
            fragment = run[start : start + length]
            if fragment in fragments and (length == FRAGMENT or fragment.isdecimal()):
                yield letters[start][1], letters[start + length - 1][1] + 1


def _letters(text: str) -> list[tuple[str, int]]:
    """Return the letters and digits of a text without case and accents, each with its place."""
    return [
        (letter, place)
        for place, character in enumerate(text)
        for letter in unicodedata.normalize("NFKD", character).casefold()
        if letter.isalnum()
    ]
