"""The help of every command, and the exit code of a wrong command line."""

import re

import click
import pytest
from click.testing import CliRunner

from pulumi_spectrum.cli import COMMANDS, main


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(command: str) -> None:
    """Every command's help has examples, each on a line of its own."""
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    examples = result.output.partition("Examples:\n")[2]
    assert f"    pulumi-spectrum {command}\n" in examples


@pytest.mark.parametrize("command", COMMANDS)
def test_command_list_has_the_first_sentence_of_the_help(command: str) -> None:
    """A command's line in the list is the first sentence of its help."""
    sentence = COMMANDS[command]
    assert main.get_command(click.Context(main), command).get_short_help_str(200).rstrip(".") + "." == sentence
    listed = " ".join(CliRunner().invoke(main, ["--help"]).output.split())
    assert f" {command} {sentence}" in listed


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (["drfit"], "drift"),
        (["drift", "--formt", "json"], "--format"),
        (["drift", "--format", "jsno"], "json"),
        (["drift", "--unmanaged", "wran"], "warn"),
        (["adopt", "--area", "webhoks"], "webhooks"),
        (["adopt", "--into", "exisiting"], "existing"),
    ],
)
def test_mistyped_word_is_guessed(arguments: list[str], suggestion: str) -> None:
    """The refusal of a command, an option or a choice says which one is spelled most like it."""
    error = CliRunner().invoke(main, arguments).stderr.splitlines()[-1]
    # Not every release of click puts options into quotes.
    assert error.replace("'", "").endswith(f" Did you mean {suggestion}?")


def test_command_like_no_other_is_not_guessed() -> None:
    """The refusal of a command that is like none says no more, and an option in its place is refused as one."""
    assert CliRunner().invoke(main, ["ypgrade"]).stderr.splitlines()[-1] == "Error: No such command 'ypgrade'."
    assert re.search("No such option:? '?--nothing", CliRunner().invoke(main, ["--nothing"]).stderr)


@pytest.mark.parametrize("arguments", [["drift", "--formt", "json"], ["drift", "--format", "yaml"], ["drfit"]])
def test_wrong_command_line_exits_with_1(arguments: list[str]) -> None:
    """A wrong command line exits with 1, because 2 means that drift was found."""
    assert CliRunner().invoke(main, arguments).exit_code == 1
