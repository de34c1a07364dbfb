"""The reference page of the emulator names everything that the code has."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator, Switches
from pulumi_spectrum.emulator.area_handles import AreaHandle
from pulumi_spectrum.emulator.areas import AREAS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "emulator.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_every_area_is_documented(area: Any) -> None:
    """The page has a row for each area, with its name in Python, its name in seeds and its handle."""
    assert f"| `{area.name}` | `{area.spelling}` | `{area.handle.__name__}` |" in PAGE


HANDLES: dict[str, Any] = {area.handle.__name__: area.handle for area in AREAS.values()}


@pytest.mark.parametrize("handle", HANDLES.values(), ids=HANDLES)
def test_every_method_of_a_handle_is_documented(handle: Any) -> None:
    """The page names each public method and property of a handle."""
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{handle.__name__}` |")]
    members = {name for name in vars(handle) if not name.startswith("_")} - vars(AreaHandle)["__annotations__"].keys()
    assert sorted(name for name in members if name not in row) == []


@pytest.mark.parametrize("name", Switches.model_fields)
def test_every_switch_is_documented(name: str) -> None:
    """The page has each switch with its default and its description."""
    field = Switches.model_fields[name]
    default = repr(field.default).replace("'", '"')
    assert f"| `{name}` | `{default}` | {field.description} |" in PAGE


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_changes_by_hand() -> None:
    """The page's requests work as printed, with the emulator's variables and the ids of objects."""
    section = PAGE.partition("### Change something by hand")[2].partition("\n## ")[0]
    commands = "".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    assert commands.count("curl ") == 3
    with Emulator() as emulator:
        project = emulator.project
        hook = project.webhooks.add(webhookUrl="https://app.example.com/spectrum")
        user = project.users.add(phoneNumber="+14155550123")
        ids = {"WEBHOOK_ID": hook["id"], "USER_ID": user["id"]}
        subprocess.run(["sh", "-ec", commands], env={**emulator.environment, **ids}, check=True, capture_output=True)
        assert project.platforms["slack"] == {"enabled": True}
        assert project.webhooks[hook["id"]]["enabled"] is False
        assert len(project.users) == 0
