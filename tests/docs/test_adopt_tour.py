"""The commands of the adopt page's two tours, run as the page prints them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "adopt.md"


@pytest.mark.parametrize(("section", "number"), [("With a file", 4), ("In the program", 4)])
def test_adopt_tour(spectrum: Emulator, make_project_folder: Callable[..., Any], section: str, number: int) -> None:
    """Each command of a tour succeeds in turn, and afterwards the state holds the objects that were made by hand."""
    project = spectrum.project
    project.webhooks.add(webhookUrl="https://app.example.com/spectrum")
    project.platforms.set("imessage", enabled=True)
    line = project.lines.add(firstName="Acme")
    project.users.add(phoneNumber="+14155550101", type="dedicated", assignedPhoneNumber=line["phoneNumber"])
    project.users.add(phoneNumber="+14155550102", firstName="Alice")
    folder = make_project_folder(spectrum.environment)
    (folder.path / "Pulumi.yaml").write_text("name: tour\nruntime: python\n")
    folder.init()
    text = PAGE.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    commands = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(commands) == number

    for command in commands:
        folder.run("sh", "-ec", command)

    writes = [request for request in spectrum.requests if request.method != "GET"]
    assert writes == []
    folder.run("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--non-interactive")
    state = json.loads(folder.run("pulumi", "stack", "export").stdout)["deployment"]["resources"]
    ours = [each for each in state if "dynamic/spectrum" in each["type"]]
    assert sorted(each["type"].rpartition(":")[2] for each in ours) == ["Line", "Platform", "User", "User", "Webhook"]
    assert "Line" in {each["type"].rpartition(":")[2] for each in ours if each.get("protect")}
