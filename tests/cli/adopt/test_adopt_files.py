"""What `pulumi-spectrum adopt` reads, writes and prints, without the Pulumi CLI."""

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


def test_adopt_writes_program_project_and_import_file(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """A program, a project file and an import file are written, with one list request for each area."""
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


def test_adopt_sends_only_get_requests(
    adopt: Callable[..., Result], spectrum: Emulator, fill: Callable[[], dict[str, Any]]
) -> None:
    """`adopt` only sends GET requests."""
    fill()
    adopt()
    assert {request.method for request in spectrum.requests} == {"GET"}


def test_every_argument_is_in_the_import_file(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """The import file holds the same inputs as the program, defaults included, so the next preview is empty."""
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


def test_disabled_platforms_are_left_out(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, imported: Callable[[], dict[str, Any]]
) -> None:
    """A platform with default settings is not declared; a disabled platform with another setting is."""
    spectrum.project.platforms.set("imessage", enabled=True, autoScale=True)
    spectrum.project.platforms.set("imessage", enabled=False)
    adopt()
    assert list(imported()) == ["imessage"]
    assert "enabled=False" in (tmp_path / "project" / "__main__.py").read_text()


def test_import_file_is_private(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """The import file may hold secrets, so only its owner can read it, even when it replaces a public file."""
    fill()
    path = tmp_path / "project" / "spectrum-import.json"
    path.parent.mkdir()
    path.touch(mode=0o644)
    assert adopt("--force").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["__main__.py", "spectrum-import.json"])
def test_existing_files_need_force(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, name: str, fill: Callable[[], dict[str, Any]]
) -> None:
    """An existing file is kept and no request is sent, unless --force is given."""
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


def test_program_of_a_new_project(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """The program that `pulumi new python` writes declares nothing, and is replaced without --force."""
    fill()
    program = tmp_path / "project" / "__main__.py"
    program.parent.mkdir()
    (program.parent / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    program.write_text('"""A Python Pulumi program"""\n\nimport pulumi\n')
    result = adopt()
    assert result.exit_code == 0, result.output
    assert "spectrum.User(" in program.read_text()


def test_left_over_import_file(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """The error for an import file of an earlier run says to remove it, and does not name the option that was used."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    (folder / "__main__.py").write_text("import pulumi_spectrum\n")
    (folder / "spectrum-import.json").write_text("{}")
    put_pulumi({"stack export": '{"deployment": {"resources": []}}'})
    result = adopt("--into", "existing")
    assert result.exit_code == 1
    assert "It is from an earlier run: remove it once it is imported." in result.stderr
    assert "--into" not in result.stderr


def test_dry_run(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A dry run prints the program and writes no file."""
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
def test_area_and_only_filters(
    adopt: Callable[..., Result],
    filters: list[str],
    expected: list[str],
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """--area limits the kinds that are read; --only selects objects by id, phone number or URL."""
    fill()
    assert adopt(*filters).exit_code == 0
    assert list(imported()) == expected


def test_user_without_its_line_has_the_number(adopt: Callable[..., Result], fill: Callable[[], dict[str, Any]]) -> None:
    """A dedicated user whose line is left out is declared with the line's number instead of a reference."""
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
def test_invalid_options_are_refused(
    adopt: Callable[..., Result], arguments: list[str], sentence: str, fill: Callable[[], dict[str, Any]]
) -> None:
    """An invalid option ends the command with status 1 and a message that shows no secret."""
    fill()
    result = adopt(*arguments)
    assert result.exit_code == 1
    assert sentence in " ".join(result.stderr.split())
    assert "abcdef" not in result.output


def test_undeclarable_webhook_is_left_out(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """A webhook whose URL no program can declare is left out with the reason, and the rest is taken over."""
    fill()
    spectrum.project.webhooks.add(webhookUrl="http://me:password@10.0.0.1/in")
    result = adopt()
    assert result.exit_code == 0
    assert "The webhook http://10.0.0.1/in" in result.stderr
    assert "is left out, because no program can declare it: webhook_url must be https" in result.stderr
    assert "password" not in result.output
    assert len(imported()) == 5


@pytest.mark.spectrum_emulator(switches=Switches(spaced_phone_numbers=True))
def test_phone_numbers_with_spaces_are_normalized(
    adopt: Callable[..., Result], fill: Callable[[], dict[str, Any]], imported: Callable[[], dict[str, Any]]
) -> None:
    """Phone numbers that the API returns with spaces are declared without them."""
    fill()
    result = adopt("--area", "users")
    assert result.exit_code == 0, result.output
    assert imported()["alice"]["inputs"]["phoneNumber"] == "+14155550123"


def test_control_characters_are_not_printed(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """Control characters in names and URLs are replaced in the printed table."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="A\x1b[31m", lastName="B\nC")
    spectrum.project.webhooks.add(webhookUrl="http://app.example.com/\u202e\x9b")
    result = adopt("--dry-run")
    assert "A [31m B C" in result.stderr
    assert "The webhook http://app.example.com/" in result.stderr
    assert [each for each in result.output if not each.isprintable() and each != "\n"] == []


def test_empty_project(adopt: Callable[..., Result], tmp_path: Path) -> None:
    """For an empty project a message is printed and no file is written."""
    result = adopt()
    assert result.exit_code == 0
    assert "is left to take over" in result.stderr
    assert not (tmp_path / "project").exists()


def test_refused_credentials(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """The error for refused credentials names the place where they were found."""
    spectrum.project.secret = "another-one"
    result = adopt()
    assert result.exit_code == 1
    assert "Check SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET in the environment." in result.stderr


def test_missing_credentials(adopt: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """The error for missing credentials names the configuration key and the environment variable."""
    monkeypatch.delenv("SPECTRUM_PROJECT_SECRET")
    result = adopt()
    assert result.exit_code == 1
    assert "spectrum:projectSecret (or SPECTRUM_PROJECT_SECRET)" in result.stderr


@pytest.mark.parametrize(
    ("says", "warning"),
    [("v3.253.0", "the import needs Pulumi 3.254 or newer, and 3.253.0 is on PATH"), ("v3.254.0", "")],
)
def test_old_pulumi_cli_causes_a_warning(
    adopt: Callable[..., Result],
    says: str,
    warning: str,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """A Pulumi CLI too old for the import causes a warning, and the files are written all the same."""
    fill()
    put_pulumi({"version": says})
    result = adopt()
    assert result.exit_code == 0
    assert (warning in result.stderr) if warning else ("needs Pulumi" not in result.stderr)
