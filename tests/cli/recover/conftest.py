"""Fixtures that run `pulumi-spectrum recover` on the states of stacks, with a stand-in for the Pulumi CLI."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pending_states import PULUMI, Stack

from pulumi_spectrum.cli import main
from pulumi_spectrum.client.spectrum_client import _open_client
from pulumi_spectrum.emulator import Emulator


@pytest.fixture
def states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the states; PATH holds the stand-in for the CLI alone."""
    folder = tmp_path / "states"
    folder.mkdir()
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "pulumi"
    script.write_text(PULUMI.format(python=sys.executable, folder=str(folder)))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return folder


@pytest.fixture
def make_stack(states: Path) -> Callable[[str], Stack]:
    """Makes a stack."""
    return lambda name: Stack(states, name)


@pytest.fixture
def dev(make_stack: Callable[[str], Stack]) -> Stack:
    """The selected stack."""
    return make_stack("dev")


@pytest.fixture
def calls(states: Path) -> Callable[[], list[str]]:
    """Returns what the CLI was asked to do."""
    return lambda: (states / "calls").read_text().splitlines()


@pytest.fixture
def recover(spectrum: Emulator, tmp_path: Path) -> Callable[..., Result]:
    """Runs `recover`."""

    def run(*arguments: str) -> Result:
        _open_client.cache_clear()  # every run of the command is a process of its own
        return CliRunner().invoke(main, ["recover", str(tmp_path), *arguments])

    return run
