"""`pulumi-spectrum doctor`: what is wrong with a project folder, before `pulumi up` finds out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from pulumi_spectrum.cli import checks
from pulumi_spectrum.cli.checks import PROBLEM, ReportLine
from pulumi_spectrum.cli.failures import failures_without_traceback
from pulumi_spectrum.cli.options import config_file_option
from pulumi_spectrum.cli.project_file import find_project_file, read_project_file
from pulumi_spectrum.cli.pulumi_cli import PulumiFailed
from pulumi_spectrum.spelling.printable import on_one_line

COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".")
@click.option("-s", "--stack", metavar="NAME", help="The stack. Default: the selected one.")
@config_file_option
@click.pass_context
def doctor(ctx: click.Context, *, folder: Path, stack: str | None, config_file: Path | None) -> None:
    """Check a project folder, its Python environments and its credentials.

    Prints one line for each check, and what to do where something is wrong. Checked are the CLI, the environments that
    run the program and the providers, the package's version in each, the credentials, where they come from and the
    project that they are of, misspelt settings and secrets in plain text in the configuration, whether the stack's
    secrets can be read, and whether a newer release wrote the state. Two requests are made, and nothing is changed.
    Ends with 1 if `pulumi up` would fail, and with 0 otherwise, warnings or not.

    \b
    Examples:
      pulumi-spectrum doctor
      pulumi-spectrum doctor infrastructure/ --stack prod
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    path = find_project_file(folder)
    if path is None:
        raise click.ClickException(f"There is no Pulumi.yaml in {folder} or above it.")
    levels = []
    for line in _find(folder, path, stack, config_file):
        level = click.style(f"{line.level:8}", fg=COLOURS[line.level])
        click.echo(f"{level} {on_one_line(line.text)}")
        levels.append(line.level)
    ctx.exit(1 if PROBLEM in levels else 0)


def _find(folder: Path, project_file: Path, stack: str | None, config_file: Path | None) -> Iterator[ReportLine]:
    """Yield what the checks find, each as soon as it is found. What needs a stack is checked where there is one."""
    reported: set[str] = set()
    yield from _run(lambda: checks.check_cli(folder), reported)
    yield from _run(lambda: checks.check_pythons(read_project_file(project_file)), reported)
    of_the_stack = list(_run(lambda: checks.check_stack(folder, stack), reported))
    yield from of_the_stack
    if all(line.level != PROBLEM for line in of_the_stack):
        for check in (checks.check_config, checks.check_secrets, checks.check_credentials, checks.check_state):
            yield from _run(partial(check, folder, stack, config_file), reported)


def _run(check: Callable[[], Iterator[ReportLine]], reported: set[str]) -> Iterator[ReportLine]:
    """Yield what a check finds. A check that cannot go on has found a problem, which is reported once."""
    try:
        with failures_without_traceback():
            yield from check()
    except click.ClickException as failure:
        reason = failure.reason if isinstance(failure, PulumiFailed) else failure.message
        if reason not in reported:
            reported.add(reason)
            yield ReportLine(PROBLEM, failure.message)
