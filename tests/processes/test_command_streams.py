"""Commands whose output is not UTF-8, as a process of its own has it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pulumi_spectrum.cli import main
from pulumi_spectrum.emulator import Emulator

COMMAND = [sys.executable, "-c", "from pulumi_spectrum.cli import main; main()"]


@pytest.fixture
def state(spectrum: Emulator, tmp_path: Path) -> dict[str, Any]:
    """The state of a stack that has taken over the project's one user."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    assert CliRunner().invoke(main, ["adopt", str(tmp_path / "adopted")]).exit_code == 0
    entries = json.loads((tmp_path / "adopted" / "spectrum-import.json").read_text())["resources"]
    resources = [{"urn": f"urn:pulumi:dev::here::{each['type']}::{each['name']}", **each} for each in entries]
    return {"version": 3, "deployment": {"resources": resources}}


STREAMS = [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}]


@pytest.mark.parametrize("environment", STREAMS, ids=["cp1252", "C locale"])
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_drift_reports_where_output_is_not_utf8(
    state: dict[str, Any], spectrum: Emulator, tmp_path: Path, environment: dict[str, str], form: str
) -> None:
    """A name that standard output cannot hold is written as far as it goes, and the status is that of the drift."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Fox 🦊")
    (tmp_path / "state").write_text(json.dumps(state))
    run = subprocess.run(
        [*COMMAND, "drift", str(tmp_path), "--state", str(tmp_path / "state"), "--format", form],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (2, b"")
    assert b'"Fox ' in run.stdout
    if form == "json":
        assert json.loads(run.stdout)["changed"][0]["properties"][0]["live"] == "Fox 🦊"


def test_adopt_writes_ascii_where_output_is_not_utf8(spectrum: Emulator, tmp_path: Path) -> None:
    """Where standard output is not UTF-8, the lines to add are ASCII, so that they fit into any program."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="Zoë \\ 🦊", lastName="\\N{x}")
    run = subprocess.run(
        [*COMMAND, "adopt", str(tmp_path), "--dry-run"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=True,
    )
    tree = ast.parse(run.stdout.decode("ascii"))
    values = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)]
    assert {"Zoë \\ 🦊", "\\N{x}"} <= set(values)
