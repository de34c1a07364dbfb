"""The command line, `pulumi-spectrum`. Each command's module is loaded when that command runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from pulumi_spectrum.cli.printing import escape_what_streams_lack
from pulumi_spectrum.spelling.printable import on_one_line
from pulumi_spectrum.spelling.suggestions import did_you_mean

COMMANDS = {
    "adopt": "Take over what was made by hand.",
    "doctor": "Check a project folder, its Python environments and its credentials.",
    "drift": "Show what was changed, deleted or made by hand.",
    "emulator": "Serve the Spectrum API on this machine, for trying stacks without credentials.",
    "recover": "Settle what a killed run has left pending.",
}
"""Each command and its line in the list of commands, so that the list is shown without loading their modules."""


class Commands(click.Group):
    """Finds each command in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, sorted."""
        del ctx
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command by its name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"pulumi_spectrum.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names."""
        if args[0] not in COMMANDS and not ctx.resilient_parsing:  # which is the parsing of a shell's completion
            ctx.fail(f"No such command {args[0]!r}.{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a program."""
        escape_what_streams_lack()
        return super().main(*args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line. Nothing is coloured where the environment says so (https://no-color.org)."""
        if os.environ.get("NO_COLOR"):
            kwargs.setdefault("color", False)
        with _errors_as_promised():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _errors_as_promised(), _requests_shown():
            return super().invoke(ctx)


@contextmanager
def _requests_shown() -> Iterator[None]:
    """Show each request that a command sends on standard error, where the environment asks for it."""
    if not os.environ.get("SPECTRUM_LOG"):
        yield
        return
    # Imported here, since the list of commands must not load the client.
    from pulumi_spectrum.client import SettingsRefused  # noqa: PLC0415
    from pulumi_spectrum.settings import show_requests  # noqa: PLC0415

    try:
        with show_requests(lambda _key: None, lambda line: click.echo(line, err=True)):
            yield
    except SettingsRefused as refused:
        raise click.ClickException(str(refused)) from None


@contextmanager
def _errors_as_promised() -> Iterator[None]:
    """Put each error on one line, and end with 1 after a mistyped option: 2 means that `drift` has found drift."""
    try:
        yield
    except click.ClickException as error:
        error.message = on_one_line(error.message)  # type: ignore[misc]  # of this error alone
        if isinstance(error, click.UsageError):
            error.exit_code = 1  # type: ignore[misc]  # of this error alone
        raise


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-spectrum")
def main() -> None:
    """Photon Spectrum beside Pulumi: take over what exists, find drift, check a project, and try things offline."""
