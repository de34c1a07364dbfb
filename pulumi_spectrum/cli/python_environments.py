"""Which Python runs a project's program, and which one runs its dynamic providers: Pulumi finds the two in two ways."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import click

from pulumi_spectrum.cli.project_file import ProjectFile

PROBE = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None
print(json.dumps([".".join(map(str, sys.version_info[:3])), installed("pulumi"), installed("pulumi-spectrum")]))
"""


@dataclass(frozen=True)
class Environment:
    """A Python, and what is installed in it.

    Args:
        path: The interpreter.
        python: Its version.
        pulumi: The version of Pulumi's SDK in it, or None.
        spectrum: The version of this package in it, or None.
    """

    path: str
    python: str
    pulumi: str | None
    spectrum: str | None


def find_program_python(project: ProjectFile) -> str:
    """Return the interpreter with which the language host runs the program.

    A `virtualenv` is relative to the project file. Without the option `toolchain`, a lock file decides.

    Raises:
        click.ClickException: There is none where it is looked for.
    """
    folder = project.program_folder
    toolchain = (project.options.get("toolchain") or "auto").lower()
    virtualenv = project.options.get("virtualenv")
    lock = _search_up(folder, "uv.lock")
    if toolchain == "uv" or (toolchain == "auto" and lock is not None):
        beside = lock or _search_up(folder, "pyproject.toml")
        home = folder if beside is None else beside.parent
        return _in_virtualenv(
            project.root / virtualenv if virtualenv else home / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")
        )
    if toolchain == "poetry" or (toolchain == "auto" and _search_up(folder, "poetry.lock") is not None):
        return _in_virtualenv(_ask_poetry(folder))
    return _in_virtualenv(project.root / virtualenv) if virtualenv else _on_path("python3", "python")


def find_provider_python(project: ProjectFile) -> str:
    """Return the interpreter with which the engine starts dynamic providers.

    It is started in the program's folder, so a `virtualenv` is relative to that; and no lock file is looked for.

    Raises:
        click.ClickException: There is none where it is looked for.
    """
    folder = project.program_folder
    toolchain, virtualenv = (_provider_option(project, name) for name in ("toolchain", "virtualenv"))
    if virtualenv:
        return _in_virtualenv(folder / virtualenv)
    if toolchain == "uv":
        return _in_virtualenv(folder / ".venv")
    return _in_virtualenv(_ask_poetry(folder)) if toolchain == "poetry" else _on_path("python3")


def _provider_option(project: ProjectFile, name: str) -> str:
    """Return a runtime option as the provider's launcher is given it: in an environment variable, the file's first.

    Raises:
        click.ClickException: The option stands in the project file without a value.
    """
    if name not in project.options:
        return os.environ.get(f"PULUMI_RUNTIME_{name.upper()}", "")
    value = project.options[name]
    if value is None:
        raise click.ClickException(
            f"the option {name} in {project.path.name} has no value, which Pulumi reads as the text <nil>."
        )
    return value


def look_into(python: str, folder: Path) -> Environment:
    """Ask an interpreter for what is installed with it.

    Raises:
        click.ClickException: It does not run.
    """
    try:
        answer = subprocess.run(  # noqa: S603  # the interpreter that Pulumi itself would run
            [python, "-c", PROBE], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        raise click.ClickException(f"{python} does not run.") from None
    return Environment(python, *json.loads(answer.stdout))


def _in_virtualenv(folder: Path) -> str:
    python = Path(os.path.normpath(folder)) / "bin" / "python"
    if not python.is_file():
        raise click.ClickException(f"there is no virtual environment at {python.parent.parent}.")
    return str(python)


def _on_path(*names: str) -> str:
    chosen = os.environ.get("PULUMI_PYTHON_CMD")
    for name in (chosen,) if chosen else names:
        found = shutil.which(name)
        if found:
            return found
    raise click.ClickException(f"there is no {chosen or names[0]} on PATH.")


def _ask_poetry(folder: Path) -> Path:
    poetry = shutil.which("poetry")
    if poetry is None:
        raise click.ClickException("poetry is not on PATH.")
    answer = subprocess.run(  # noqa: S603  # nothing of it comes from elsewhere
        [poetry, "env", "info", "--path"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if answer.returncode != 0:
        raise click.ClickException(f"poetry knows no virtual environment for {folder}. Run `pulumi install`.")
    return Path(os.fsdecode(answer.stdout).strip())


def _search_up(folder: Path, name: str) -> Path | None:
    return next((each / name for each in (folder, *folder.parents) if (each / name).is_file()), None)
