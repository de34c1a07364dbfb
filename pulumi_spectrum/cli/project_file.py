"""The project file, read as the Pulumi CLI reads it: where the program is, and how its Python is chosen."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from pulumi_spectrum.text_files import read_text

NAMES = ("Pulumi.json", "Pulumi.yaml", "Pulumi.yml")
"""What a project file may be called. Where several are there, the CLI takes the first."""
PROGRAM = "__main__.py"
"""The program of a folder."""


@dataclass(frozen=True)
class ProjectFile:
    """A project as its file describes it.

    Args:
        path: The file.
        runtime: The language, such as `python`.
        options: The runtime's options, such as `virtualenv`. One without a value is None.
        main: Where the program is, a folder or a file, relative to the project file; empty for its folder.
    """

    path: Path
    runtime: str
    options: Mapping[str, str | None]
    main: str

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.path.parent

    @property
    def program_folder(self) -> Path:
        """The folder of the program. The engine starts providers in it."""
        return self.program_file.parent

    @property
    def program_file(self) -> Path:
        """The program: the file that `main` names, or `__main__.py` in the folder that it names."""
        named = self.root / self.main
        is_file = named.is_file() or (named.suffix == ".py" and not named.is_dir())
        return named.parent.resolve() / named.name if is_file else named.resolve() / PROGRAM


def find_project_file(folder: Path) -> Path | None:
    """Return the project file of a folder, or of the nearest one above it."""
    for each in (folder.resolve(), *folder.resolve().parents):
        for name in NAMES:
            if os.path.isfile(each / name):  # noqa: PTH113  # False where the folder cannot be read, as for the CLI
                return each / name
    return None


def read_project_file(path: Path) -> ProjectFile:
    """Read a project file.

    Raises:
        UnreadableText: It is not text.
        click.ClickException: It is not YAML or JSON, or not a project's.
    """
    text = read_text(path)
    try:
        content = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except json.JSONDecodeError as error:
        raise click.ClickException(f"{path}, line {error.lineno}: this is not JSON.") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise click.ClickException(f"{path}, line {line}: this is not YAML.") from None
    runtime: Any = content.get("runtime") if isinstance(content, Mapping) else None
    if isinstance(runtime, str):
        runtime = {"name": runtime}
    if not isinstance(runtime, Mapping) or not isinstance(runtime.get("name"), str):
        raise click.ClickException(f"{path}: a project needs a runtime, such as `runtime: python`.")
    given = runtime.get("options")
    options = {
        str(name): None if value is None else str(value)
        for name, value in (given if isinstance(given, Mapping) else {}).items()
    }
    return ProjectFile(path, runtime["name"], options, str(content.get("main") or ""))
