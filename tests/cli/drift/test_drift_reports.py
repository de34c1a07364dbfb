"""The reports of `pulumi-spectrum drift`."""

import json
from typing import Any

import pytest
from drift_reports import DRIFT, entry, found

from pulumi_spectrum.cli.state_file import wrap_secret
from pulumi_spectrum.emulator import Emulator


@pytest.mark.usefixtures("in_folder")
def test_text_report(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """The text report has no escape sequences and no truncated cells, and ends with the command that repairs."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="M" * 100)
    assert drift(state).stdout == (
        "Changed: the service differs from the state (1)\n"
        "  stack  kind  resource  property   state    live\n"
        f'  dev    user  alice     firstName  "Alice"  "{"M" * 100}"\n'
        "5 resources compared: 1 changed.\n\n"
        "Next:\n"
        "  # put back what was changed or is missing; to keep a change, write it into the program first\n"
        "  pulumi up --refresh --stack dev\n"
    )


@pytest.mark.usefixtures("in_folder")
def test_markdown_report(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """The Markdown is a summary page, and text from the API cannot break its tables."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="a|b\n<c>")
    assert drift(state, "--format", "markdown").stdout == (
        "## Spectrum drift\n\n5 resources compared: 1 changed.\n\n"
        "### Changed: the service differs from the state\n\n"
        "| stack | kind | resource | property | state | live |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        '| dev | user | alice | firstName | "Alice" | "a\\|b\\\\n\\<c\\>" |\n\n'
        "### Next\n\n```sh\n"
        "# put back what was changed or is missing; to keep a change, write it into the program first\n"
        "pulumi up --refresh --stack dev\n```\n"
    )


def test_json_report(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """The JSON report has the stack, kind and name of each resource, the name of each object, and the next steps."""
    project = spectrum.project
    project.users.change(project.users.ids[0], firstName="Mallory")
    project.webhooks.clear()
    (bob,) = [project.users.add(phoneNumber="+14155550199", type="shared", firstName="Bob", lastName="Ray")]
    report = json.loads(drift(state, "--format", "json").stdout)
    described = [(each["stack"], each["kind"], each["name"]) for each in (*report["changed"], *report["missing"])]
    assert described == [("dev", "user", "alice"), ("dev", "webhook", "app-example-com-in")]
    assert [each["name"] for each in report["unmanaged"]] == ["Bob Ray"]
    commands = [each["command"] for each in report["next"]]
    assert len(commands) == 3
    assert commands[0].endswith("up --refresh --stack dev")
    assert f"adopt --into existing --only {bob['id']}" in commands[1]
    assert commands[2].startswith("printf '%s\\n' user:+14155550199 >> ")


NASTY = "\x1b[31mA\x07\u202eB\u200b\x9b\u2028\ud800&#8238;"
"""A colour, a bell, a direction override, a character without width, a line break, half a pair, and an entity."""


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_control_characters(drift: DRIFT, state: dict[str, Any], spectrum: Emulator, form: str) -> None:
    """No report contains control characters, and the JSON report escapes them, so that names are exact."""
    project = spectrum.project
    project.users.change(project.users.rows[0]["id"], firstName=NASTY)
    project.users.add(phoneNumber="+14155550199", type="shared", firstName=NASTY, email="a@example.com")
    entry(state, "user-0124")["type"] += NASTY
    result = drift(state, "--format", form)
    assert result.exit_code == 1, result.output
    assert [each for each in result.output if not each.isprintable() and each != "\n"] == []
    if form == "json":
        assert found(result)["changed"]["alice"][0]["live"] == NASTY.replace(
            "\ud800", "?"
        )  # the client reads half a pair so
    else:
        assert ("\\&\\#8238;" in result.stdout) is (form == "markdown")


def test_secrets_are_not_shown(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """A changed property that is encrypted in the state is reported without its values."""
    alice = entry(state, "alice")
    for side in ("inputs", "outputs"):
        alice[side]["firstName"] = wrap_secret("Alice")
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Mallory")
    result = drift(state, "--format", "json")
    assert found(result)["changed"]["alice"] == [{"name": "firstName", "state": "[secret]", "live": "[secret]"}]
    assert "Mallory" not in result.output
