"""The commands as a whole: their help, and how misuse ends."""

import click
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
def test_the_list_says_what_a_command_does(command: str) -> None:
    """A command's line in the list is the first sentence of its help."""
    sentence = COMMANDS[command]
    assert main.get_command(click.Context(main), command).get_short_help_str(200).rstrip(".") + "." == sentence
    listed = " ".join(CliRunner().invoke(main, ["--help"]).output.split())
    assert f" {command} {sentence}" in listed


@pytest.mark.parametrize("arguments", [["drift", "--formt", "json"], ["drift", "--format", "yaml"], ["drfit"]])
def test_misuse(arguments: list[str]) -> None:
    """A mistyped command line ends with 1: 2 means that drift was found."""
    assert CliRunner().invoke(main, arguments).exit_code == 1
