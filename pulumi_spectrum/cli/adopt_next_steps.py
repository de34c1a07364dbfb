"""What `adopt` says at its end: the commands that take over what it has written."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from pulumi_spectrum.cli.adopt_target import IMPORT_FILE
from pulumi_spectrum.cli.printing import say
from pulumi_spectrum.cli.pulumi_cli import NEEDED_FOR_IMPORT, PulumiFailed, read_version


def say_next_with_file(
    folder: Path, options: Sequence[str], config_keys: Sequence[str], *, new_stack: str | None, has_secrets: bool
) -> None:
    """Say how the import file gets into the state, and warn where the CLI on PATH is too old for it.

    Args:
        folder: Where the commands are run.
        options: What they are given so that they mean the same stack and configuration.
        config_keys: The configuration keys from which the program takes secrets.
        new_stack: The name of the stack that is still to be made, or None.
        has_secrets: Whether the file holds secrets.
    """
    _say_commands(
        folder,
        new_stack,
        *_config_commands(config_keys, options),
        ("pulumi", "import", "--file", IMPORT_FILE, "--generate-code=false", *options),
        ("pulumi", "preview", "--expect-no-changes", *options),
    )
    say(f"  rm {IMPORT_FILE}{'   # it holds secrets in plain text' if has_secrets else ''}", err=True)
    needed = ".".join(map(str, NEEDED_FOR_IMPORT))
    try:
        version = read_version(folder)
    except PulumiFailed as failure:
        say(f"Warning: {failure.message} The import needs version {needed} or newer.", err=True)
        return
    if version < NEEDED_FOR_IMPORT:
        have = ".".join(map(str, version))
        say(
            f"Warning: the import needs Pulumi {needed} or newer, and {have} is on PATH. Upgrade it, or use "
            "--as options.",
            err=True,
        )


def say_next_with_options(
    folder: Path, options: Sequence[str], config_keys: Sequence[str], *, new_stack: str | None
) -> None:
    """Say how the program's options `import_` take effect. Arguments are those of `say_next_with_file`."""
    _say_commands(
        folder,
        new_stack,
        *_config_commands(config_keys, options),
        ("pulumi", "preview", *options),
        ("pulumi", "up", *options),
    )
    say(
        "The preview shows these resources as created, and says of each that it will be imported. After `pulumi up` "
        "the options import_ may be taken out.",
        err=True,
    )


def _config_commands(config_keys: Sequence[str], options: Sequence[str]) -> list[Sequence[str]]:
    return [("pulumi", "config", "set", "--secret", key, *options) for key in config_keys]


def _say_commands(folder: Path, new_stack: str | None, *commands: Sequence[str]) -> None:
    say(f"Next, in {folder}:", err=True)
    if new_stack is not None:
        say(f"  {shlex.join(('pulumi', 'stack', 'init', new_stack))}", err=True)
    for command in commands:
        say(f"  {shlex.join(command)}", err=True)
