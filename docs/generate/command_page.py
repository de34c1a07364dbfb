"""The page of the commands, with each command's `--help`.

The page is written by hand, except for its blocks that begin with `$ pulumi-spectrum ... --help`. Those are replaced.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from pulumi_spectrum.cli import main

PAGE = Path(__file__).parents[1] / "reference" / "commands.md"
WIDTH = 100
"""Characters in a line of help."""


def help_of(name: str) -> str:
    """Return what `pulumi-spectrum NAME --help` prints."""
    parent = click.Context(main, info_name="pulumi-spectrum", **main.context_settings)
    command = main.get_command(parent, name)
    if command is None:
        raise SystemExit(f"{PAGE.name} has a block for the command {name}, which does not exist. Remove it.")
    return command.get_help(click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH))


def generate(page: str) -> str:
    """Return the page with the help of today's commands."""
    return re.sub(
        r"```text\n\$ pulumi-spectrum (\w+) --help\n.*?^```$",
        lambda block: f"```text\n$ pulumi-spectrum {block[1]} --help\n{help_of(block[1])}\n```",
        page,
        flags=re.DOTALL | re.MULTILINE,
    )


def files() -> dict[Path, str]:
    """Return the page by its file."""
    return {PAGE: generate(PAGE.read_text(encoding="utf-8"))}
