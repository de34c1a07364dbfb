"""`pulumi-spectrum adopt` leaves out objects that the stack already manages, by their ids."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from pulumi_spectrum.emulator import Emulator

PROJECT = "name: here\nruntime: python\n"
NEXT = "Next, in "


@pytest.fixture
def put_stack(tmp_path: Path, put_pulumi: Callable[[dict[str, str]], None]) -> Callable[..., None]:
    """Creates a Pulumi project whose selected stack holds the given objects, each as (class, resource name, row)."""

    def put(*objects: tuple[str, str, dict[str, Any]], project_id: str | None = None, **more: Any) -> None:
        (tmp_path / "project").mkdir(exist_ok=True)
        (tmp_path / "project" / "Pulumi.yaml").write_text(PROJECT)
        resources: list[dict[str, Any]] = [
            {"urn": "urn:pulumi:dev::here::pulumi:pulumi:Stack::here-dev", "type": "pulumi:pulumi:Stack"}
        ]
        for kind, name, live in objects:
            kind_type = f"pulumi-python:dynamic/spectrum:{kind}"
            outputs = {"projectId": project_id or live.get("projectId")}
            urn = f"urn:pulumi:dev::here::{kind_type}::{name}"
            resources.append({"urn": urn, "type": kind_type, "id": live["id"], "outputs": outputs, **more})
        put_pulumi({"stack export": json.dumps({"deployment": {"resources": resources}}), "version": "v3.259.0"})

    return put


@pytest.mark.parametrize("arguments", [[], ["--force"], ["--dry-run"]])
def test_objects_in_the_stack_are_left_out(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_stack: Callable[..., None],
    arguments: list[str],
) -> None:
    """When the stack already manages every object, under any resource name, no file is written."""
    made = fill()
    put_stack(("User", "renamed", made["alice"]), ("User", "bob", made["bob"]))
    result = adopt("--area", "users", *arguments)
    assert result.exit_code == 0, result.output
    assert "is left to take over" in result.stderr
    assert [path.name for path in (tmp_path / "project").iterdir()] == ["Pulumi.yaml"]


@pytest.mark.parametrize(("project_id", "names"), [("other", ["imessage"]), ("", [])])
def test_objects_of_another_project_are_not_left_out(  # noqa: PLR0917
    adopt: Callable[..., Result],
    spectrum: Emulator,
    fill: Callable[[], dict[str, Any]],
    put_stack: Callable[..., None],
    imported: Callable[[], dict[str, Any]],
    project_id: str,
    names: Sequence[str],
) -> None:
    """A platform is left out only if the stack manages it for the same Spectrum project."""
    fill()
    put_stack(("Platform", "theirs", {"id": "imessage"}), project_id=project_id or spectrum.project.id)
    result = adopt("--area", "platforms")
    assert result.exit_code == 0, result.output
    assert (list(imported()) if names else []) == list(names)


def test_object_pending_deletion_is_left_out(
    adopt: Callable[..., Result],
    fill: Callable[[], dict[str, Any]],
    put_stack: Callable[..., None],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """An object that the next `up` deletes is left out with a warning, since taking it over would not save it."""
    put_stack(("User", "old", fill()["alice"]), delete=True)
    result = adopt("--area", "users")
    assert result.exit_code == 0, result.output
    assert "Warning: old (" in result.stderr
    assert "is left out, because it waits for its deletion in the stack" in result.stderr
    assert list(imported()) == ["bob"]


def test_program_of_a_filled_stack_is_kept(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]], put_stack: Callable[..., None]
) -> None:
    """A program is not replaced while the stack has resources, since the next `up` would delete them."""
    put_stack(("User", "renamed", fill()["alice"]))
    (tmp_path / "project" / "__main__.py").write_text("mine = 1\n")
    result = adopt("--force")
    assert result.exit_code == 1
    assert "__main__.py is kept, because the stack has resources already (1)" in result.stderr
    assert "Use --into existing" in result.stderr
    assert sorted(path.name for path in (tmp_path / "project").iterdir()) == ["Pulumi.yaml", "__main__.py"]
    assert (tmp_path / "project" / "__main__.py").read_text() == "mine = 1\n"


def test_unreadable_stack(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """Without a selected stack a message says that nothing was left out; a stack given by --stack must be readable."""
    fill()
    put_pulumi({"version": "v3.259.0"})
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "Pulumi.yaml").write_text(PROJECT)
    assert "no stack selected" in adopt("--stack", "dev").stderr
    assert not (tmp_path / "project" / "__main__.py").exists()
    result = adopt()
    assert result.exit_code == 0, result.output
    assert "No stack was read, so what one may have already is not left out." in result.stderr.partition(NEXT)[0]
