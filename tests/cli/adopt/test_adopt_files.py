"""What `pulumi-spectrum adopt` finds, writes and says, without the Pulumi CLI's part in it."""

import ast
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from pulumi_spectrum.emulator import Emulator, Switches
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers.bookkeeping import bookkeeping_of


def test_files(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """A program, a project and an import file are written, from one list request for each area."""
    fill()
    result = adopt()
    assert result.exit_code == 0, result.output
    folder = tmp_path / "project"
    assert sorted(path.name for path in folder.iterdir()) == ["Pulumi.yaml", "__main__.py", "spectrum-import.json"]
    operations = spectrum.requests.operations()
    assert len(operations) == len(set(operations)) == len(load_kinds())
    assert "assigned_phone_number=acme_support.phone_number" in (folder / "__main__.py").read_text()
    assert list(imported()) == ["acme-support", "imessage", "alice", "bob", "app-example-com-in"]
    assert result.stdout == ""
    assert "pulumi import --file spectrum-import.json --generate-code=false" in result.stderr


def test_nothing_is_changed(
    adopt: Callable[..., Result], spectrum: Emulator, fill: Callable[[], dict[str, Any]]
) -> None:
    """Only lists are read."""
    fill()
    adopt()
    assert {request.method for request in spectrum.requests} == {"GET"}


def test_every_argument_is_in_the_import_file(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """The inputs of the import file are what the program gives, defaults included, so that nothing differs later."""
    made = fill()
    adopt()
    entries = imported()
    reference = {"__provider": entries["alice"]["outputs"]["__provider"]}
    assert entries["alice"]["inputs"] == {
        "phoneNumber": "+14155550123",
        "type": "shared",
        "firstName": "Alice",
        "onConflict": "fail",
        **reference,
    }
    assert entries["alice"]["outputs"]["projectId"] == spectrum.project.id
    assert bookkeeping_of(entries["alice"]["outputs"]).managed == {"firstName", "onConflict", "phoneNumber", "type"}
    assert entries["bob"]["id"] == made["bob"]["id"]


def test_switched_off_platforms_are_left_out(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, imported: Callable[[], dict[str, Any]]
) -> None:
    """A platform that is as every project has it is not declared; one that is off with a setting is."""
    spectrum.project.platforms.set("imessage", enabled=True, autoScale=True)
    spectrum.project.platforms.set("imessage", enabled=False)
    adopt()
    assert list(imported()) == ["imessage"]
    assert "enabled=False" in (tmp_path / "project" / "__main__.py").read_text()


def test_import_file_is_private(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """The import file may hold secrets, so only its owner can read it, also where it replaces an open one."""
    fill()
    path = tmp_path / "project" / "spectrum-import.json"
    path.parent.mkdir()
    path.touch(mode=0o644)
    assert adopt("--force").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["__main__.py", "spectrum-import.json"])
def test_no_file_is_written_over(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, name: str, fill: Callable[[], dict[str, Any]]
) -> None:
    """A file that is there stays as it is, and nothing is asked, unless --force is given."""
    fill()
    path = tmp_path / "project" / name
    path.parent.mkdir()
    path.write_text("mine")
    result = adopt()
    assert result.exit_code == 1
    assert "is there already, and is not written over without --force" in result.stderr
    assert path.read_text() == "mine"
    assert len(spectrum.requests) == 0
    assert adopt("--force").exit_code == 0
    assert path.read_text() != "mine"


def test_dry_run(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A dry run prints the program and writes nothing."""
    fill()
    result = adopt("--dry-run")
    ast.parse(result.stdout)
    assert 'alice = spectrum.User("alice", phone_number="+14155550123", first_name="Alice")' in result.stdout
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--area", "users"], ["alice", "bob"]),
        (["--area", "lines", "--area", "webhooks"], ["acme-support", "app-example-com-in"]),
        (["--only", "+1 415 555 0124"], ["bob"]),
        (["--only", "https://APP.example.com:443/in"], ["app-example-com-in"]),
        (["--only", "https://app.example.com/%2e/a/../in"], ["app-example-com-in"]),
        (["--only", "imessage"], ["imessage"]),
        (["--only", "+14155550123", "--only", "imessage"], ["imessage", "alice"]),
    ],
)
def test_filters(
    adopt: Callable[..., Result],
    filters: list[str],
    expected: list[str],
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """Areas narrow what is read; --only picks single objects by their ids, phone numbers and URLs."""
    fill()
    assert adopt(*filters).exit_code == 0
    assert list(imported()) == expected


def test_line_that_is_not_taken_over(adopt: Callable[..., Result], fill: Callable[[], dict[str, Any]]) -> None:
    """A dedicated user whose line is left out says the line's number."""
    number = fill()["line"]["phoneNumber"]
    assert f'assigned_phone_number="{number}"' in adopt("--only", "+14155550124", "--dry-run").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "nonsense"], "Nothing in the project has nonsense as its id, or as what reports call it."),
        (["--area", "avatars"], f"'avatars' is not one of {', '.join(repr(kind.area) for kind in load_kinds())}."),
        (["--provider", "prod"], "--provider goes with --into existing"),
        (["--secret", "https://app.example.com/in=abcdef"], "--secret takes OBJECT=@FILE"),
        (["--into", "existing"], "There is no Pulumi.yaml"),
    ],
)
def test_mistakes(
    adopt: Callable[..., Result], arguments: list[str], sentence: str, fill: Callable[[], dict[str, Any]]
) -> None:
    """A mistake ends with 1 and a sentence that says what to give instead, and shows no secret."""
    fill()
    result = adopt(*arguments)
    assert result.exit_code == 1
    assert sentence in " ".join(result.stderr.split())
    assert "abcdef" not in result.output


def test_what_no_program_can_declare(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """A webhook that never gets an event is left out with the reason, and the rest is taken over."""
    fill()
    spectrum.project.webhooks.add(webhookUrl="http://me:password@10.0.0.1/in")
    result = adopt()
    assert result.exit_code == 0
    assert "The webhook http://10.0.0.1/in" in result.stderr
    assert "is left out, because no program can declare it: webhook_url must be https" in result.stderr
    assert "password" not in result.output
    assert len(imported()) == 5


@pytest.mark.spectrum_emulator(switches=Switches(spaced_phone_numbers=True))
def test_spaced_phone_numbers(
    adopt: Callable[..., Result], fill: Callable[[], dict[str, Any]], imported: Callable[[], dict[str, Any]]
) -> None:
    """Numbers that the service writes with spaces are declared in the form that it takes."""
    fill()
    result = adopt("--area", "users")
    assert result.exit_code == 0, result.output
    assert imported()["alice"]["inputs"]["phoneNumber"] == "+14155550123"


def test_control_characters(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """What people are called cannot colour the table or break its lines."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="A\x1b[31m", lastName="B\nC")
    spectrum.project.webhooks.add(webhookUrl="http://app.example.com/\u202e\x9b")
    result = adopt("--dry-run")
    assert "A [31m B C" in result.stderr
    assert "The webhook http://app.example.com/" in result.stderr
    assert [each for each in result.output if not each.isprintable() and each != "\n"] == []


def test_nothing_there(adopt: Callable[..., Result], tmp_path: Path) -> None:
    """An empty project is said to be empty, and nothing is written."""
    result = adopt()
    assert result.exit_code == 0
    assert "is left to take over" in result.stderr
    assert not (tmp_path / "project").exists()


def test_wrong_secret(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """Refused credentials are told with where they come from."""
    spectrum.project.secret = "another-one"
    result = adopt()
    assert result.exit_code == 1
    assert "Check spectrum:projectId and spectrum:projectSecret" in result.stderr


def test_no_credentials(adopt: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without credentials the message says where they may stand."""
    monkeypatch.delenv("SPECTRUM_PROJECT_SECRET")
    result = adopt()
    assert result.exit_code == 1
    assert "spectrum:projectSecret (or SPECTRUM_PROJECT_SECRET)" in result.stderr


@pytest.mark.parametrize(
    ("says", "warning"),
    [("v3.253.0", "the import needs Pulumi 3.254 or newer, and 3.253.0 is on PATH"), ("v3.254.0", "")],
)
def test_cli_version(
    adopt: Callable[..., Result],
    says: str,
    warning: str,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """A CLI that cannot import what was found is told, after the files are written."""
    fill()
    put_pulumi({"version": says})
    result = adopt()
    assert result.exit_code == 0
    assert (warning in result.stderr) if warning else ("needs Pulumi" not in result.stderr)
