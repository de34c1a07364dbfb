"""The credentials with which `pulumi-spectrum drift` reads each project of a state."""

import json
from typing import Any

import pytest
from drift_reports import DRIFT, entry

from pulumi_spectrum.cli.state_file import SECRET, SIGNATURE, wrap_secret
from pulumi_spectrum.emulator import Emulator

ENCRYPTED = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}


def provider_entry(project_id: Any, secret: Any) -> dict[str, Any]:
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


@pytest.mark.parametrize(("project_id", "shown"), [("elsewhere", "elsewhere"), (ENCRYPTED, "[secret]")])
def test_encrypted_credentials_in_a_file(drift: DRIFT, state: dict[str, Any], project_id: Any, shown: str) -> None:
    """A provider's project whose secret is encrypted in a state file is not checked; the message names both ways."""
    state["deployment"]["resources"].append(provider_entry(project_id, ENCRYPTED))
    result = drift(state)
    assert result.exit_code == 1
    assert f"Not checked: project {shown}, with 0 of the resources" in result.stderr
    assert 'in the provider "europe". Give the stack with --stack instead of a file' in result.stderr
    assert "or set SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET" in result.stderr


def test_project_without_credentials(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Resources of a project without credentials are reported as not checked; other resources are compared."""
    entry(state, "alice")["outputs"]["projectId"] = "elsewhere"
    spectrum.project.users.remove(spectrum.project.users.rows[1]["id"])
    result = drift(state)
    assert result.exit_code == 1
    assert "Not checked: project elsewhere, with 1 of the resources" in result.stderr
    assert "Missing: in the state, and gone from the service (1)" in result.stdout


def test_refused_credentials(drift: DRIFT, state: dict[str, Any], spectrum: Emulator) -> None:
    """Refused credentials end the command with 1, which is not the status of drift."""
    spectrum.project.secret = "another-one"
    result = drift(state)
    assert result.exit_code == 1
    assert "Invalid credentials" in result.stderr
