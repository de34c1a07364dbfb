"""Tables on a terminal and in a pipe: an id stays in one piece, so that it can be copied."""

import io
import re
import sys

import pytest

from pulumi_spectrum.cli.tables import print_table

PROJECT, OBJECT = "0c9f6c1e-5a0e-4c59-9a5c-6f1d9b0b7a11", "8f14e45f-ceea-467f-a6d4-1b7a5a8b3c52"
HEADER = ("project", "kind", "object", "name", "id")
ROWS = [[PROJECT, "user", "+14155550123", "Alice", OBJECT]]


class Terminal(io.StringIO):
    """Standard output that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, columns: int) -> str:
    """Return what is printed on a terminal of this width."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    print_table("Unmanaged (1)", HEADER, ROWS)
    monkeypatch.undo()
    return terminal.getvalue()


def test_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal of 80 columns a row that is longer is one line of plain text, which the terminal itself wraps."""
    (row,) = [line for line in drawn(monkeypatch, 80).splitlines() if PROJECT in line]
    assert row.split() == ROWS[0]


def test_wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal that is wide enough the table is drawn."""
    (row,) = [line for line in drawn(monkeypatch, 140).splitlines() if PROJECT in line]
    assert [cell.strip() for cell in re.sub(r"\x1b\[[0-9;]*m", "", row).strip("\u2502").split("\u2502")] == ROWS[0]


def test_pipe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe each row is one line, whatever the width of the terminal is."""
    monkeypatch.setenv("COLUMNS", "80")
    print_table("Unmanaged (1)", HEADER, ROWS)
    assert capsys.readouterr().out.splitlines()[2].split() == ROWS[0]
