"""The files that `pulumi-spectrum drift` reads: states, and the objects to ignore."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from drift_reports import DRIFT, entry

from pulumi_spectrum.cli import main
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds


@pytest.mark.parametrize("text", ["[]", "{}", "nonsense"])
def test_invalid_state_file(state: dict[str, Any], tmp_path: Path, text: str) -> None:
    """For a file that is no state, `drift` exits with 1 and a one-sentence error."""
    (tmp_path / "file").write_text(text)
    result = CliRunner().invoke(main, ["drift", str(tmp_path), "--state", str(tmp_path / "file")])
    assert result.exit_code == 1
    assert result.stderr.endswith("is not a state as `pulumi stack export` writes it.\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_files_with_a_byte_order_mark(
    drift: DRIFT, state: dict[str, Any], spectrum: Emulator, tmp_path: Path, encoding: str
) -> None:
    """A state and an ignore file with a byte order mark, as PowerShell writes it, are decoded by that mark."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Zoë")
    entry(state, "alice")["inputs"]["firstName"] = entry(state, "alice")["outputs"]["firstName"] = "Zoë"
    spectrum.project.platforms.set("slack", enabled=True)
    (tmp_path / "state").write_text(json.dumps(state, ensure_ascii=False), encoding=encoding)
    (tmp_path / "ignored").write_text("platform:slack\n", encoding=encoding)
    files = ["--state", str(tmp_path / "state"), "--ignore-file", str(tmp_path / "ignored")]
    result = CliRunner().invoke(main, ["drift", str(tmp_path), *files])
    assert (result.exit_code, result.stdout) == (0, "5 resources compared: no drift.\n")


@pytest.mark.parametrize("option", ["--state", "--ignore-file"])
def test_files_in_another_encoding(state: dict[str, Any], tmp_path: Path, option: str) -> None:
    """For a file that is not Unicode text, `drift` exits with 1 and an error that names the file."""
    (tmp_path / "file").write_bytes('{"deployment": "Zoë"}'.encode("latin-1"))
    result = CliRunner().invoke(main, ["drift", str(tmp_path), option, str(tmp_path / "file")])
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {tmp_path / 'file'} is not UTF-8 text. Save it as UTF-8, or as UTF-16 with a byte order mark.\n"
    )


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("platform:slack", 0),
        ("*:sla*", 0),
        ("# a comment\n\n  platform:*  ", 0),
        ("user:slack", 2),
        ("platform:sl", 2),
        ("platform:s.*k", 2),
    ],
)
def test_ignore_file(
    *, drift: DRIFT, state: dict[str, Any], spectrum: Emulator, tmp_path: Path, pattern: str, status: int
) -> None:
    """Objects that the ignore file matches are no drift; a pattern has to match the whole label."""
    spectrum.project.platforms.set("slack", enabled=True)
    (tmp_path / ".spectrum-drift-ignore").write_text(pattern)
    assert drift(state).exit_code == status


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("webhook:https://B\u00dcCHER.example:443/\u00e9", 0),
        ("webhook:https://xn--bcher-kva.example/%C3%A9", 0),
        ("*:https://b\u00fccher.example/*", 0),
        ("*:https://*.example/%C3*", 0),
        ("webhook:https://bucher.example/*", 2),
    ],
)
def test_ignored_urls(
    *, drift: DRIFT, state: dict[str, Any], spectrum: Emulator, tmp_path: Path, pattern: str, status: int
) -> None:
    """A URL in the ignore file matches every spelling of the same URL."""
    spectrum.project.webhooks.add(webhookUrl="https://b\u00fccher.example/\u00e9")
    (tmp_path / ".spectrum-drift-ignore").write_text(pattern, encoding="utf-8")
    assert drift(state).exit_code == status


def test_invalid_pattern_in_the_ignore_file(drift: DRIFT, state: dict[str, Any], tmp_path: Path) -> None:
    """The error for an invalid pattern gives its line number."""
    (tmp_path / "ignored").write_text("user:+1*\nwebhok:x\n")
    result = drift(state, "--ignore-file", str(tmp_path / "ignored"))
    assert result.exit_code == 1
    words = ", ".join(sorted(["*", *(kind.word for kind in load_kinds())]))
    assert f"line 2: write KIND:PATTERN, where KIND is one of {words}. Did you mean 'webhook'?" in result.stderr


def test_printed_ignore_command(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """After the printed command for the ignore file, the unmanaged objects are no drift."""
    spectrum.project.webhooks.add(webhookUrl="https://app.example.com/it's%20in")
    spectrum.project.platforms.set("slack", enabled=True)
    *_, step = json.loads(drift(state, "--format", "json").stdout)["next"]
    subprocess.run(["sh", "-ec", step["command"]], check=True)
    assert drift(state).exit_code == 0
