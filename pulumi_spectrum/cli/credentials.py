"""Which projects a command can ask: the one in the stack's configuration, and the one in the environment."""

from __future__ import annotations

import os
from pathlib import Path

from pulumi_spectrum.cli.project_file import find_project_file
from pulumi_spectrum.cli.pulumi_cli import PulumiFailed, read_config
from pulumi_spectrum.client import ClientSettings, SettingsRefused
from pulumi_spectrum.settings import read_settings
from pulumi_spectrum.spelling.setting_names import find_misspelt


def find_settings(folder: Path, stack: str | None, config_file: Path | None = None) -> list[ClientSettings]:
    """Return the settings of every project whose credentials are known here, the stack's own first.

    Args:
        folder: A project folder, or one below it.
        stack: A stack's name, or None for the selected one.
        config_file: The file with the stack's configuration, where it is not the one that the project file names.

    Raises:
        SettingsRefused: There are none, or one of them cannot be used.
        PulumiFailed: The configuration cannot be read, and the environment has no credentials either.
    """
    from_environment = read_environment()
    if find_project_file(folder) is None:
        return [from_environment or read_settings(_no_config)]
    try:
        config = read_config(folder, stack, "spectrum", config_file)
    except PulumiFailed:
        if stack is None and config_file is None and from_environment is not None:
            return [from_environment]
        raise
    try:
        of_the_stack = read_settings(config.get)
    except SettingsRefused as refused:
        raise SettingsRefused(" ".join([str(refused), *find_misspelt(config)])) from None
    if from_environment is None or from_environment.project_id == of_the_stack.project_id:
        return [of_the_stack]
    return [of_the_stack, from_environment]


def read_environment() -> ClientSettings | None:
    """Return the settings that the environment holds, or None where a credential is missing there.

    Raises:
        SettingsRefused: A value cannot be used.
    """
    if not os.environ.get("SPECTRUM_PROJECT_ID") or not os.environ.get("SPECTRUM_PROJECT_SECRET"):
        return None
    return read_settings(_no_config)


def _no_config(_key: str) -> None:
    """Stand for a configuration without any key."""
