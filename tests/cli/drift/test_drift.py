"""`pulumi-spectrum drift` on state files: its comparisons, requests and exit codes."""

import copy
from typing import Any

import pytest
from drift_reports import DRIFT, entry, found

from pulumi_spectrum.cli.state_file import wrap_secret
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers.bookkeeping import BOOKKEEPING


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


def test_unknown_type(drift: DRIFT, state: dict[str, Any]) -> None:
    """A resource type of a newer release is reported as not checked."""
    entry(state, "alice")["type"] = "pulumi-python:dynamic/spectrum:Slack"
    result = drift(state)
    assert result.exit_code == 1
    assert "this release does not know them. Upgrade pulumi-spectrum." in result.stderr


def test_missing_row_is_confirmed_by_a_second_list(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """An object is reported as missing only if a second list lacks it too."""
    spectrum.project.users.remove(spectrum.project.users.rows[0]["id"])
    drift(state)
    assert spectrum.requests.operations().count("listUsers") == 2
