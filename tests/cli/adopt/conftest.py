"""The command `pulumi-spectrum adopt`, run in a folder of its own on an emulated project."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_spectrum.cli import main
from pulumi_spectrum.client.spectrum_client import _open_client
from pulumi_spectrum.emulator import Emulator


@pytest.fixture
def adopt(spectrum: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command in a folder where no Pulumi CLI is found unless one is put there."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def run(*arguments: str, **environment: str) -> Result:
        _open_client.cache_clear()  # every run of the command is a process of its own
        return CliRunner().invoke(main, ["adopt", str(tmp_path / "project"), *arguments], env=environment)

    return run


@pytest.fixture
def fill(spectrum: Emulator) -> Callable[[], dict[str, Any]]:
    """Gives the project one of everything."""

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
    """Puts a `pulumi` on PATH that gives fixed answers: what is tested here is what we make of them."""

    def put(answers: dict[str, str]) -> None:
        (tmp_path / "bin").mkdir(exist_ok=True)
        script = tmp_path / "bin" / "pulumi"
        cases = "".join(f"'{arguments}'*) printf '%s' '{answer}' ;;\n" for arguments, answer in answers.items())
        script.write_text(f'#!/bin/sh\ncase "$*" in\n{cases}*) echo "error: no stack selected" >&2; exit 1 ;;\nesac\n')
        script.chmod(0o755)

    return put


@pytest.fixture
def imported(tmp_path: Path) -> Callable[[], dict[str, dict[str, Any]]]:
    """Returns the entries of the import file by their names."""

    def read() -> dict[str, dict[str, Any]]:
        document = json.loads((tmp_path / "project" / "spectrum-import.json").read_text())
        return {entry["name"]: entry for entry in document["resources"]}

    return read
