"""What reaches a terminal, a log or a page: names are other people's text, and streams may hold fewer characters."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import click

from pulumi_spectrum.spelling.printable import on_one_line


def as_json(value: Any) -> str:
    """Return a value as JSON on one line, readable, with an escape for each character that `on_one_line` takes out."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def say(text: str, *, err: bool = False) -> None:
    """Print one line."""
    click.echo(on_one_line(text), err=err)


def print_program(source: str) -> None:
    """Print Python source text, in ASCII where standard output is not UTF-8: Python reads programs as UTF-8."""
    if (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") != "utf8":
        # All that is not ASCII is inside string literals, where Python reads these escapes.
        source = source.encode("ascii", "backslashreplace").decode("ascii")
    click.echo(source, nl=False)


def escape_what_streams_lack() -> None:
    """Have standard output and error write an escape for each character that their encodings lack, and never fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
