"""The commands as a whole: their help, what loading them costs, and how misuse ends."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from pulumi_spectrum.cli import COMMANDS, main


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    """Every command's help has examples, each on a line of its own."""
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    examples = result.output.partition("Examples:\n")[2]
    assert f"    pulumi-spectrum {command}\n" in examples


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_light(command: str) -> None:
    """Help loads nothing that only running the command needs."""
    program = (
        f"import sys; from pulumi_spectrum.cli import main; sys.argv = ['pulumi-spectrum', {command!r}, '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'rich', 'requests', 'pydantic', 'starlette'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("arguments", [["drift", "--formt", "json"], ["drift", "--format", "yaml"], ["drfit"]])
def test_misuse(arguments: list[str]) -> None:
    """A mistyped command line ends with 1: 2 means that drift was found."""
    assert CliRunner().invoke(main, arguments).exit_code == 1
