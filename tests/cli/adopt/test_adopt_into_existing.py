"""`pulumi-spectrum adopt --into existing`, which prints declarations to add to an existing program."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from pulumi_spectrum.cli.state_file import SECRET, SIGNATURE, wrap_secret
from pulumi_spectrum.emulator import Emulator

PROJECT = "name: here\nruntime: python\n"


def test_declarations_for_an_existing_program(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """Objects in the stack are left out, names in use are not reused, and the program file stays unchanged."""
    made = fill()
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
    put_pulumi({"stack export": json.dumps({"deployment": {"resources": [known]}}), "version": "v3.259.0"})
    result = adopt("--into", "existing", "--area", "users")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        'alice_0123 = pulumi_spectrum.User(\n    "alice-0123",\n    phone_number="+14155550123",\n'
        '    first_name="Alice",\n)\n'
    )
    assert list(imported()) == ["alice-0123"]
    assert (folder / "__main__.py").read_text() == source


def state_with(urn: str, project_id: str, secret: Any) -> dict[str, Any]:
    """Return a state with an explicit provider alone."""
    inputs = {"spectrum:projectId": project_id, "spectrum:projectSecret": secret}
    entry = {"urn": urn, "type": "pulumi:providers:pulumi-python", "id": "x", "inputs": inputs}
    return {"deployment": {"resources": [entry]}}


def test_explicit_provider(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """With an explicit provider, the import file holds its URN and the declarations use its variable.

    The project is the provider's, and so are the credentials, whatever project the environment names.
    """
    fill()
    prod = spectrum.add_project()
    prod.platforms.set("slack", enabled=True)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text('import pulumi\nimport pulumi_spectrum as s\np = s.Provider("prod")\n')
    urn = "urn:pulumi:dev::here::pulumi:providers:pulumi-python::prod"
    put_pulumi(
        {
            "stack export --show-secrets": json.dumps(state_with(urn, prod.id, wrap_secret(prod.secret))),
            "stack export": json.dumps(state_with(urn, prod.id, {SIGNATURE: SECRET, "ciphertext": "v1:abc"})),
            "version": "v3.259.0",
        }
    )
    result = adopt("--into", "existing", "--provider", "prod", "--area", "platforms")
    assert result.exit_code == 0, result.output
    assert prod.secret not in result.output
    assert result.stdout == ('slack = s.Platform("slack", platform="slack", opts=pulumi.ResourceOptions(provider=p))\n')
    document = json.loads((folder / "spectrum-import.json").read_text())
    assert document["nameTable"] == {"prod": urn}
    assert [entry["provider"] for entry in document["resources"]] == ["prod"]
    missing = adopt("--into", "existing", "--force", "--provider", "other")
    assert missing.exit_code == 1
    assert 'The stack has no spectrum.Provider named "other"' in missing.stderr


def test_state_that_cannot_be_decrypted(
    adopt: Callable[..., Result], tmp_path: Path, put_pulumi: Callable[[dict[str, str]], None]
) -> None:
    """Another project's credentials in the environment are not used; the refusal names the provider's project."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text('import pulumi_spectrum as s\np = s.Provider("prod")\n')
    urn = "urn:pulumi:dev::here::pulumi:providers:pulumi-python::prod"
    state = state_with(urn, "p-prod", {SIGNATURE: SECRET, "ciphertext": "v1:abc"})
    put_pulumi({"stack export --non-interactive": json.dumps(state)})
    result = adopt("--into", "existing", "--provider", "prod")
    assert result.exit_code == 1
    assert "`pulumi stack export --show-secrets` failed" in result.stderr
    assert (
        'Or give the credentials of provider "prod" (project p-prod) in SPECTRUM_PROJECT_ID and SPECTRUM_'
        in result.stderr
    )
