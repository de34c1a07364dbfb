"""What a shell is told when a person presses the tabulator key behind `pulumi-spectrum`."""

from click.testing import CliRunner

from pulumi_spectrum.cli import COMMANDS, main
from pulumi_spectrum.kinds import load_kinds


def complete(line: str) -> list[str]:
    """Return the words that bash offers for the last word of a line."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    environment = {"_PULUMI_SPECTRUM_COMPLETE": "bash_complete", **words}
    run = CliRunner().invoke(main, prog_name="pulumi-spectrum", env=environment)
    assert (run.exit_code, run.stderr) == (0, "")
    return [offered.removeprefix("plain,") for offered in run.stdout.split()]


def test_commands_are_completed() -> None:
    """Each command is offered, and the one that begins as the person has begun."""
    assert complete("pulumi-spectrum ") == list(COMMANDS)
    assert complete("pulumi-spectrum dr") == ["drift"]


def test_options_and_their_words_are_completed() -> None:
    """The options of a command are offered, and the words that one of them takes."""
    assert complete("pulumi-spectrum drift --form") == ["--format"]
    assert complete("pulumi-spectrum adopt --area ") == [kind.area for kind in load_kinds()]
    assert complete("pulumi-spectrum adopt --area webh") == ["webhooks"]


def test_mistyped_command_is_completed_with_nothing() -> None:
    """Behind a command that there is not, nothing is offered, and no error is shown in the middle of the line."""
    assert complete("pulumi-spectrum drfit --form") == []
