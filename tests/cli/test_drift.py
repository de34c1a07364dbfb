"""`pulumi-spectrum drift` on state files: its comparisons, requests and exit codes."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_spectrum.cli import main
from pulumi_spectrum.cli.state_file import wrap_secret
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers.bookkeeping import BOOKKEEPING

DRIFT = Callable[..., Result]


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


def entry(state: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a resource of a state by its name."""
    return next(each for each in state["deployment"]["resources"] if each["name"] == name)


def found(result: Result) -> dict[str, Any]:
    """Return the changed, missing and unmanaged objects of a JSON report."""
    report = json.loads(result.stdout)
    return {
        "changed": {each["urn"].rsplit("::")[-1]: each["properties"] for each in report["changed"]},
        "missing": [each["urn"].rsplit("::")[-1] for each in report["missing"]],
        "unmanaged": [each["object"] for each in report["unmanaged"]],
    }


def test_no_drift(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Without drift, `drift` sends one list request for each area and exits with 0."""
    result = drift(state)
    assert (result.exit_code, result.stdout) == (0, "5 resources compared: no drift.\n")
    operations = spectrum.requests.operations()
    assert len(operations) == len(set(operations)) == len(load_kinds())


def test_changed_missing_and_unmanaged_objects(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Changed, missing and unmanaged objects are listed separately, changes by property, and `drift` exits with 2."""
    project = spectrum.project
    project.users.change(project.users.rows[0]["id"], firstName="Mallory", email="m@example.com")
    project.lines.change(project.lines.rows[0]["id"], lastName=None)
    project.users.remove(project.users.rows[1]["id"])
    project.platforms.set("slack", enabled=True)
    result = drift(state, "--format", "json")
    assert result.exit_code == 2
    assert found(result) == {
        "changed": {
            "acme-support": [{"name": "lastName", "state": "Support", "live": None}],
            "alice": [{"name": "firstName", "state": "Alice", "live": "Mallory"}],
        },
        "missing": ["user-0124"],
        "unmanaged": ["slack"],
    }


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the command in the project folder."""
    monkeypatch.chdir(tmp_path)


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


def test_printed_ignore_command(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """After the printed command for the ignore file, the unmanaged objects are no drift."""
    spectrum.project.webhooks.add(webhookUrl="https://app.example.com/it's%20in")
    spectrum.project.platforms.set("slack", enabled=True)
    *_, step = json.loads(drift(state, "--format", "json").stdout)["next"]
    subprocess.run(["sh", "-ec", step["command"]], check=True)
    assert drift(state).exit_code == 0


def provider_entry(project_id: str, secret: Any) -> dict[str, Any]:
    """Return an explicit provider as the state has it."""
    kind = "pulumi:providers:pulumi-python"
    inputs = {"spectrum:projectId": project_id, "spectrum:projectSecret": secret}
    return {"urn": f"urn:pulumi:dev::here::{kind}::europe", "type": kind, "id": "x", "inputs": inputs}


def test_credentials_of_an_explicit_provider(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """The project of an explicit provider is compared with the credentials in the state, unmanaged objects included."""
    europe = spectrum.add_project()
    europe.users.add(phoneNumber="+14155550177", type="shared")
    state["deployment"]["resources"].append(provider_entry(europe.id, wrap_secret(europe.secret)))
    result = drift(state, "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["compared"], report["notChecked"]) == (2, 5, [])
    assert [each["projectId"] for each in report["unmanaged"]] == [europe.id]
    assert "--provider europe" in report["next"][0]["command"]
    assert europe.secret not in result.output

    europe.secret = "emulator-rotated"
    spectrum.project.users.change(spectrum.project.users.ids[0], firstName="Mallory")
    result = drift(state)
    assert result.exit_code == 1
    assert "5 resources compared: 1 changed." in result.stdout
    assert f'Not checked: project {europe.id} (provider "europe"): ' in result.stderr
    assert "Invalid credentials" in result.stderr


def test_encrypted_credentials_in_a_file(drift: DRIFT, state: dict[str, Any]) -> None:
    """A provider's project whose secret is encrypted in a state file is not checked; the message names both ways."""
    secret = {**wrap_secret("x"), "ciphertext": "v1:abc"}
    del secret["plaintext"]
    state["deployment"]["resources"].append(provider_entry("elsewhere", secret))
    result = drift(state)
    assert result.exit_code == 1
    assert 'in the provider "europe". Give the stack with --stack instead of a file' in result.stderr
    assert "or set SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET" in result.stderr


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


@pytest.mark.parametrize(
    ("option", "status", "shown"), [("fail", 2, ["slack"]), ("warn", 0, ["slack"]), ("ignore", 0, [])]
)
def test_unmanaged_objects_as_drift(
    *, drift: DRIFT, state: dict[str, Any], spectrum: Emulator, option: str, status: int, shown: list[str]
) -> None:
    """An option decides whether unmanaged objects count as drift."""
    spectrum.project.platforms.set("slack", enabled=True)
    result = drift(state, "--format", "json", "--unmanaged", option)
    assert (result.exit_code, found(result)["unmanaged"]) == (status, shown)


def test_several_states(drift: DRIFT, state: dict[str, Any]) -> None:
    """An object in any of the given states is managed."""
    parts = [copy.deepcopy(state) for _ in range(2)]
    resources = state["deployment"]["resources"]
    parts[0]["deployment"]["resources"], parts[1]["deployment"]["resources"] = resources[:2], resources[2:]
    assert drift(parts).exit_code == 0
    assert drift(parts[0]).exit_code == 2


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("platform:slack", 0),
        ("*:sla*", 0),
        ("# a comment\n\n  platform:*  ", 0),
        ("user:slack", 2),
        ("platform:sl", 2),
        ("platform:s.*k", 2),
    ],
)
def test_ignore_file(
    *, drift: DRIFT, state: dict[str, Any], spectrum: Emulator, tmp_path: Path, pattern: str, status: int
) -> None:
    """Objects that the ignore file matches are no drift; a pattern has to match the whole label."""
    spectrum.project.platforms.set("slack", enabled=True)
    (tmp_path / ".spectrum-drift-ignore").write_text(pattern)
    assert drift(state).exit_code == status


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("webhook:https://B\u00dcCHER.example:443/\u00e9", 0),
        ("webhook:https://xn--bcher-kva.example/%C3%A9", 0),
        ("*:https://b\u00fccher.example/*", 0),
        ("*:https://*.example/%C3*", 0),
        ("webhook:https://bucher.example/*", 2),
    ],
)
def test_ignored_urls(
    *, drift: DRIFT, state: dict[str, Any], spectrum: Emulator, tmp_path: Path, pattern: str, status: int
) -> None:
    """A URL in the ignore file matches every spelling of the same URL."""
    spectrum.project.webhooks.add(webhookUrl="https://b\u00fccher.example/\u00e9")
    (tmp_path / ".spectrum-drift-ignore").write_text(pattern, encoding="utf-8")
    assert drift(state).exit_code == status


def test_invalid_pattern_in_the_ignore_file(drift: DRIFT, state: dict[str, Any], tmp_path: Path) -> None:
    """The error for an invalid pattern gives its line number."""
    (tmp_path / "ignored").write_text("user:+1*\nwebhok:x\n")
    result = drift(state, "--ignore-file", str(tmp_path / "ignored"))
    assert result.exit_code == 1
    words = ", ".join(sorted(["*", *(kind.word for kind in load_kinds())]))
    assert f"line 2: write KIND:PATTERN, where KIND is one of {words}. Did you mean 'webhook'?" in result.stderr


def test_ignored_changes(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """A changed property listed in `ignore_changes` is no drift."""
    entry(state, "alice")["ignoreChanges"] = ["firstName"]
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Mallory")
    assert drift(state).exit_code == 0


def test_equivalent_values_are_no_drift(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Another spelling of the same value is no drift."""
    for side in ("inputs", "outputs"):
        entry(state, "app-example-com-in")[side]["webhookUrl"] = "https://APP.example.com:443/in"
    assert drift(state).exit_code == 0


def test_resources_pending_deletion(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """A resource that is pending deletion counts as managed and is not compared."""
    entry(state, "alice")["delete"] = True
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Mallory")
    assert drift(state).stdout == "4 resources compared: no drift.\n"


def test_read_only_resources(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """A resource that the program only reads is compared by its outputs, as a refresh does."""
    alice = entry(state, "alice")
    del alice["outputs"][BOOKKEEPING]
    alice["inputs"] = {}
    assert drift(state).exit_code == 0
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], email="a@example.com")
    assert list(found(drift(state, "--format", "json"))["changed"]) == ["alice"]


def test_secrets_are_not_shown(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """A changed property that is encrypted in the state is reported without its values."""
    alice = entry(state, "alice")
    for side in ("inputs", "outputs"):
        alice[side]["firstName"] = wrap_secret("Alice")
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Mallory")
    result = drift(state, "--format", "json")
    assert found(result)["changed"]["alice"] == [{"name": "firstName", "state": "[secret]", "live": "[secret]"}]
    assert "Mallory" not in result.output


def test_undecryptable_values_are_not_checked(drift: DRIFT, state: dict[str, Any]) -> None:
    """A value that cannot be decrypted is reported as not checked, and `drift` exits with 1."""
    for side in ("inputs", "outputs"):
        secret = {**wrap_secret("Alice"), "ciphertext": "v1:abc"}
        del secret["plaintext"]
        entry(state, "alice")[side]["firstName"] = secret
    result = drift(state)
    assert result.exit_code == 1
    assert "Not checked: firstName of urn:pulumi:dev::here" in result.stderr
    assert "Give the stack with --stack" in result.stderr


def test_project_without_credentials(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Resources of a project without credentials are reported as not checked; other resources are compared."""
    entry(state, "alice")["outputs"]["projectId"] = "elsewhere"
    spectrum.project.users.remove(spectrum.project.users.rows[1]["id"])
    result = drift(state)
    assert result.exit_code == 1
    assert "Not checked: project elsewhere, with 1 of the resources" in result.stderr
    assert "Missing: in the state, and gone from the service (1)" in result.stdout


def test_unknown_type(drift: DRIFT, state: dict[str, Any]) -> None:
    """A resource type of a newer release is reported as not checked."""
    entry(state, "alice")["type"] = "pulumi-python:dynamic/spectrum:Slack"
    result = drift(state)
    assert result.exit_code == 1
    assert "this release does not know them. Upgrade pulumi-spectrum." in result.stderr


@pytest.mark.parametrize("text", ["[]", "{}", "nonsense"])
def test_invalid_state_file(state: dict[str, Any], tmp_path: Path, text: str) -> None:
    """For a file that is no state, `drift` exits with 1 and a one-sentence error."""
    (tmp_path / "file").write_text(text)
    result = CliRunner().invoke(main, ["drift", str(tmp_path), "--state", str(tmp_path / "file")])
    assert result.exit_code == 1
    assert result.stderr.endswith("is not a state as `pulumi stack export` writes it.\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_files_with_a_byte_order_mark(
    drift: DRIFT, state: dict[str, Any], spectrum: Emulator, tmp_path: Path, encoding: str
) -> None:
    """A state and an ignore file with a byte order mark, as PowerShell writes it, are decoded by that mark."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Zoë")
    entry(state, "alice")["inputs"]["firstName"] = entry(state, "alice")["outputs"]["firstName"] = "Zoë"
    spectrum.project.platforms.set("slack", enabled=True)
    (tmp_path / "state").write_text(json.dumps(state, ensure_ascii=False), encoding=encoding)
    (tmp_path / "ignored").write_text("platform:slack\n", encoding=encoding)
    files = ["--state", str(tmp_path / "state"), "--ignore-file", str(tmp_path / "ignored")]
    result = CliRunner().invoke(main, ["drift", str(tmp_path), *files])
    assert (result.exit_code, result.stdout) == (0, "5 resources compared: no drift.\n")


@pytest.mark.parametrize("option", ["--state", "--ignore-file"])
def test_files_in_another_encoding(state: dict[str, Any], tmp_path: Path, option: str) -> None:
    """For a file that is not Unicode text, `drift` exits with 1 and an error that names the file."""
    (tmp_path / "file").write_bytes('{"deployment": "Zoë"}'.encode("latin-1"))
    result = CliRunner().invoke(main, ["drift", str(tmp_path), option, str(tmp_path / "file")])
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {tmp_path / 'file'} is not UTF-8 text. Save it as UTF-8, or as UTF-16 with a byte order mark.\n"
    )


def test_missing_row_is_confirmed_by_a_second_list(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """An object is reported as missing only if a second list lacks it too."""
    spectrum.project.users.remove(spectrum.project.users.rows[0]["id"])
    drift(state)
    assert spectrum.requests.operations().count("listUsers") == 2


def test_refused_credentials(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Refused credentials end the command with 1, which is not the status of drift."""
    spectrum.project.secret = "another-one"
    result = drift(state)
    assert result.exit_code == 1
    assert "Invalid credentials" in result.stderr
