"""Adopting objects that were made by hand through the program: `pulumi-spectrum adopt --as options`, preview, up."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adoption import EMPTY_PREVIEW, EMPTY_REFRESH, SECOND_PROJECT, UP, content_of, fill_project, resources_of

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds

ADOPT = ("pulumi-spectrum", "adopt", "--as", "options")


def take_options_out(program: Path) -> None:
    """Take the option `import_` out of a program, as a person would after the import."""
    text = re.sub(r'(, |\n    )opts=pulumi\.ResourceOptions\(import_="[^"]*"\),?', "", program.read_text())
    text = re.sub(r'(, |\n        )import_="[^"]*",?', "", text)
    assert "import_" not in text
    program.write_text(text)


def test_adopted_project_is_imported_by_up(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """A project comes into the state by `up`; previews are empty with the options and without them."""
    fill_project(spectrum.project)
    folder = make_project_folder(spectrum.environment)
    before = content_of(spectrum.project)
    folder.run(*ADOPT)
    program = folder.path / "__main__.py"
    folder.init()
    spectrum.requests.clear()
    shown = folder.run("pulumi", "preview", "--non-interactive").stdout
    assert len(spectrum.requests) == 0
    kinds = [kind for kind in load_kinds() if f"spectrum.{kind.declared_by.__name__}(" in program.read_text()]
    assert len(kinds) >= 5
    for kind in kinds:
        assert f"This {kind.noun} will be imported, as the option import_ says." in shown
    folder.run(*UP)
    folder.run(*EMPTY_PREVIEW)
    folder.run(*EMPTY_REFRESH)
    folder.run("pulumi-spectrum", "drift")
    state = resources_of(folder)
    assert {each["type"] for each in state.values()} == {kind.type_token for kind in kinds}
    assert {name for name, each in state.items() if each.get("protect")} == {"acme-support", "line-0002"}
    take_options_out(program)
    folder.run(*EMPTY_PREVIEW)
    folder.run(*UP, "--expect-no-changes")
    folder.run(*EMPTY_REFRESH)
    assert content_of(spectrum.project) == before
    assert {request.method for request in spectrum.requests} == {"GET"}


def test_adopted_program_is_typed_and_formatted(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """The program passes a strict type checker, a linter and a formatter as it was written."""
    fill_project(spectrum.project)
    folder = make_project_folder(spectrum.environment)
    folder.run(*ADOPT)
    for command in (
        ("mypy", "--strict", "--no-incremental"),
        ("ruff", "format", "--isolated", "--check"),
        ("ruff", "check", "--isolated", "--select", "E4,E7,E9,F,I,UP"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command, "__main__.py"],
            cwd=folder.path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_import_file_and_options_go_together(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """What an import file has put into the state is not imported again by a program with the options."""
    fill_project(spectrum.project)
    folder = make_project_folder(spectrum.environment)
    folder.run("pulumi-spectrum", "adopt")
    folder.run(*ADOPT, "--force")
    folder.init()
    folder.import_adopted()
    folder.run(*EMPTY_PREVIEW)
    folder.run(*EMPTY_REFRESH)


def test_two_projects_are_imported_by_one_up(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Lines for an explicit provider that no `up` has made yet, and lines for the stack's own project, go together."""
    second = spectrum.add_project()
    fill_project(second)
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    folder = make_project_folder({**spectrum.environment, "OTHER_ID": second.id, "OTHER_SECRET": second.secret})
    (folder.path / "Pulumi.yaml").write_text("name: second\nruntime: python\n")
    program = folder.path / "__main__.py"
    program.write_text(SECOND_PROJECT)
    folder.init()
    own = dict(folder.environment)
    folder.environment.update(second.environment)
    theirs = folder.run(*ADOPT, "--into", "existing", "--provider", "second").stdout
    folder.environment = own
    program.write_text(program.read_text() + "\n" + theirs)
    program.write_text(program.read_text() + "\n" + folder.run(*ADOPT, "--into", "existing").stdout)
    folder.run(*UP)
    folder.run(*EMPTY_PREVIEW)
    folder.run(*EMPTY_REFRESH)
    state = resources_of(folder)
    providers = {name: each["provider"].split("::")[-2] for name, each in state.items()}
    assert providers.pop("alice") == "default"
    assert set(providers.values()) == {"second"}
    take_options_out(program)
    folder.run(*EMPTY_PREVIEW)
    assert {request.method for request in spectrum.requests} == {"GET"}
