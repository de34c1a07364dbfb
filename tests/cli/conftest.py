"""Fixtures of the tests of commands."""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def fast_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands send as fast as they can: the emulator of these tests has no rate limit."""
    monkeypatch.setenv("SPECTRUM_REQUESTS_PER_SECOND", "1000")


@pytest.fixture(autouse=True)
def no_pulumi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the Pulumi CLI off PATH: what a command asks it is answered by a stand-in where a test is about that."""
    folders = os.environ["PATH"].split(os.pathsep)
    without = [folder for folder in folders if not (Path(folder) / "pulumi").exists()]
    monkeypatch.setenv("PATH", os.pathsep.join(without))
