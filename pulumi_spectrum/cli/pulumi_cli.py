"""What the Pulumi CLI knows of a project folder: its version, a stack's configuration and a stack's state."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

NEEDED_FOR_IMPORT = (3, 254)
"""The first version that imports dynamic resources from a file (`outputs` in `pulumi import --file`)."""


class PulumiFailed(click.ClickException):
    """The Pulumi CLI could not do what it was asked to.

    Attributes:
        reason: Its own words for why, without what they were met in. Several commands may fail for one reason.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason.rpartition(": ")[2] or message


def run_pulumi(folder: Path, *arguments: str, given: str = "") -> str:
    """Run the CLI in a folder and return what it prints. It never asks a question.

    Args:
        folder: The folder to run it in.
        arguments: Its arguments.
        given: What it reads on standard input.

    Raises:
        PulumiFailed: It is not installed, or it failed; the message is its last error, or the last thing that it said.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise PulumiFailed(
            "The Pulumi CLI is not on PATH. Install it: https://www.pulumi.com/docs/iac/download-install/"
        )
    run = subprocess.run(  # noqa: S603  # the arguments are this package's or the caller's own, and no shell reads them
        [pulumi, *arguments, "--non-interactive"],
        cwd=folder,
        input=given,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if run.returncode != 0:
        said = [line.strip() for line in run.stderr.splitlines() if line.strip()]
        errors = [line for line in said if line.startswith("error:") and not line.endswith(":")]
        reason = (errors or said or [f"it ended with {run.returncode}"])[-1].removeprefix("error:").strip()
        raise PulumiFailed(f"`pulumi {' '.join(arguments)}` failed in {folder}: {reason}", reason)
    return run.stdout


def read_version(folder: Path) -> tuple[int, ...]:
    """Return the CLI's version, such as (3, 259, 0).

    Raises:
        PulumiFailed: It is not installed, or prints no version.
    """
    said = run_pulumi(folder, "version").strip()
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said)
    if found is None:
        raise PulumiFailed(f"The Pulumi CLI does not print its version, but {said!r}.")
    return tuple(map(int, found.groups()))


def stack_option(stack: str | None) -> tuple[str, ...]:
    """Return the arguments that name a stack, or none for the selected one."""
    return () if stack is None else ("--stack", stack)


def config_options(stack: str | None, config_file: Path | None) -> tuple[str, ...]:
    """Return the arguments that name a stack and the file with its configuration, each only where it is given."""
    return (*stack_option(stack), *(() if config_file is None else ("--config-file", str(config_file.absolute()))))


def list_config(folder: Path, stack: str | None, config_file: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return the configuration as `pulumi config --json` prints it: each key's value, where that is not a secret.

    Raises:
        PulumiFailed: No stack is selected, or its configuration cannot be read.
    """
    listed = json.loads(run_pulumi(folder, "config", "--json", *config_options(stack, config_file)) or "{}")
    return {str(key): dict(entry) for key, entry in listed.items()}


def read_config(folder: Path, stack: str | None, namespace: str, config_file: Path | None = None) -> dict[str, str]:
    """Return the keys of one namespace with their values. Only secrets of that namespace are decrypted.

    Raises:
        PulumiFailed: No stack is selected, or its configuration cannot be read.
    """
    listed = list_config(folder, stack, config_file)
    keys = {key: entry for key, entry in listed.items() if key.startswith(f"{namespace}:")}
    options = config_options(stack, config_file)
    return {
        key: run_pulumi(folder, "config", "get", key, *options).removesuffix("\n")
        if entry.get("secret")
        else str(entry.get("value", ""))
        for key, entry in keys.items()
    }


def decrypt_config(folder: Path, stack: str | None, config_file: Path | None = None) -> None:
    """Decrypt every secret of the configuration, and forget them.

    Raises:
        PulumiFailed: One cannot be decrypted.
    """
    run_pulumi(folder, "config", "--json", "--show-secrets", *config_options(stack, config_file))


def export_state(folder: Path, stack: str | None, *, show_secrets: bool = False) -> Mapping[str, Any]:
    """Return a stack's state as `pulumi stack export` prints it, with secrets encrypted unless asked otherwise.

    Raises:
        PulumiFailed: No stack is selected, or its state cannot be read.
    """
    secrets = ("--show-secrets",) if show_secrets else ()
    state: Mapping[str, Any] = json.loads(run_pulumi(folder, "stack", "export", *secrets, *stack_option(stack)))
    return state


def replace_state(folder: Path, stack: str | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Put a state in the place of the one that was read before, and return whether the stack still had that one.

    Where a run has changed it meanwhile, nothing is written.

    Raises:
        PulumiFailed: As for `export_state` and `import_state`.
    """
    if export_state(folder, stack) != before:
        return False
    import_state(folder, stack, after)
    return True


def import_state(folder: Path, stack: str | None, state: Mapping[str, Any]) -> None:
    """Put a state in the place of a stack's, as `pulumi stack import` does. Pulumi forgets all pending operations then.

    Raises:
        PulumiFailed: The stack is locked by a run, or the state cannot be used. The stack is as it was.
    """
    run_pulumi(folder, "stack", "import", *stack_option(stack), given=json.dumps(state))
