"""Printing text that may hold control characters."""

import click
import pytest
from click.testing import CliRunner

from pulumi_spectrum.cli import main
from pulumi_spectrum.cli.printing import as_json
from pulumi_spectrum.spelling.printable import on_one_line


def test_on_one_line_replaces_invisible_characters() -> None:
    """Each invisible character becomes a space; letters of any script and emoji stay."""
    assert on_one_line("Zoë 🦊 زهرا\x1b[1m\u202ex\u200by\r\nz\x85") == "Zoë 🦊 زهرا [1m x y  z "


def test_as_json_escapes_invisible_characters() -> None:
    """Printed JSON keeps letters and emoji, and escapes invisible characters."""
    assert as_json(["Zoë 🦊", "\u202e\x9b\n"]) == r'["Zoë 🦊", "\u202e\u009b\n"]'


def test_error_message_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error message is printed on one line, whatever text it quotes."""

    def fail() -> None:
        raise click.ClickException("no \x1b[2J such\nok      all is well")

    monkeypatch.setattr("pulumi_spectrum.cli.doctor.doctor", click.Command("doctor", callback=fail))
    result = CliRunner().invoke(main, ["doctor"])
    assert (result.exit_code, result.stderr) == (1, "Error: no  [2J such ok      all is well\n")
