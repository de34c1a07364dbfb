"""The fixture `spectrum_stack` runs a program as the CLI does, or refuses it with a sentence."""

import logging
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

import pulumi_spectrum as spectrum_resources
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import RunFailed, SpectrumStack

FOLDER = {
    "Pulumi.yaml": """
        name: shop
        runtime:
          name: python
          options:
            virtualenv: elsewhere
        main: infra
        config:
          region:
            type: string
            default: eu
        """,
    "infra/__main__.py": """
        import os
        import sys

        import pulumi
        import people


        async def main():
            return {
                "folder": os.getcwd(),
                "python": sys.executable,
                "project": pulumi.get_project(),
                "region": pulumi.Config().require("region"),
                "size": pulumi.Config().require("size"),
            }


        pulumi.run(main)
        """,
    "infra/people.py": """
        import pulumi_spectrum as spectrum

        spectrum.User("ada", phone_number="+14155550101", first_name="Ada")
        """,
}


@pytest.fixture
def program_folder(tmp_path: Path) -> Path:
    """A project whose program is in a subfolder and declares its resource in a module."""
    folder = tmp_path / "shop"
    (folder / "infra").mkdir(parents=True)
    for name, text in FOLDER.items():
        (folder / name).write_text(textwrap.dedent(text).lstrip())
    return folder


def test_program_folder_runs_as_on_the_cli(
    spectrum: Emulator, spectrum_stack: SpectrumStack, program_folder: Path
) -> None:
    """Every run imports the program's modules anew; project, folder and configuration are those of `pulumi up`."""
    spectrum_stack.configure("shop:size", "5")
    spectrum_stack.program = program_folder
    assert spectrum_stack.up().summary == {"ada": ("create",)}
    assert spectrum_stack.outputs() == {
        "folder": str(program_folder / "infra"),
        "python": sys.executable,
        "project": "shop",
        "region": "eu",
        "size": "5",
    }
    spectrum_stack.assert_no_drift()
    (program_folder / "infra" / "people.py").write_text("")
    assert spectrum_stack.up().summary == {"ada": ("delete",)}
    assert not [name for name in ("people", "infra.people") if name in sys.modules]


def test_providers_run_in_the_python_of_the_tests(
    spectrum: Emulator, spectrum_stack: SpectrumStack, tmp_path: Path
) -> None:
    """Providers do not run in another `python3` that is first on PATH, and log levels stay as they were."""
    other = tmp_path / "bin" / "python3"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    spectrum_stack.set_environment({"PATH": f"{other.parent}{os.pathsep}{os.environ['PATH']}"})
    levels = [logging.getLogger(name).level for name in ("asyncio", "grpc._server")]

    async def program() -> None:
        spectrum_resources.User("ada", phone_number="+14155550101")

    spectrum_stack.program = program
    spectrum_stack.up()
    assert [user["phoneNumber"] for user in spectrum.project.users] == ["+14155550101"]
    assert [logging.getLogger(name).level for name in ("asyncio", "grpc._server")] == levels


def test_unusable_program_is_refused(spectrum_stack: SpectrumStack, tmp_path: Path, program_folder: Path) -> None:
    """A program that cannot be run is refused with a sentence, and is never run as an empty program."""

    def refusal() -> str:
        with pytest.raises(ValueError) as refused:
            spectrum_stack.up()
        return str(refused.value)

    assert refusal() == "The stack has no program yet: set its attribute `program`."
    spectrum_stack.program = "infra"  # type: ignore[assignment]
    assert refusal() == "A program is a function or a `pathlib.Path`, and not 'infra'."
    spectrum_stack.program = tmp_path / "nowhere"
    assert refusal() == f"There is no program in {tmp_path / 'nowhere'}."

    def generator() -> Iterator[Any]:
        yield spectrum_resources.User("ada", phone_number="+14155550101")

    spectrum_stack.program = generator  # type: ignore[assignment]
    assert "a generator, so nothing of it was run" in spectrum_stack.up(fails=True).output
    spectrum_stack.program = program_folder
    assert "is of the project 'shop', and this stack of the project 'test'" in refusal()
    (program_folder / "Pulumi.yaml").write_text("name: test\nruntime: nodejs\n")
    assert "has the runtime nodejs; only Python programs" in refusal()


def test_changes_of_resources_with_one_name(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """Changes of two resources with one name are kept apart by type, and a name may contain `::`."""

    def program() -> None:
        spectrum_resources.User("a::ada", phone_number="+14155550101")
        spectrum_resources.User("both", phone_number="+14155550102")
        spectrum_resources.Platform("both", platform="imessage")

    stack = make_stack(program)
    kinds = "pulumi-python:dynamic/spectrum:"
    assert stack.up().summary == {
        "a::ada": ("create",),
        f"{kinds}User::both": ("create",),
        f"{kinds}Platform::both": ("create",),
    }
    assert stack.resource("a::ada")["inputs"]["phoneNumber"] == "+14155550101"
    assert stack.resource(f"{kinds}User::both")["inputs"]["phoneNumber"] == "+14155550102"
    with pytest.raises(ValueError, match=r"several resources of the name 'both'. Ask for one of .*:Platform::both"):
        stack.resource("both")
    with pytest.raises(KeyError):
        stack.resource("ada")


def test_changes_include_other_providers_resources(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack]
) -> None:
    """A change of a resource of another package is in `changes` too, and fails `assert_no_drift`."""
    second = spectrum.add_project()
    given = {"pace": 1000.0}

    def program() -> None:
        provider = spectrum_resources.Provider(
            "second",
            project_id=second.id,
            project_secret=second.secret,
            base_url=spectrum.url,
            requests_per_second=given["pace"],
        )
        pulumi.ComponentResource("acme:desk:Desk", "desk")
        spectrum_resources.User("ada", phone_number="+14155550101", opts=pulumi.ResourceOptions(provider=provider))

    stack = make_stack(program)
    run = stack.up()
    assert run.summary == {"second": ("create",), "desk": ("create",), "ada": ("create",)}
    assert [change.name for change in run.spectrum_changes] == ["ada"]
    given["pace"] = 500.0
    run = stack.preview()
    assert (list(run.summary), run.spectrum_changes) == (["second"], [])
    with pytest.raises(RunFailed, match="was expected to show no change"):
        stack.assert_no_drift()
