"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pulumi_spectrum.spelling.suggestions import did_you_mean


class Choice(click.Choice[str]):
    """One of several words. The refusal of any other says which one was probably meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return the refusal of a word."""
        return super().get_invalid_choice_message(value, ctx) + did_you_mean(str(value), self.choices)


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
        type=Choice(forms),
        default="text",
        show_default=True,
        help="How the report is written.",
    )
