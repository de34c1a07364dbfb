"""`Pulumi.yaml`: where a project's program is, and how its Python is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

NAMES = ("Pulumi.yaml", "Pulumi.yml")


@dataclass(frozen=True)
class ProjectFile:
    """A project as its file describes it.

    Args:
        path: The file.
        runtime: The language, such as `python`.
        options: The runtime's options, such as `virtualenv`.
        main: Where the program is, relative to the file; empty for its folder.
    """

    path: Path
    runtime: str
    options: Mapping[str, str]
    main: str

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.path.parent

    @property
    def program_folder(self) -> Path:
        """The folder of the program. The engine starts providers in it."""
        program = (self.root / self.main).resolve()
        return program.parent if program.is_file() else program


def find_project_file(folder: Path) -> Path | None:
    """Return the project file of a folder, or of the nearest one above it."""
    for each in (folder.resolve(), *folder.resolve().parents):
        for name in NAMES:
            if (each / name).is_file():
                return each / name
    return None


def read_project_file(path: Path) -> ProjectFile:
    """Read a project file.

    Raises:
        click.ClickException: It is not YAML, or not a project's.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise click.ClickException(f"{path}, line {line}: this is not YAML.") from None
    runtime: Any = content.get("runtime") if isinstance(content, Mapping) else None
    if isinstance(runtime, str):
        runtime = {"name": runtime}
    if not isinstance(runtime, Mapping) or not isinstance(runtime.get("name"), str):
        raise click.ClickException(f"{path}: a project needs a runtime, such as `runtime: python`.")
    options = {str(name): str(value) for name, value in (runtime.get("options") or {}).items()}
    return ProjectFile(path, runtime["name"], options, str(content.get("main") or ""))
