"""The project file of a temporary stack, made from that of the program's own folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
LEFT_OUT = ("backend", "stackConfigDir", "runtime", "main", "name")
NAME_WITHOUT_FILE = "test"


def project_name(program: object) -> str:
    """Return the name of the project that a program belongs to; a function belongs to one that is called `test`."""
    return str(_read(program).get("name", NAME_WITHOUT_FILE)) if isinstance(program, Path) else NAME_WITHOUT_FILE


def write_project(folder: Path, name: str, program: object) -> None:
    """Write the project file by which the CLI finds the program.

    It is the program's own, with `main` made absolute: whatever else that says, such as defaults of the configuration,
    holds here too. The stack's configuration and state are not the program's own, and its Python is that of the tests.

    Args:
        folder: Where the file is written.
        name: The project's name.
        program: A folder, or a Python file; anything else runs where the tests run.

    Raises:
        ValueError: There is no such folder, or its project is not one for Python.
    """
    document: dict[str, Any] = {"name": name, "runtime": "python"}
    if isinstance(program, Path):
        own = _read(program)
        runtime = own.get("runtime", "python")
        if isinstance(runtime, dict):
            runtime = runtime.get("name")
        if runtime != "python":
            raise ValueError(f"The project in {program} has the runtime {runtime}; only Python programs can be run.")
        document |= {key: value for key, value in own.items() if key not in LEFT_OUT}
        document["main"] = str(program.absolute() / str(own.get("main", "")))
    else:
        document["main"] = str(Path.cwd())
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")


def _read(program: Path) -> dict[str, Any]:
    if not program.exists():
        raise ValueError(f"There is no program in {program}.")
    for file in (program / name for name in PROJECT_FILES):
        if file.is_file():
            content = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
            return content if isinstance(content, dict) else {}
    return {}
