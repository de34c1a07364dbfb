"""The file that names unmanaged objects which are known and wanted, so that they are no drift.

One pattern on a line: `KIND:PATTERN`, where KIND is a kind's word or `*` for any, and PATTERN is the object's id, or
what a report calls it, with `*` for any text. Empty lines and lines that begin with `#` mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pulumi_spectrum.kinds import Kind, Live
from pulumi_spectrum.spelling.suggestions import did_you_mean
from pulumi_spectrum.text_files import read_text

DEFAULT_NAME = ".spectrum-drift-ignore"


@dataclass(frozen=True)
class IgnoreFile:
    """The patterns of a file.

    Args:
        patterns: A kind's word, or `*`, and what the object's id or label has to match.
    """

    patterns: tuple[tuple[str, str], ...] = ()

    def names(self, kind: Kind, live: Live) -> bool:
        """Return whether a line of the file names an object, in any spelling of its label that means the same."""
        spellings = kind.spellings(live)
        return any(
            re.fullmatch(_expression(written), spelling)
            for word, pattern in self.patterns
            if word in ("*", kind.word)
            for written in (pattern, kind.plain_label(pattern))
            for spelling in spellings
        )


def read_ignore_file(path: Path, kinds: Sequence[Kind]) -> IgnoreFile:
    """Read a file of patterns.

    Raises:
        UnreadableText: The file is not text.
        click.ClickException: A line is not a pattern; the message has its number.
    """
    words = ["*", *(kind.word for kind in kinds)]
    patterns = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        word, colon, pattern = text.partition(":")
        if not colon or word not in words or not pattern:
            raise click.ClickException(
                f"{path}, line {number}: write KIND:PATTERN, where KIND is one of {', '.join(sorted(words))}."
                f"{'' if word in words else did_you_mean(word, words)}"
            )
        patterns.append((word, pattern.strip()))
    return IgnoreFile(tuple(patterns))


def _expression(pattern: str) -> str:
    return ".*".join(map(re.escape, pattern.split("*")))
