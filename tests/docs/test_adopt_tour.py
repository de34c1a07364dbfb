"""The adopt tour's commands, run as the page prints them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pulumi_spectrum.emulator import Emulator

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "adopt.md"


def test_adopt_tour(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Each command of the page succeeds in turn, and afterwards the state holds the objects that were made by hand."""
    project = spectrum.project
    project.webhooks.add(webhookUrl="https://app.example.com/spectrum")
    project.platforms.set("imessage", enabled=True)
    line = project.lines.add(firstName="Acme")
    project.users.add(phoneNumber="+14155550101", type="dedicated", assignedPhoneNumber=line["phoneNumber"])
    project.users.add(phoneNumber="+14155550102", firstName="Alice")
    folder = make_project_folder(spectrum.environment)
    (folder.path / "Pulumi.yaml").write_text("name: tour\nruntime: python\n")
    folder.init()
    commands = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(commands) == 4

    for command in commands:
        folder.run("sh", "-ec", command)

    writes = [request for request in spectrum.requests if request.method != "GET"]
    assert writes == []
    folder.run("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--non-interactive")
    assert "protect" in folder.run("pulumi", "stack", "export").stdout
