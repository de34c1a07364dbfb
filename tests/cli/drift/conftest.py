"""Fixtures that run `pulumi-spectrum drift` on the state of a stack that has adopted an emulated project."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from drift_reports import DRIFT

from pulumi_spectrum.cli import main
from pulumi_spectrum.emulator import Emulator


@pytest.fixture
def spectrum(spectrum: Emulator) -> Emulator:
    """An emulated API whose credentials are in the environment, and whose project holds objects of several kinds."""
    project = spectrum.project
    project.platforms.set("imessage", enabled=True)
    line = project.lines.add(firstName="Acme", lastName="Support")
    project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    project.users.add(phoneNumber="+14155550124", type="dedicated", assignedPhoneNumber=line["phoneNumber"])
    project.webhooks.add(webhookUrl="https://app.example.com/in")
    return spectrum


@pytest.fixture
def state(spectrum: Emulator, tmp_path: Path) -> dict[str, Any]:
    """The state of a stack that has adopted every object of the project."""
    assert CliRunner().invoke(main, ["adopt", str(tmp_path / "adopted")]).exit_code == 0
    entries = json.loads((tmp_path / "adopted" / "spectrum-import.json").read_text())["resources"]
    spectrum.requests.clear()
    return {
        "version": 3,
        "deployment": {
            "resources": [{"urn": f"urn:pulumi:dev::here::{each['type']}::{each['name']}", **each} for each in entries]
        },
    }


@pytest.fixture
def drift(tmp_path: Path) -> DRIFT:
    """Runs `drift` on one or more states."""

    def run(states: dict[str, Any] | list[dict[str, Any]], *arguments: str) -> Result:
        files = []
        for index, each in enumerate(states if isinstance(states, list) else [states]):
            path = tmp_path / f"state-{index}.json"
            path.write_text(json.dumps(each))
            files += ["--state", str(path)]
        return CliRunner().invoke(main, ["drift", str(tmp_path), *files, *arguments])

    return run


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the command in the project folder."""
    monkeypatch.chdir(tmp_path)
