"""The file that names unmanaged objects which are known and wanted, so that they are no drift.

One pattern a line: `KIND:PATTERN`, where KIND is `line`, `platform`, `user` or `webhook`, or `*` for any of them, and
PATTERN is the object's id, or what a report calls it (a phone number, a URL, a platform), with `*` for any text. Empty
lines and lines that begin with `#` mean nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

from pulumi_spectrum.cli.names import describe
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.lifecycle import Live
from pulumi_spectrum.spelling.urls import as_parsed
from pulumi_spectrum.text_files import read_text

DEFAULT_NAME = ".spectrum-drift-ignore"


@dataclass(frozen=True)
class IgnoreFile:
    """The patterns of a file.

    Args:
        patterns: A kind, or `*`, and what the object's id or description has to match.
    """

    patterns: tuple[tuple[str, re.Pattern[str]], ...] = ()

    def names(self, kind: Kind, live: Live) -> bool:
        """Tell whether a line of the file names an object. A URL may be spelled in any way that means the same."""
        description = describe(live)
        spellings = (live.id, description, as_parsed(description))
        return any(
            of_kind in ("*", kind.name) and any(map(pattern.fullmatch, spellings)) for of_kind, pattern in self.patterns
        )


def read_ignore_file(path: Path, kinds: list[Kind]) -> IgnoreFile:
    """Read a file of patterns.

    Raises:
        UnreadableText: The file is not text.
        click.ClickException: A line is not a pattern; its number is told.
    """
    words = ["*", *(kind.name for kind in kinds)]
    patterns = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        of_kind, colon, pattern = text.partition(":")
        if not colon or of_kind not in words or not pattern:
            raise click.ClickException(
                f"{path}, line {number}: write KIND:PATTERN, where KIND is one of {', '.join(words)}."
            )
        spellings = dict.fromkeys((pattern.strip(), as_parsed(pattern.strip())))
        patterns.append((of_kind, re.compile("|".join(map(_expression, spellings)))))
    return IgnoreFile(tuple(patterns))


def _expression(pattern: str) -> str:
    return ".*".join(map(re.escape, pattern.split("*")))
