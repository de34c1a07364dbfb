"""The page of messages has what the package really says, and the pages of resources quote it."""

from __future__ import annotations

import html
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pulumi_spectrum import messages
from pulumi_spectrum.client import SpectrumError
from pulumi_spectrum.client.setting_sources import Source
from pulumi_spectrum.kinds import load_kinds

DOCS = Path(__file__).parents[2] / "docs"
PAGE = html.unescape(re.sub(r"\\(?=[*\[\]\\])", "", (DOCS / "reference/messages.md").read_text(encoding="utf-8")))
MARK = "⟪⟫"
A_URN = f"urn:pulumi:{MARK}::{MARK}::{MARK}::{MARK}"
"""Every text that is filled in: where a function asks for a URN, it needs one."""


def _functions() -> Iterator[Any]:
    for module in pkgutil.iter_modules(messages.__path__, f"{messages.__name__}."):
        for _, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name and not function.__name__.startswith("_"):
                yield function


def _stand_in(annotation: str) -> Any:
    """Return a value for a parameter that is recognised in a message."""
    if annotation.startswith(("Iterable", "Sequence")):
        return [A_URN, A_URN]
    if annotation.startswith("Mapping"):
        return {name: Source(MARK, MARK, MARK) for name in ("project_id", "project_secret")}
    if annotation == "int":
        return 4711
    return SpectrumError(MARK, method="GET", path=MARK) if "SpectrumError" in annotation else A_URN


def _is_on_the_page(piece: str) -> bool:
    """Return whether a piece is on the page, but for up to three words that are filled in under a condition."""
    words = piece.strip(" .,;:").split()
    cuts = [(cut, cut + filled) for cut in range(len(words)) for filled in range(4)]
    return any(" ".join(words[:start]) in PAGE and " ".join(words[end:]) in PAGE for start, end in cuts)


@pytest.mark.parametrize("function", list(_functions()), ids=lambda function: function.__name__)
def test_each_message_of_the_room_is_on_the_page(function: Any) -> None:
    """What a function of the messages room returns is on the page, but for what is filled in."""
    parameters = inspect.signature(function).parameters.values()
    said = str(function(**{each.name: _stand_in(each.annotation) for each in parameters}))
    pieces = re.split(rf"{MARK}|4711|[;:.] |urn:pulumi:", said)
    assert [piece for piece in pieces if len(piece.split()) > 3 and not _is_on_the_page(piece)] == []


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.word)
def test_errors_on_a_page_of_a_resource_are_messages(kind: Any) -> None:
    """Each message that the page of a resource explains is one that the package has."""
    text = (DOCS / "reference/resources" / f"{kind.word}.md").read_text(encoding="utf-8")
    rows = text.partition("## Errors\n")[2].partition("\n\n")[0].splitlines()[2:]
    assert rows
    quoted = [piece.strip(' .,;:"') for row in rows for piece in re.split(r"…|\(id", row.split(" | ")[0].lstrip("| "))]
    known = PAGE.replace("`", "")
    assert [piece for piece in quoted if len(piece.split()) > 1 and piece not in known] == []
