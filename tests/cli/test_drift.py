"""`pulumi-spectrum drift`, on states in files: what it compares, what it asks, and how it ends."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_spectrum.cli import main
from pulumi_spectrum.cli.state_file import wrap_secret
from pulumi_spectrum.client.spectrum_client import _open_client
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers.bookkeeping import BOOKKEEPING

DRIFT = Callable[..., Result]


@pytest.fixture
def spectrum(spectrum: Emulator) -> Emulator:
    """An emulated API whose credentials are in the environment, and whose project holds one of everything."""
    project = spectrum.project
    project.platforms.set("imessage", enabled=True)
    line = project.lines.add(firstName="Acme", lastName="Support")
    project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    project.users.add(phoneNumber="+14155550124", type="dedicated", assignedPhoneNumber=line["phoneNumber"])
    project.webhooks.add(webhookUrl="https://app.example.com/in")
    return spectrum


@pytest.fixture
def state(spectrum: Emulator, tmp_path: Path) -> dict[str, Any]:
    """The state of a stack that has taken over what the project holds."""
    # At another spelling of the address, so that these requests leave the rate limit to the command that is tested.
    address = {"SPECTRUM_CLOUD_URL": spectrum.url.replace("127.0.0.1", "localhost")}
    assert CliRunner().invoke(main, ["adopt", str(tmp_path / "adopted")], env=address).exit_code == 0
    adopted = (
        (tmp_path / "adopted" / "spectrum-import.json").read_text().replace(address["SPECTRUM_CLOUD_URL"], spectrum.url)
    )
    entries = json.loads(adopted)["resources"]
    spectrum.requests.clear()
    return {
        "version": 3,
        "deployment": {
            "resources": [{"urn": f"urn:pulumi:dev::here::{each['type']}::{each['name']}", **each} for each in entries]
        },
    }


@pytest.fixture
def drift(tmp_path: Path) -> DRIFT:
    """Runs the command on states."""

    def run(states: dict[str, Any] | list[dict[str, Any]], *arguments: str) -> Result:
        _open_client.cache_clear()  # every run of the command is a process of its own
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
    """Return what a report in JSON says, in short."""
    report = json.loads(result.stdout)
    return {
        "changed": {each["urn"].rsplit("::")[-1]: each["properties"] for each in report["changed"]},
        "missing": [each["urn"].rsplit("::")[-1] for each in report["missing"]],
        "unmanaged": [each["object"] for each in report["unmanaged"]],
    }


def test_no_drift(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Where nothing has changed, one list request for each area says so, and the command ends with 0."""
    result = drift(state)
    assert (result.exit_code, result.stdout) == (0, "5 resources compared: no drift.\n")
    operations = spectrum.requests.operations()
    assert len(operations) == len(set(operations)) == len(load_kinds())


def test_drift(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """What was changed, deleted and made by hand is told apart, by property, and the command ends with 2."""
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


def test_text(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """The text is plain where no terminal reads it, and its cells are whole."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="M" * 100)
    assert drift(state).stdout == (
        "Changed: the service differs from the state (1)\n"
        "  stack  kind  resource  property   state    live\n"
        f'  dev    user  alice     firstName  "Alice"  "{"M" * 100}"\n'
        "5 resources compared: 1 changed.\n"
    )


def test_markdown(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """The Markdown is a summary page, and what people wrote cannot break its tables."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="a|b\n<c>")
    assert drift(state, "--format", "markdown").stdout == (
        "## Spectrum drift\n\n5 resources compared: 1 changed.\n\n"
        "### Changed: the service differs from the state\n\n"
        "| stack | kind | resource | property | state | live |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        '| dev | user | alice | firstName | "Alice" | "a\\|b\\\\n\\<c\\>" |\n\n'
    )


NASTY = "\x1b[31mA\x07\u202eB\u200b\x9b\u2028\ud800&#8238;"
"""A colour, a bell, a direction override, a character without width, a line break, half a pair, and an entity."""


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_control_characters(drift: DRIFT, state: dict[str, Any], spectrum: Emulator, form: str) -> None:
    """What moves the cursor, colours or reorders text is in no report, and JSON says exactly what the name is."""
    project = spectrum.project
    project.users.change(project.users.rows[0]["id"], firstName=NASTY)
    project.users.add(phoneNumber="+14155550199", type="shared", firstName=NASTY, email="a@example.com")
    entry(state, "user-0124")["type"] += NASTY
    result = drift(state, "--format", form)
    assert result.exit_code == 1, result.output
    assert [each for each in result.output if not each.isprintable() and each != "\n"] == []
    if form == "json":
        assert found(result)["changed"]["alice"][0]["live"] == NASTY
    else:
        assert ("\\&\\#8238;" in result.stdout) is (form == "markdown")


@pytest.mark.parametrize(
    ("option", "status", "shown"), [("fail", 2, ["slack"]), ("warn", 0, ["slack"]), ("ignore", 0, [])]
)
def test_unmanaged(
    *, drift: DRIFT, state: dict[str, Any], spectrum: Emulator, option: str, status: int, shown: list[str]
) -> None:
    """Whether objects that no stack knows are drift is for the caller to say."""
    spectrum.project.platforms.set("slack", enabled=True)
    result = drift(state, "--format", "json", "--unmanaged", option)
    assert (result.exit_code, found(result)["unmanaged"]) == (status, shown)


def test_several_states(drift: DRIFT, state: dict[str, Any]) -> None:
    """An object that any of the given states knows is managed."""
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
    """What the ignore file names is no drift; a pattern has to match the whole of it."""
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
    """A URL in the ignore file is any spelling of it that a parser reads as the same."""
    spectrum.project.webhooks.add(webhookUrl="https://b\u00fccher.example/\u00e9")
    (tmp_path / ".spectrum-drift-ignore").write_text(pattern, encoding="utf-8")
    assert drift(state).exit_code == status


def test_bad_ignore_file(drift: DRIFT, state: dict[str, Any], tmp_path: Path) -> None:
    """A line that is no pattern is named by its number."""
    (tmp_path / "ignored").write_text("user:+1*\navatar:x\n")
    result = drift(state, "--ignore-file", str(tmp_path / "ignored"))
    assert result.exit_code == 1
    words = ", ".join(sorted(["*", *(kind.word for kind in load_kinds())]))
    assert f"line 2: write KIND:PATTERN, where KIND is one of {words}." in result.stderr


def test_ignored_changes(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """A property that the program ignores is no drift."""
    entry(state, "alice")["ignoreChanges"] = ["firstName"]
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Mallory")
    assert drift(state).exit_code == 0


def test_another_spelling(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """What means the same to the service is no drift."""
    for side in ("inputs", "outputs"):
        entry(state, "app-example-com-in")[side]["webhookUrl"] = "https://APP.example.com:443/in"
    assert drift(state).exit_code == 0


def test_resources_that_are_leaving(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """What waits for its deletion is known, and is not compared."""
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
    """A property that the state encrypts is told to differ, and neither of its values is shown."""
    alice = entry(state, "alice")
    for side in ("inputs", "outputs"):
        alice[side]["firstName"] = wrap_secret("Alice")
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Mallory")
    result = drift(state, "--format", "json")
    assert found(result)["changed"]["alice"] == [{"name": "firstName", "state": "[secret]", "live": "[secret]"}]
    assert "Mallory" not in result.output


def test_encrypted_values(drift: DRIFT, state: dict[str, Any]) -> None:
    """A value that cannot be decrypted is said not to be checked, and the command ends with 1."""
    for side in ("inputs", "outputs"):
        secret = {**wrap_secret("Alice"), "ciphertext": "v1:abc"}
        del secret["plaintext"]
        entry(state, "alice")[side]["firstName"] = secret
    result = drift(state)
    assert result.exit_code == 1
    assert "Not checked: firstName of urn:pulumi:dev::here" in result.stderr
    assert "Give the stack with --stack" in result.stderr


def test_project_without_credentials(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Resources of a project whose credentials nobody has given are said not to be checked; the rest is."""
    entry(state, "alice")["outputs"]["projectId"] = "elsewhere"
    spectrum.project.users.remove(spectrum.project.users.rows[1]["id"])
    result = drift(state)
    assert result.exit_code == 1
    assert "Not checked: project elsewhere, with 1 of the resources" in result.stderr
    assert "Missing: in the state, and gone from the service (1)" in result.stdout


def test_unknown_type(drift: DRIFT, state: dict[str, Any]) -> None:
    """A resource of a newer release is said not to be checked."""
    entry(state, "alice")["type"] = "pulumi-python:dynamic/spectrum:Slack"
    result = drift(state)
    assert result.exit_code == 1
    assert "this release does not know them. Upgrade pulumi-spectrum." in result.stderr


@pytest.mark.parametrize("text", ["[]", "{}", "nonsense"])
def test_not_a_state(state: dict[str, Any], tmp_path: Path, text: str) -> None:
    """A file that is no state ends the command with 1 and one sentence."""
    (tmp_path / "file").write_text(text)
    result = CliRunner().invoke(main, ["drift", str(tmp_path), "--state", str(tmp_path / "file")])
    assert result.exit_code == 1
    assert result.stderr.endswith("is not a state as `pulumi stack export` writes it.\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_files_with_a_byte_order_mark(
    drift: DRIFT, state: dict[str, Any], spectrum: Emulator, tmp_path: Path, encoding: str
) -> None:
    """A state and an ignore file that PowerShell or an editor wrote with a byte order mark are read as they are."""
    spectrum.project.users.change(spectrum.project.users.rows[0]["id"], firstName="Zoë")
    entry(state, "alice")["inputs"]["firstName"] = entry(state, "alice")["outputs"]["firstName"] = "Zoë"
    spectrum.project.platforms.set("slack", enabled=True)
    (tmp_path / "state").write_text(json.dumps(state, ensure_ascii=False), encoding=encoding)
    (tmp_path / "ignored").write_text("platform:slack\n", encoding=encoding)
    _open_client.cache_clear()
    files = ["--state", str(tmp_path / "state"), "--ignore-file", str(tmp_path / "ignored")]
    result = CliRunner().invoke(main, ["drift", str(tmp_path), *files])
    assert (result.exit_code, result.stdout) == (0, "5 resources compared: no drift.\n")


@pytest.mark.parametrize("option", ["--state", "--ignore-file"])
def test_files_in_another_encoding(state: dict[str, Any], tmp_path: Path, option: str) -> None:
    """A file that is not text in Unicode ends the command with 1 and one sentence that names it."""
    (tmp_path / "file").write_bytes('{"deployment": "Zoë"}'.encode("latin-1"))
    result = CliRunner().invoke(main, ["drift", str(tmp_path), option, str(tmp_path / "file")])
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {tmp_path / 'file'} is not UTF-8 text. Save it as UTF-8, or as UTF-16 with a byte order mark.\n"
    )


def test_a_row_that_is_late(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Nothing is called missing before a second list lacks it too."""
    spectrum.project.users.remove(spectrum.project.users.rows[0]["id"])
    drift(state)
    assert spectrum.requests.operations().count("listUsers") == 2


def test_refused(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Refused credentials end the command with 1, which is not the status of drift."""
    spectrum.project.secret = "another-one"
    result = drift(state)
    assert result.exit_code == 1
    assert "Invalid credentials" in result.stderr
