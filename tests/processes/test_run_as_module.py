"""The package run as a module, where its command is not on PATH."""

from __future__ import annotations

import subprocess
import sys

from pulumi_spectrum import __version__


def test_module_is_the_command() -> None:
    """`python -m pulumi_spectrum` has the command's options, and calls itself by the command's name."""
    run = [sys.executable, "-m", "pulumi_spectrum"]
    version = subprocess.run([*run, "--version"], capture_output=True, text=True, check=True).stdout
    assert version == f"pulumi-spectrum, version {__version__}\n"
    usage = subprocess.run([*run, "drift", "--help"], capture_output=True, text=True, check=True).stdout
    assert usage.startswith("Usage: pulumi-spectrum drift ")
