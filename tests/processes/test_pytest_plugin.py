"""The pytest plugin when the package is installed without its extra `testing`."""

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_EXTRA = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"starlette", "uvicorn"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""


@pytest.fixture
def without_extra(tmp_path: Path) -> Path:
    """A folder for tests in whose runs starlette and uvicorn cannot be imported."""
    (tmp_path / "conftest.py").write_text(WITHOUT_EXTRA)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def run_pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("fixture", ["spectrum", "spectrum_stack", "spectrum_mocks"])
def test_each_fixture_says_what_to_install(without_extra: Path, fixture: str) -> None:
    """A test that uses a fixture fails with one sentence, and not with the traceback of an import."""
    (without_extra / "test_it.py").write_text(f"def test_it({fixture}):\n    pass\n")
    run = run_pytest(without_extra)
    assert run.returncode == 1
    assert "pip install 'pulumi-spectrum[testing]'" in run.stdout
    assert "Traceback" not in run.stdout
    assert "pulumi_spectrum/" not in run.stdout


def test_other_tests_run_all_the_same(without_extra: Path) -> None:
    """The plugin alone needs nothing of the extra."""
    (without_extra / "test_it.py").write_text("def test_it():\n    import pulumi_spectrum\n")
    assert run_pytest(without_extra).returncode == 0


def test_the_module_says_what_to_install(without_extra: Path) -> None:
    """An import of `pulumi_spectrum.testing` in a conftest says the same."""
    (without_extra / "test_it.py").write_text("from pulumi_spectrum.testing import SpectrumStack\n")
    assert "pip install 'pulumi-spectrum[testing]'" in run_pytest(without_extra).stdout
