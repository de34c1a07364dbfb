"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

config_file_option = click.option(
    "--config-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The stack's configuration, where it is in another file than Pulumi.STACK.yaml.",
)
"""The option that `pulumi preview`, `up`, `import` and `config` have, and that their configuration is read with."""

stacks_option = click.option(
    "-s", "--stack", "stacks", multiple=True, metavar="NAME", help="A stack. Default: the selected one. Repeatable."
)
"""The stacks that a command reads."""


def format_option(*forms: str) -> Callable[[Any], Any]:
    """Return the option that says in which of several forms a report is written; text by default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default="text",
        show_default=True,
        help="How the report is written.",
    )
