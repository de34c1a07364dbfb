"""The parts of the site that are made from the code are those of today, and its pictures are small and load nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = [*sorted(path for path in (ROOT / "docs/images").rglob("*.*g") if path.is_file()), ROOT / "bench/plot.svg"]


@pytest.mark.parametrize("name", ["commands", "emulator", "faults", "messages", "resources", "pictures"])
def test_generated_files_are_current(name: str) -> None:
    """What is generated equals what stands in the repository; `make docs-generated` writes it."""
    # In a process of its own: click keeps the help option that the first caller of a command has used.
    check = subprocess.run(
        [sys.executable, "docs/generate", "--check", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert (check.returncode, check.stderr) == (0, "")


def test_pictures_are_small() -> None:
    """All pictures together, which every clone and package carries, have less than 500 kB."""
    assert len(PICTURES) > 10
    assert sum(path.stat().st_size for path in PICTURES) < 500_000


@pytest.mark.parametrize("picture", [each for each in PICTURES if each.suffix == ".svg"], ids=lambda path: path.name)
def test_pictures_load_nothing(picture: Path) -> None:
    """A picture names no font, image or style on another host."""
    text = picture.read_text(encoding="utf-8")
    # What is left is the names of XML namespaces and of a licence, which nothing loads.
    assert re.findall(r"""(?:url\(\s*['"]?|href="|src=['"]?|@import\s+['"])(?:https?:)?//""", text) == []


def test_every_recorded_run_has_a_picture() -> None:
    """For each recorded run there is a picture, and for each picture the run that it was drawn from."""
    folder = ROOT / "docs/images/runs"
    assert {path.stem for path in folder.glob("*.svg")} == {path.stem for path in folder.glob("*.ansi")}
