"""Fixtures that run `pulumi-spectrum adopt` in a temporary folder against an emulated project."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_spectrum.cli import main
from pulumi_spectrum.emulator import Emulator


@pytest.fixture
def adopt(spectrum: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `adopt`; PATH holds no Pulumi CLI unless `put_pulumi` writes one."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, ["adopt", str(tmp_path / "project"), *arguments], env=environment)

    return run


@pytest.fixture
def fill(spectrum: Emulator) -> Callable[[], dict[str, Any]]:
    """Adds a platform, a line, two users and a webhook to the project, and returns their rows."""

    def add() -> dict[str, Any]:
        project = spectrum.project
        project.platforms.set("imessage", enabled=True, autoScale=True)
        line = project.lines.add(firstName="Acme", lastName="Support")
        number = line["phoneNumber"].replace(" ", "")
        return {
            "line": line,
            "alice": project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice"),
            "bob": project.users.add(
                phoneNumber="+14155550124", type="dedicated", assignedPhoneNumber=number, firstName="Bob"
            ),
            "hook": project.webhooks.add(webhookUrl="https://app.example.com/in"),
        }

    return add


@pytest.fixture
def put_pulumi(tmp_path: Path) -> Callable[[dict[str, str]], None]:
    """Writes a fake `pulumi` to PATH that prints a fixed output for each command."""

    def put(answers: dict[str, str]) -> None:
        (tmp_path / "bin").mkdir(exist_ok=True)
        script = tmp_path / "bin" / "pulumi"
        cases = "".join(f"'{arguments}'*) printf '%s' '{answer}' ;;\n" for arguments, answer in answers.items())
        script.write_text(f'#!/bin/sh\ncase "$*" in\n{cases}*) echo "error: no stack selected" >&2; exit 1 ;;\nesac\n')
        script.chmod(0o755)

    return put


@pytest.fixture
def imported(tmp_path: Path) -> Callable[[], dict[str, dict[str, Any]]]:
    """Returns the entries of the import file, keyed by resource name."""

    def read() -> dict[str, dict[str, Any]]:
        document = json.loads((tmp_path / "project" / "spectrum-import.json").read_text())
        return {entry["name"]: entry for entry in document["resources"]}

    return read
