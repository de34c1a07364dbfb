"""The package as users install it: the built wheel, in an environment of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this repository."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_holds_package_data(wheel: Path) -> None:
    """The wheel holds the type marker, the plugin marker, the contract and the page, and no tests."""
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {"py.typed", "pulumi-plugin.json", "emulator/openapi.yaml", "emulator/page.html"}
    assert {f"pulumi_spectrum/{name}" for name in needed} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"pulumi_spectrum"}


def test_tested_stack_example_with_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    """The example of a tested stack passes in its own folder, with the wheel and nothing else of this repository."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    packages = next(environment.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # What the wheel depends on comes from here: a path in a .pth file is not searched for further .pth files, so the
    # editable install of this repository stays out.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    project = shutil.copytree(ROOT / "examples" / "tested-stack", tmp_path / "project")
    python = environment / "bin" / "python"
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COVERAGE"))}
    variables["PATH"] = f"{environment / 'bin'}{os.pathsep}{variables['PATH']}"
    where = [str(python), "-c", "import pulumi_spectrum; print(pulumi_spectrum.__file__)"]
    found = subprocess.run(where, cwd=project, env=variables, check=True, capture_output=True, text=True).stdout
    assert Path(found.strip()).is_relative_to(environment)
    run = subprocess.run(
        [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert run.stdout.splitlines()[-1].startswith("4 passed")
