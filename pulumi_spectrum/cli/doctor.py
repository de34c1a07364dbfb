"""`pulumi-spectrum doctor`: what is wrong with a project folder, before `pulumi up` finds out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pulumi_spectrum.cli.options import config_file_option
from pulumi_spectrum.cli.printing import on_one_line

if TYPE_CHECKING:
    from pulumi_spectrum.cli.checks import Finding

COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".")
@click.option("-s", "--stack", metavar="NAME", help="The stack. Default: the selected one.")
@config_file_option
@click.pass_context
def doctor(ctx: click.Context, *, folder: Path, stack: str | None, config_file: Path | None) -> None:
    """Check a project folder, its Python environments and its credentials.

    Prints one line for each check, and what to do where something is wrong. Two requests are made, and nothing is
    changed. Ends with 1 if `pulumi up` would fail, and with 0 otherwise, warnings or not.

    \b
    Examples:
      pulumi-spectrum doctor
      pulumi-spectrum doctor infrastructure/ --stack prod
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    from pulumi_spectrum.cli import checks
    from pulumi_spectrum.cli.project_file import find_project_file, read_project_file

    path = find_project_file(folder)
    if path is None:
        raise click.ClickException(f"There is no Pulumi.yaml in {folder} or above it.")
    sound = [
        _report(lambda: checks.check_cli(folder)),
        _report(lambda: checks.check_pythons(read_project_file(path))),
        _report(lambda: checks.check_stack(folder, stack)),
    ]
    if sound[-1]:
        sound += [
            _report(lambda: checks.check_config(folder, stack, config_file)),
            _report(lambda: checks.check_credentials(folder, stack, config_file)),
            _report(lambda: checks.check_state(folder, stack, config_file)),
        ]
    ctx.exit(0 if all(sound) else 1)


def _report(check: Callable[[], Iterator[Finding]]) -> bool:
    """Print what a check finds, and tell whether `pulumi up` would work as far as that goes."""
    is_sound = True
    for finding in _run(check):
        is_sound = is_sound and finding.level != "problem"
        level = click.style(f"{finding.level:8}", fg=COLOURS[finding.level])
        click.echo(f"{level} {on_one_line(finding.text)}")
    return is_sound


def _run(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Go through a check. Where it cannot go on, that is what it has found."""
    from pulumi_spectrum.cli.checks import PROBLEM, Finding
    from pulumi_spectrum.cli.failures import told_in_one_sentence

    try:
        with told_in_one_sentence():
            yield from check()
    except click.ClickException as failure:
        yield Finding(PROBLEM, failure.message)
