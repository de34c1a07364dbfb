"""The package as users install it: the built wheel, in an environment of its own, and what is published with it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the source distribution, built from this repository."""
    folder = tmp_path_factory.mktemp("distributions")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    """Return the wheel."""
    return next(distributions.glob("*.whl"))


def test_wheel_holds_the_package_alone(wheel: Path) -> None:
    """The wheel holds every file of the package, the type marker and the contract among them, and nothing else."""
    package = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "pulumi_spectrum").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == package
    assert {"pulumi_spectrum/py.typed", "pulumi_spectrum/pulumi-plugin.json"} <= package
    metadata = {name.rpartition("/")[2] for name in names - package}
    assert metadata == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE"}


def test_metadata_is_complete(wheel: Path) -> None:
    """An index shows the name, the licence, the Pythons and a text in Markdown."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        metadata = message_from_bytes(archive.read(name))
    shown = {
        key: metadata[key] for key in ("Name", "License-Expression", "Requires-Python", "Description-Content-Type")
    }
    assert shown == {
        "Name": "pulumi-spectrum",
        "License-Expression": "Apache-2.0",
        "Requires-Python": ">=3.11",
        "Description-Content-Type": "text/markdown",
    }
    assert metadata["Summary"]
    assert metadata.get_payload().startswith("# pulumi-spectrum")  # type: ignore[union-attr]


def test_uninstalling_leaves_nothing(wheel: Path, tmp_path: Path) -> None:
    """After `pip uninstall` the environment has the files that it had before, also where the package has run."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    before = set(environment.rglob("*"))
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", "--ignore-installed", str(wheel)], check=True)
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = environment / "bin" / "pulumi-spectrum"
    shown = subprocess.run([str(command), "--version"], env=variables, check=True, capture_output=True, text=True)
    assert shown.stdout.startswith("pulumi-spectrum, version ")
    assert [*packages.rglob("pulumi_spectrum/cli/__pycache__/*.pyc")] != []

    subprocess.run([*pip, "uninstall", "--yes", "pulumi-spectrum"], check=True)
    assert set(environment.rglob("*")) - before == set()


def test_source_distribution_can_be_tested(distributions: Path) -> None:
    """The source distribution has what its tests need, and nothing that was made here."""
    (archive,) = distributions.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    needed = {"Makefile", "tests/conftest.py", "bench/results.json", "tools/pulumi-cli/go.sum", "requirements/dev.txt"}
    needed |= {"examples/stacks/Pulumi.prod.yaml", ".github/workflows/check.yml", "docs/conf.py"}
    assert needed - names == set()
    assert [name for name in names if name.startswith((".venv", "dist/", "docs/_build")) or "__pycache__" in name] == []


def test_tested_stack_example_with_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    """The example of a tested stack passes in its own folder, with the wheel and nothing else of this repository."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    packages = next(environment.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as contents:
        contents.extractall(packages)  # noqa: S202  # it was built right here
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
