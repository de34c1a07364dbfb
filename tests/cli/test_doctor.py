"""The checks of `doctor` that need no Pulumi CLI."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from pulumi_spectrum.cli import checks, main
from pulumi_spectrum.cli.project_file import ProjectFile, find_project_file, read_project_file
from pulumi_spectrum.cli.python_environments import find_program_python, find_provider_python, look_into
from pulumi_spectrum.cli.requirements import advise_on_install

PROBLEM, WARNING, OK = "problem", "warning", "ok"


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., ProjectFile]:
    """Creates a project from the text of its Pulumi.yaml, with empty files and virtual environments at given paths."""

    def make(text: str, *files: str, virtualenvs: tuple[str, ...] = ()) -> ProjectFile:
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        for name in virtualenvs:
            (tmp_path / name / "bin").mkdir(parents=True)
            (tmp_path / name / "bin" / "python").symlink_to(sys.executable)
        (tmp_path / "Pulumi.yaml").write_text(f"name: here\n{text}")
        return read_project_file(tmp_path / "Pulumi.yaml")

    return make


@pytest.fixture(autouse=True)
def plain_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set PATH to a folder with `python3` alone, and unset the variables that choose an interpreter."""
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    runtime = ("PULUMI_RUNTIME_VIRTUALENV", "PULUMI_RUNTIME_TOOLCHAIN")
    for name in ("PULUMI_PYTHON_CMD", *runtime, "UV_PROJECT_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)


OPTIONS = "runtime:\n  name: python\n  options:\n    "
SUBFOLDER = "main: program\n"


@pytest.mark.parametrize(
    ("text", "files", "virtualenvs", "program", "providers"),
    [
        ("runtime: python\n", [], [], "path/python3", "path/python3"),
        (f"{OPTIONS}virtualenv: venv\n", [], ["venv"], "venv/bin/python", "venv/bin/python"),
        (f"{OPTIONS}virtualenv: venv\n{SUBFOLDER}", [], ["venv"], "venv/bin/python", None),
        (f"{OPTIONS}virtualenv: ../venv\n{SUBFOLDER}", [], ["venv"], None, "venv/bin/python"),
        (f"{OPTIONS}virtualenv: TMP/venv\n{SUBFOLDER}", [], ["venv"], "venv/bin/python", "venv/bin/python"),
        (f"{OPTIONS}toolchain: uv\n", ["uv.lock"], [".venv"], ".venv/bin/python", ".venv/bin/python"),
        (f"{OPTIONS}toolchain: uv\n{SUBFOLDER}", ["uv.lock"], [".venv"], ".venv/bin/python", None),
        ("runtime: python\n", ["uv.lock"], [".venv"], ".venv/bin/python", "path/python3"),
        ("runtime: python\n" + SUBFOLDER, ["uv.lock"], [".venv"], ".venv/bin/python", "path/python3"),
        (f"{OPTIONS}toolchain: pip\n", ["uv.lock"], [".venv"], "path/python3", "path/python3"),
        (f"{OPTIONS}virtualenv: gone\n", [], [], None, None),
        ("runtime: python\n", ["poetry.lock"], [], None, "path/python3"),
    ],
)
def test_interpreters_of_program_and_provider(  # noqa: PLR0917
    make_project: Callable[..., ProjectFile],
    tmp_path: Path,
    text: str,
    files: list[str],
    virtualenvs: tuple[str, ...],
    program: str | None,
    providers: str | None,
) -> None:
    """`doctor` finds the interpreters of the program and of the providers where Pulumi finds them."""
    (tmp_path / "program").mkdir()
    project = make_project(text.replace("TMP", str(tmp_path)), *files, virtualenvs=tuple(virtualenvs))
    for find, expected in ((find_program_python, program), (find_provider_python, providers)):
        if expected is None:
            with pytest.raises(click.ClickException):
                find(project)
        else:
            assert find(project) == str(tmp_path / expected)


def test_pulumi_python_cmd_sets_both_interpreters(
    make_project: Callable[..., ProjectFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a virtual environment, the program and the providers both run the interpreter in PULUMI_PYTHON_CMD."""
    project = make_project("runtime: python\n")
    monkeypatch.setenv("PULUMI_PYTHON_CMD", sys.executable)
    assert find_program_python(project) == find_provider_python(project) == sys.executable


def test_complete_environments_are_ok(make_project: Callable[..., ProjectFile], tmp_path: Path) -> None:
    """Two environments with every required package are reported as ok, with their versions."""
    put_script(tmp_path / "path" / "python3", f'exec {sys.executable} "$@"')
    lines = list(checks.check_pythons(make_project("runtime: python\n")))
    assert [line.level for line in lines] == [OK, OK]
    assert "pulumi-spectrum 0." in lines[0].text


def put_python(path: Path, answer: str) -> None:
    """Write a fake interpreter that prints the given versions of its packages."""
    put_script(path, f"printf '%s' '{answer}'")


def put_script(path: Path, command: str) -> None:
    """Write an executable shell script, replacing any file at the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("answer", "level", "text"),
    [
        ('["3.12.1", "3.259.0", null]', PROBLEM, "has no pulumi-spectrum. "),
        ('["3.12.1", null, null]', PROBLEM, "has no pulumi. "),
        ('["3.10.1", "3.259.0", "0.1.0"]', PROBLEM, "is older than 3.11"),
        ('["3.12.1", "3.259.0", "99.0"]', WARNING, "has pulumi-spectrum 99.0, and this command is of"),
    ],
)
def test_missing_or_mismatched_packages_are_reported(
    make_project: Callable[..., ProjectFile], tmp_path: Path, answer: str, level: str, text: str
) -> None:
    """An environment with a missing package or another release is reported, with the way to fix it."""
    put_python(tmp_path / "path" / "python3", answer)
    line = list(checks.check_pythons(make_project("runtime: python\n")))[-1]
    assert line.level == level
    assert text in line.text


def test_problem_of_one_environment_is_one_problem(make_project: Callable[..., ProjectFile], tmp_path: Path) -> None:
    """Where the program and the providers run one environment, what it lacks is reported once, for both."""
    put_python(tmp_path / "path" / "python3", '["3.12.1", "3.259.0", null]')
    missing = list(checks.check_pythons(make_project("runtime: python\n")))
    nowhere = list(checks.check_pythons(make_project(f"{OPTIONS}virtualenv: gone\n")))

    assert [(each.level, each.text.partition(":")[0]) for each in (*missing, *nowhere)] == [
        (PROBLEM, "Python of the program and the providers")
    ] * 2


INSTALL = "Run `pulumi install`."
LINE = "TMP/{} does not name pulumi-spectrum: add it as a line, and run `pulumi install`."
ADDING = "TMP/pyproject.toml does not name pulumi-spectrum: run `{}`, and then `pulumi install`."


@pytest.mark.parametrize(
    ("runtime", "files", "advice"),
    [
        ("python", {}, LINE.format("requirements.txt")),
        ("python", {"requirements.txt": "pulumi>=3\n# pulumi-spectrum\n"}, LINE.format("requirements.txt")),
        ("python", {"requirements.txt": "Pulumi_Spectrum[emulator]==0.1.0\n"}, INSTALL),
        ("python", {"requirements.txt": "-r more.txt\n", "more.txt": "pulumi-spectrum\n"}, INSTALL),
        (
            "python",
            {"requirements.txt": "-r more.txt\n", "more.txt": "-r requirements.txt\n"},
            LINE.format("requirements.txt"),
        ),
        ("python", {"pyproject.toml": ""}, LINE.format("pyproject.toml")),
        ("uv", {"pyproject.toml": ""}, ADDING.format("uv add pulumi-spectrum")),
        ("uv", {"pyproject.toml": 'dependencies = ["pulumi-spectrum"]'}, INSTALL),
        ("python", {"poetry.lock": ""}, ADDING.format("poetry add pulumi-spectrum")),
    ],
)
def test_file_that_lacks_the_package_is_named(
    make_project: Callable[..., ProjectFile], tmp_path: Path, runtime: str, files: dict[str, str], advice: str
) -> None:
    """`pulumi install` helps where its file names the package; else the file is named, and what to add."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    project = make_project("runtime: python\n" if runtime == "python" else f"{OPTIONS}toolchain: {runtime}\n")
    assert advise_on_install(project) == advice.replace("TMP", str(tmp_path))


def test_uv_lock_without_a_toolchain_option(make_project: Callable[..., ProjectFile], tmp_path: Path) -> None:
    """With a uv.lock but no toolchain option, the program finds its packages and the providers do not."""
    project = make_project("runtime: python\n", "uv.lock", virtualenvs=(".venv",))
    put_python(tmp_path / ".venv" / "bin" / "python", '["3.12.1", "3.259.0", "0.1.0"]')
    put_python(tmp_path / "path" / "python3", '["3.12.1", null, null]')
    program, providers = checks.check_pythons(project)
    assert program.level == OK
    assert providers.level == PROBLEM
    assert "providers run the python3 on PATH" in providers.text


def test_different_releases_in_the_two_environments(make_project: Callable[..., ProjectFile], tmp_path: Path) -> None:
    """Different releases of the package in the two environments cause a warning."""
    project = make_project("runtime: python\n", "uv.lock", virtualenvs=(".venv",))
    put_python(tmp_path / "path" / "python3", '["3.12.1", "3.259.0", "98.0"]')
    put_python(tmp_path / ".venv" / "bin" / "python", '["3.12.1", "3.259.0", "99.0"]')
    lines = list(checks.check_pythons(project))
    assert lines[-1].level == WARNING
    assert "99.0 in" in lines[-1].text
    assert "98.0 in" in lines[-1].text


def test_relative_virtualenv_with_main(make_project: Callable[..., ProjectFile], tmp_path: Path) -> None:
    """With `main`, only the program finds a relative virtual environment, and the message says why."""
    (tmp_path / "program").mkdir()
    project = make_project(f"{OPTIONS}virtualenv: venv\n{SUBFOLDER}", virtualenvs=("venv",))
    put_python(tmp_path / "venv" / "bin" / "python", '["3.12.1", "3.259.0", "0.1.0"]')
    program, providers = checks.check_pythons(project)
    assert program.level == OK
    assert f"there is no virtual environment at {tmp_path / 'program' / 'venv'}" in providers.text
    assert "Providers are started in" in providers.text


def test_runtime_other_than_python_is_a_problem(make_project: Callable[..., ProjectFile]) -> None:
    """A project whose runtime is not Python is reported as a problem."""
    lines = list(checks.check_pythons(make_project("runtime: nodejs\n")))
    assert [line.level for line in lines] == [PROBLEM]
    assert "this package is for python" in lines[0].text


@pytest.mark.parametrize(
    ("main", "files", "program"),
    [
        ("", [], "__main__.py"),
        ("main:\n", [], "__main__.py"),
        ("main: infra\n", ["infra/__main__.py"], "infra/__main__.py"),
        ("main: infra/spectrum\n", [], "infra/spectrum/__main__.py"),
        ("main: app.py\n", ["app.py"], "app.py"),
        ("main: infra/app.py\n", [], "infra/app.py"),
        ("main: TMP/app.py\n", [], "app.py"),
        ("main: program\n", ["program"], "program"),
        ("main: odd.py\n", ["odd.py/__main__.py"], "odd.py/__main__.py"),
    ],
)
def test_program_file(
    make_project: Callable[..., ProjectFile], tmp_path: Path, main: str, files: list[str], program: str
) -> None:
    """`main` names a program file or a folder with a `__main__.py`, relative or absolute, whether it exists or not."""
    project = make_project(f"runtime: python\n{main}".replace("TMP", str(tmp_path)), *files)
    assert project.program_file == tmp_path / program
    assert project.program_folder == (tmp_path / program).parent


def test_project_file_formats_and_their_order(tmp_path: Path) -> None:
    """Of several project files the one that the CLI prefers is read, and Pulumi.json is read as JSON."""
    for name, content in (("yml", "runtime: go"), ("yaml", "runtime: nodejs"), ("json", '{\n\t"runtime": "python"}')):
        (tmp_path / f"Pulumi.{name}").write_text(content)
        found = find_project_file(tmp_path)
        assert found is not None
        assert (found.name, read_project_file(found).runtime) == (f"Pulumi.{name}", content.split()[-1].strip('"}'))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_project_file_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    """A project file is decoded by its byte order mark, as in the CLI."""
    (tmp_path / "Pulumi.yaml").write_text("name: here\nruntime: python\nmain: über\n", encoding=encoding)
    assert read_project_file(tmp_path / "Pulumi.yaml").main == "über"


@pytest.mark.parametrize("options", ["", "    virtualenv:\n", "    - virtualenv\n"])
def test_runtime_options_without_a_value(
    make_project: Callable[..., ProjectFile], tmp_path: Path, options: str
) -> None:
    """A runtime option without a value is ignored for the program and refused for the providers."""
    project = make_project(f"runtime:\n  name: python\n  options:\n{options}")
    assert find_program_python(project) == str(tmp_path / "path" / "python3")
    if options.endswith(":\n"):
        with pytest.raises(click.ClickException, match=r"virtualenv in Pulumi\.yaml has no value, which Pulumi reads"):
            find_provider_python(project)


def test_runtime_options_from_environment_variables(
    make_project: Callable[..., ProjectFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PULUMI_RUNTIME_ variables set the providers' options, unless the project file sets them too."""
    monkeypatch.setenv("PULUMI_RUNTIME_VIRTUALENV", "venv")
    project = make_project("runtime: python\n", virtualenvs=("venv", "other", ".venv"))
    assert find_provider_python(project) == str(tmp_path / "venv/bin/python")
    assert find_program_python(project) == str(tmp_path / "path/python3")
    (tmp_path / "Pulumi.yaml").write_text(f"name: here\n{OPTIONS}virtualenv: other\n")
    assert find_provider_python(read_project_file(project.path)) == str(tmp_path / "other/bin/python")
    monkeypatch.delenv("PULUMI_RUNTIME_VIRTUALENV")
    monkeypatch.setenv("PULUMI_RUNTIME_TOOLCHAIN", "uv")
    assert find_provider_python(project) == str(tmp_path / ".venv/bin/python")


@pytest.mark.parametrize("text", ["runtime: [\n", "description: x\n", "runtime: 5\n", "- a\n"])
def test_broken_project_file(make_project: Callable[..., ProjectFile], text: str) -> None:
    """The error for a project file that cannot be parsed names the file."""
    with pytest.raises(click.ClickException, match=r"Pulumi\.yaml"):
        make_project(text)


def test_project_file_in_a_parent_folder(make_project: Callable[..., ProjectFile], tmp_path: Path) -> None:
    """The project file is found in a parent folder, and a `main` that is a file makes its folder the program's."""
    project = make_project("runtime: python\nmain: program/app.py\n", "program/app.py")
    assert find_project_file(tmp_path / "program") == project.path
    assert project.program_folder == tmp_path / "program"


def test_broken_interpreter(tmp_path: Path) -> None:
    """An interpreter that cannot be run raises a ClickException."""
    with pytest.raises(click.ClickException, match="does not run"):
        look_into(os.devnull, tmp_path)


@pytest.mark.parametrize(
    ("config", "level"),
    [
        ({"spectrum:projectSecret": {"value": "abc", "secret": False}}, WARNING),
        ({"here:prodProjectSecret": {"value": "abc", "secret": False}}, WARNING),
        ({"spectrum:projectSecret": {"secret": True}, "spectrum:projectId": {"value": "x", "secret": False}}, OK),
        ({}, OK),
    ],
)
def test_project_secret_in_plain_text_is_a_warning(
    tmp_path: Path, config: dict[str, dict[str, Any]], level: str
) -> None:
    """A project secret stored in plain text in the configuration causes a warning that does not show it."""
    pulumi = tmp_path / "path" / "pulumi"
    pulumi.write_text(f"#!/bin/sh\nprintf '%s' '{json.dumps(config)}'\n")
    pulumi.chmod(0o755)
    lines = list(checks.check_config(tmp_path, None))
    assert [line.level for line in lines] == [level]
    assert "abc" not in lines[0].text


def test_misspelt_setting_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key of the configuration that is like a setting and is none causes a warning with the setting."""
    monkeypatch.setattr(checks, "list_config", lambda *_: {"spectrum:projctId": {"value": "p", "secret": False}})
    line = next(iter(checks.check_config(tmp_path, None)))
    assert line.level == WARNING
    assert line.text.endswith("Did you mean spectrum:projectId?")


@pytest.mark.parametrize(("variable", "coloured"), [("1", False), ("", True)])
def test_no_color(monkeypatch: pytest.MonkeyPatch, variable: str, coloured: bool) -> None:
    """With NO_COLOR set to anything, a command's context has no colours, on a terminal neither."""
    monkeypatch.setenv("NO_COLOR", variable)
    context = main.make_context("pulumi-spectrum", ["doctor"])
    assert (context.color is False) is not coloured
