"""`pulumi-spectrum adopt`, without the Pulumi CLI's part in it."""

import ast
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_spectrum.cli import main
from pulumi_spectrum.client import _open_client
from pulumi_spectrum.emulator import Emulator, Switches

PROJECT = "name: here\nruntime: python\n"


@pytest.fixture
def spectrum(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulated API whose credentials are in the environment."""
    marker = request.node.get_closest_marker("emulator")
    with Emulator(requests_per_second=None, **(marker.kwargs if marker else {})) as emulator:
        for name, value in emulator.environment.items():
            monkeypatch.setenv(name, value)
        yield emulator
    _open_client.cache_clear()


@pytest.fixture
def adopt(spectrum: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command in a folder where no Pulumi CLI is found unless one is put there."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["adopt", str(tmp_path / "project"), *arguments])

    return run


def fill(spectrum: Emulator) -> dict[str, Any]:
    """Give the project one of everything."""
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


def put_pulumi(tmp_path: Path, answers: dict[str, str]) -> None:
    """Put a `pulumi` on PATH that gives fixed answers: what is tested here is what we make of them."""
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "pulumi"
    cases = "".join(f"'{arguments}'*) printf '%s' '{answer}' ;;\n" for arguments, answer in answers.items())
    script.write_text(f'#!/bin/sh\ncase "$*" in\n{cases}*) echo "error: no stack selected" >&2; exit 1 ;;\nesac\n')
    script.chmod(0o755)


def imported(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of the import file by their names."""
    document = json.loads((folder / "spectrum-import.json").read_text())
    return {entry["name"]: entry for entry in document["resources"]}


def test_files(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """A program, a project and an import file are written, from one list request for each area."""
    fill(spectrum)
    result = adopt()
    assert result.exit_code == 0, result.output
    folder = tmp_path / "project"
    assert sorted(path.name for path in folder.iterdir()) == ["Pulumi.yaml", "__main__.py", "spectrum-import.json"]
    assert sorted(spectrum.requests.operations()) == ["listLines", "listPlatforms", "listUsers", "listWebhooks"]
    assert "assigned_phone_number=acme_support.phone_number" in (folder / "__main__.py").read_text()
    assert list(imported(folder)) == ["acme-support", "imessage", "alice", "bob", "app-example-com-in"]
    assert result.stdout == ""
    assert "pulumi import --file spectrum-import.json --generate-code=false" in result.stderr


def test_nothing_is_changed(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """Only lists are read."""
    fill(spectrum)
    adopt()
    assert {request.method for request in spectrum.requests} == {"GET"}


def test_every_argument_is_in_the_import_file(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """The inputs of the import file are what the program gives, defaults included, so that nothing differs later."""
    made = fill(spectrum)
    adopt()
    entries = imported(tmp_path / "project")
    reference = {"__provider": entries["alice"]["outputs"]["__provider"]}
    assert entries["alice"]["inputs"] == {
        "phoneNumber": "+14155550123",
        "type": "shared",
        "firstName": "Alice",
        "onConflict": "fail",
        **reference,
    }
    assert entries["alice"]["outputs"]["projectId"] == spectrum.project.id
    assert entries["alice"]["outputs"]["__managed"] == ["firstName", "onConflict", "phoneNumber", "type"]
    assert entries["bob"]["id"] == made["bob"]["id"]


def test_switched_off_platforms_are_left_out(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """A platform that is as every project has it is not declared; one that is off with a setting is."""
    spectrum.project.platforms.set("imessage", enabled=True, autoScale=True)
    spectrum.project.platforms.set("imessage", enabled=False)
    adopt()
    assert list(imported(tmp_path / "project")) == ["imessage"]
    assert "enabled=False" in (tmp_path / "project" / "__main__.py").read_text()


def test_import_file_is_private(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """The import file may hold secrets, so only its owner can read it, also where it replaces an open one."""
    fill(spectrum)
    path = tmp_path / "project" / "spectrum-import.json"
    path.parent.mkdir()
    path.touch(mode=0o644)
    assert adopt("--force").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["__main__.py", "spectrum-import.json"])
def test_no_file_is_written_over(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, name: str) -> None:
    """A file that is there stays as it is, and nothing is asked, unless --force is given."""
    fill(spectrum)
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


def test_dry_run(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """A dry run prints the program and writes nothing."""
    fill(spectrum)
    result = adopt("--dry-run")
    ast.parse(result.stdout)
    assert 'alice = spectrum.User("alice", phone_number="+14155550123", first_name="Alice")' in result.stdout
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--area", "users"], ["alice", "bob"]),
        (["--area", "lines", "--area", "webhooks"], ["acme-support", "app-example-com-in"]),
        (["--phone", "+1 415 555 0124"], ["bob"]),
        (["--url", "https://APP.example.com:443/in"], ["app-example-com-in"]),
        (["--id", "imessage"], ["imessage"]),
        (["--phone", "+14155550123", "--id", "imessage"], ["imessage", "alice"]),
    ],
)
def test_filters(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, filters: list[str], expected: list[str]
) -> None:
    """Areas narrow what is read; ids, phone numbers and URLs pick single objects."""
    fill(spectrum)
    assert adopt(*filters).exit_code == 0
    assert list(imported(tmp_path / "project")) == expected


def test_line_that_is_not_taken_over(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """A dedicated user whose line is left out says the line's number."""
    number = fill(spectrum)["line"]["phoneNumber"]
    assert f'assigned_phone_number="{number}"' in adopt("--phone", "+14155550124", "--dry-run").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--id", "nonsense"], "Nothing in the project has nonsense as its id, phone number or URL."),
        (["--area", "avatars"], "--area takes one of lines, platforms, users, webhooks."),
        (["--provider", "prod"], "--provider goes with --into existing"),
        (["--signing-secret", "https://app.example.com/in=abcdef"], "--signing-secret takes URL=@FILE"),
        (["--into", "existing"], "There is no Pulumi.yaml"),
    ],
)
def test_mistakes(adopt: Callable[..., Result], spectrum: Emulator, arguments: list[str], sentence: str) -> None:
    """A mistake ends with 1 and a sentence that says what to give instead, and shows no secret."""
    fill(spectrum)
    result = adopt(*arguments)
    assert result.exit_code == 1
    assert sentence in " ".join(result.stderr.split())
    assert "abcdef" not in result.output


def test_signing_secrets(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets that are given in a file or a variable go into the import file, marked as secrets, and nowhere else."""
    made = fill(spectrum)
    other = spectrum.project.webhooks.add(webhookUrl="https://app.example.com/out")
    ours, theirs = (spectrum.project.webhooks.secrets(each["id"]) for each in (made["hook"], other))
    (tmp_path / "secrets").write_text("\n".join(ours.values()))
    monkeypatch.setenv("SPECTRUM_SIGNING_SECRET_APP_EXAMPLE_COM_OUT", theirs["signingSecret"])
    result = adopt("--signing-secret", f"https://app.example.com/in=@{tmp_path / 'secrets'}")
    assert result.exit_code == 0, result.output
    entries = imported(tmp_path / "project")
    for name, secret in ours.items():
        assert json.loads(entries["app-example-com-in"]["outputs"][name]["plaintext"]) == secret
    assert (
        json.loads(entries["app-example-com-out"]["outputs"]["signingSecret"]["plaintext"]) == (theirs["signingSecret"])
    )
    shown = result.output + (tmp_path / "project" / "__main__.py").read_text()
    assert not [secret for secret in (*ours.values(), *theirs.values()) if secret in shown]
    assert "The signing secret of this webhook is not known here" not in result.stderr
    assert "it holds signing secrets in plain text" in result.stderr


def test_unknown_signing_secret(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """A webhook without its secret is taken over with a warning, said once for all of them."""
    fill(spectrum)
    spectrum.project.webhooks.add(webhookUrl="https://app.example.com/out")
    result = adopt()
    assert "Warning: app-example-com-in, app-example-com-out: The signing secret of this webhook" in result.stderr


@pytest.mark.parametrize("text", ["hunter2", "ABCDEF" * 11], ids=["a password", "not hexadecimal"])
def test_what_is_no_secret(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, text: str) -> None:
    """A file that holds something else is refused, without showing what it holds."""
    fill(spectrum)
    (tmp_path / "secret").write_text(text)
    result = adopt("--signing-secret", f"https://app.example.com/in=@{tmp_path / 'secret'}")
    assert result.exit_code == 1
    assert "holds something that is no signing secret" in result.stderr
    assert text not in result.output


def test_secret_for_nothing(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """A secret for a webhook that is not taken over is a mistake, and no file is written."""
    fill(spectrum)
    (tmp_path / "secret").write_text("a" * 64)
    result = adopt("--signing-secret", f"https://app.example.com/nowhere=@{tmp_path / 'secret'}")
    assert result.exit_code == 1
    assert "was given for https://app.example.com/nowhere, which is not taken over" in result.stderr
    assert not (tmp_path / "project").exists()


def test_what_no_program_can_declare(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """A webhook that never gets an event is left out with the reason, and the rest is taken over."""
    fill(spectrum)
    spectrum.project.webhooks.add(webhookUrl="http://me:password@10.0.0.1/in")
    result = adopt()
    assert result.exit_code == 0
    assert "The webhook http://10.0.0.1/in" in result.stderr
    assert "is left out, because no program can declare it: webhook_url must be https" in result.stderr
    assert "password" not in result.output
    assert len(imported(tmp_path / "project")) == 5


@pytest.mark.spectrum_emulator(switches=Switches(spaced_phone_numbers=True))
def test_spaced_phone_numbers(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """Numbers that the service writes with spaces are declared in the form that it takes."""
    fill(spectrum)
    result = adopt("--area", "users")
    assert result.exit_code == 0, result.output
    assert imported(tmp_path / "project")["alice"]["inputs"]["phoneNumber"] == "+14155550123"


def test_control_characters(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """What people are called cannot colour the table or break its lines."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="A\x1b[31m", lastName="B\nC")
    result = adopt()
    assert "A [31m B C" in result.stderr
    assert "\x1b" not in result.stderr


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
def test_cli_version(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, says: str, warning: str) -> None:
    """A CLI that cannot import what was found is told, after the files are written."""
    fill(spectrum)
    put_pulumi(tmp_path, {"version": says})
    result = adopt()
    assert result.exit_code == 0
    assert (warning in result.stderr) if warning else ("needs Pulumi" not in result.stderr)


def test_lines_for_an_existing_program(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """What the stack has already is left out, names in use are not used again, and the program stays untouched."""
    made = fill(spectrum)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    source = "import pulumi_spectrum\n\nalice = 1\n"
    (folder / "__main__.py").write_text(source)
    known = {
        "urn": "urn:pulumi:dev::here::pulumi-python:dynamic/spectrum:User::robert",
        "type": "pulumi-python:dynamic/spectrum:User",
        "id": made["bob"]["id"],
    }
    put_pulumi(tmp_path, {"stack export": json.dumps({"deployment": {"resources": [known]}}), "version": "v3.259.0"})
    result = adopt("--into", "existing", "--area", "users")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        'alice_0123 = pulumi_spectrum.User(\n    "alice-0123",\n    phone_number="+14155550123",\n'
        '    first_name="Alice",\n)\n'
    )
    assert list(imported(folder)) == ["alice-0123"]
    assert (folder / "__main__.py").read_text() == source


def test_explicit_provider(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """With an explicit provider the import file names its URN, and the lines name its variable."""
    fill(spectrum)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text('import pulumi\nimport pulumi_spectrum as s\np = s.Provider("prod")\n')
    urn = "urn:pulumi:dev::here::pulumi:providers:pulumi-python::prod"
    state = {"deployment": {"resources": [{"urn": urn, "type": "pulumi:providers:pulumi-python", "id": "x"}]}}
    put_pulumi(tmp_path, {"stack export": json.dumps(state), "version": "v3.259.0"})
    result = adopt("--into", "existing", "--provider", "prod", "--area", "platforms")
    assert result.exit_code == 0, result.output
    assert "opts=pulumi.ResourceOptions(provider=p)" in result.stdout
    document = json.loads((folder / "spectrum-import.json").read_text())
    assert document["nameTable"] == {"prod": urn}
    assert [entry["provider"] for entry in document["resources"]] == ["prod"]
    missing = adopt("--into", "existing", "--force", "--provider", "other")
    assert missing.exit_code == 1
    assert 'The stack has no spectrum.Provider named "other"' in missing.stderr
