"""Whether the file that `pulumi install` reads names this package."""

from __future__ import annotations

import re
from pathlib import Path

from pulumi_spectrum.cli.project_file import ProjectFile
from pulumi_spectrum.text_files import UnreadableText, read_text

PACKAGE = "pulumi-spectrum"
ADDING = {"uv": f"uv add {PACKAGE}", "poetry": f"poetry add {PACKAGE}"}
"""What each toolchain with a project file of its own has for adding a package."""


def advise_on_install(project: ProjectFile) -> str:
    """Return how to get the package into the program's environment: what to add to which file, and the command."""
    folder, adding = project.program_folder, ADDING.get(_toolchain(project))
    pyproject, path = folder / "pyproject.toml", folder / "requirements.txt"
    if adding or (pyproject.is_file() and not path.is_file()):
        path = pyproject
    if _names_package(path):
        return "Run `pulumi install`."
    lacks = f"{path} does not name {PACKAGE}"
    if adding:
        return f"{lacks}: run `{adding}`, and then `pulumi install`."
    return f"{lacks}: add it as a line, and run `pulumi install`."


def _toolchain(project: ProjectFile) -> str:
    """Return the toolchain of a project. Without the option, a lock file decides."""
    chosen = (project.options.get("toolchain") or "").lower()
    if chosen:
        return chosen
    locks = {"uv.lock": "uv", "poetry.lock": "poetry"}
    return next((toolchain for lock, toolchain in locks.items() if (project.program_folder / lock).is_file()), "pip")


def _names_package(path: Path, read: frozenset[Path] = frozenset()) -> bool:
    """Return whether a file, or one that it includes by `-r`, names the package outside of its comments."""
    if path in read:
        return False
    try:
        lines = [line.partition("#")[0].strip() for line in read_text(path).splitlines()]
    except (OSError, UnreadableText):
        return False
    if any(re.search(r"pulumi[-_.]spectrum\b", line, re.IGNORECASE) for line in lines):
        return True
    included = filter(None, (re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line) for line in lines))
    return any(_names_package(path.parent / each[1], read | {path}) for each in included)
