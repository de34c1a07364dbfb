"""The files that `pulumi-spectrum adopt` writes, replaces and keeps."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from full_disk import full_disk

PROJECT = """# Ours since 2019.
name: here
description: "The whole of it"
runtime:
  name: python
  options:
    toolchain: uv
main: MAIN
stackConfigDir: stacks
"""


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.yml"])
@pytest.mark.parametrize(
    ("main", "program"),
    [
        ("infra", "infra/__main__.py"),
        ("infra/spectrum/", "infra/spectrum/__main__.py"),
        ("app.py", "app.py"),
        ("infra/app.py", "infra/app.py"),
        (".", "__main__.py"),
    ],
)
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_program_is_written_to_main(  # noqa: PLR0917
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    name: str,
    main: str,
    program: str,
    force: list[str],
) -> None:
    """The program is written to the path in `main`, and the project file stays unchanged."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / name).write_text(PROJECT.replace("MAIN", main))
    result = adopt(*force)
    assert result.exit_code == 0, result.output
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {name, program, "spectrum-import.json"}
    assert (folder / name).read_text() == PROJECT.replace("MAIN", main)
    assert "pulumi stack init" not in result.stderr


def test_no_second_project_in_the_program_folder(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """In the folder that the parent project's `main` names, no second project file is written."""
    fill()
    (tmp_path / "Pulumi.yaml").write_text("name: here\nruntime: python\nmain: project\n")
    assert adopt().exit_code == 0
    assert {path.name for path in (tmp_path / "project").iterdir()} == {"__main__.py", "spectrum-import.json"}


def test_folder_below_an_unrelated_project(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A folder below a project whose program is elsewhere gets a project file, whatever the parent's language."""
    fill()
    (tmp_path / "Pulumi.yaml").write_text("name: above\nruntime: nodejs\n")
    assert adopt().exit_code == 0
    assert (tmp_path / "project" / "Pulumi.yaml").read_text() == "name: project\nruntime: python\n"


@pytest.mark.parametrize("arguments", [[], ["--force"], ["--into", "existing"], ["--dry-run"]])
def test_project_of_another_language(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]], arguments: list[str]
) -> None:
    """A project whose runtime is not Python is refused, and no file is written."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: here\nruntime:\n  name: nodejs\n")
    result = adopt(*arguments)
    assert result.exit_code == 1
    assert "Pulumi.yaml: the runtime is nodejs, and what this command writes is Python." in result.stderr
    assert [path.name for path in folder.iterdir()] == ["Pulumi.yaml"]


def test_broken_project_file(adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]) -> None:
    """A project file that cannot be parsed is an error, even with --force, and no file is written."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: [\n")
    assert "line 2: this is not YAML." in adopt("--force").stderr
    assert [path.name for path in folder.iterdir()] == ["Pulumi.yaml"]


def test_symbolic_links(adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]) -> None:
    """A symbolic link, even a broken one, counts as a file; --force replaces the link and keeps its target."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "shared.py").write_text("mine")
    (folder / "__main__.py").symlink_to(tmp_path / "shared.py")
    (folder / "spectrum-import.json").symlink_to(tmp_path / "nowhere")
    refused = adopt()
    assert (refused.exit_code, "spectrum-import.json is there already" in refused.stderr) == (1, True)
    assert adopt("--force").exit_code == 0
    assert (tmp_path / "shared.py").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert "spectrum.User" in (folder / "__main__.py").read_text()


@pytest.mark.parametrize("name", ["__main__.py", "spectrum-import.json"])
def test_folder_in_the_place_of_a_file(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]], name: str
) -> None:
    """A folder at the path of a file to write is refused, even with --force, and no file is written."""
    fill()
    (tmp_path / "project" / name).mkdir(parents=True)
    result = adopt("--force")
    assert result.exit_code == 1
    assert f"{name} is a folder, where a file is to be written. Move it away." in result.stderr
    assert [path.name for path in (tmp_path / "project").iterdir()] == [name]


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_full_disk(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]], force: list[str]
) -> None:
    """When a file cannot be written completely, existing files stay unchanged and no partial file is left."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    if force:
        (folder / "__main__.py").write_text("mine")
    with full_disk():
        result = adopt(*force)
    assert result.exit_code == 1
    assert result.stderr.endswith(f"spectrum-import.json cannot be written: {os.strerror(errno.EFBIG)}.\n")
    assert {path.name: path.read_text() for path in folder.iterdir()} == ({"__main__.py": "mine"} if force else {})


def test_file_created_during_adopt_is_kept(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that another process creates while `adopt` runs is kept, and no other file is left."""
    fill()
    place = Path.replace

    def meanwhile(draft: Path, target: Path) -> Path:
        (tmp_path / "project" / "__main__.py").write_text("mine")
        return place(draft, target)

    monkeypatch.setattr(Path, "replace", meanwhile)
    result = adopt()
    assert (result.exit_code, "__main__.py is there already" in result.stderr) == (1, True)
    assert {path.name: path.read_text() for path in (tmp_path / "project").iterdir()} == {"__main__.py": "mine"}


def test_file_permissions(adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]) -> None:
    """The program gets the mode of a new file or of the replaced file; the import file is always private."""
    fill()
    folder = tmp_path / "project"
    umask = os.umask(0o027)
    try:
        adopt()
    finally:
        os.umask(umask)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"__main__.py": 0o640, "Pulumi.yaml": 0o640, "spectrum-import.json": 0o600}
    (folder / "__main__.py").chmod(0o755)
    (folder / "spectrum-import.json").chmod(0o644)
    assert adopt("--force").exit_code == 0
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"__main__.py": 0o755, "Pulumi.yaml": 0o640, "spectrum-import.json": 0o600}
