"""`pulumi-spectrum adopt --into existing`, which prints declarations to add to an existing program."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

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


def test_explicit_provider(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """With an explicit provider, the import file holds its URN and the declarations use its variable."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text('import pulumi\nimport pulumi_spectrum as s\np = s.Provider("prod")\n')
    urn = "urn:pulumi:dev::here::pulumi:providers:pulumi-python::prod"
    state = {"deployment": {"resources": [{"urn": urn, "type": "pulumi:providers:pulumi-python", "id": "x"}]}}
    put_pulumi({"stack export": json.dumps(state), "version": "v3.259.0"})
    result = adopt("--into", "existing", "--provider", "prod", "--area", "platforms")
    assert result.exit_code == 0, result.output
    assert "opts=pulumi.ResourceOptions(provider=p)" in result.stdout
    document = json.loads((folder / "spectrum-import.json").read_text())
    assert document["nameTable"] == {"prod": urn}
    assert [entry["provider"] for entry in document["resources"]] == ["prod"]
    missing = adopt("--into", "existing", "--force", "--provider", "other")
    assert missing.exit_code == 1
    assert 'The stack has no spectrum.Provider named "other"' in missing.stderr
