"""Reading the output of the Pulumi CLI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_spectrum.cli.pulumi_cli import PulumiFailed, run_pulumi


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `pulumi` that prints UTF-8 and fails in another encoding."""
    script = tmp_path / "pulumi"
    script.write_bytes(
        b'#!/bin/sh\ncase "$1" in\ngood) echo "Zo\xc3\xab" ;;\n*) echo "error: no stack Zo\xeb" >&2; exit 1 ;;\nesac\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return script


def test_cli_output_is_utf8_in_any_locale(pulumi: Path) -> None:
    """The CLI's output is decoded as UTF-8, whatever encoding the locale sets."""
    program = (
        "import sys; from pathlib import Path; from pulumi_spectrum.cli.pulumi_cli import run_pulumi;"
        "print(ascii(run_pulumi(Path('.'), 'good')))"
    )
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=pulumi.parent, env={**os.environ, **plain}, capture_output=True, check=True
    )
    assert run.stdout == b"'Zo\\xeb\\n'\n"


def test_invalid_utf8_is_replaced(pulumi: Path) -> None:
    """A byte that is not UTF-8 is replaced by U+FFFD, and the rest of the message stays."""
    with pytest.raises(PulumiFailed) as failed:
        run_pulumi(pulumi.parent, "bad")
    assert failed.value.message.endswith("no stack Zo\ufffd")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("warning: a\nerror: the stack is locked\n  file:///lock", "the stack is locked"),
        ("error: 2 errors occurred:\n    * one\n    * two", "* two"),
        ("no such command", "no such command"),
        ("", "it ended with 1"),
    ],
)
def test_reason_of_a_failure(pulumi: Path, said: str, reason: str) -> None:
    """The reason of a failure is the last error that the CLI prints, or the last line if none is complete."""
    pulumi.write_text(f"#!/bin/sh\nprintf '%s' '{said}' >&2\nexit 1\n")
    with pytest.raises(PulumiFailed) as failed:
        run_pulumi(pulumi.parent, "stack")
    assert failed.value.message == f"`pulumi stack` failed in {pulumi.parent}: {reason}"
