"""The code on the pages: Python type-checks as one writes it, and YAML and JSON can be read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *(each for each in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in each.parts),
    *sorted((ROOT / "examples").rglob("README.md")),
]
PRELUDE = "import pulumi\n\nimport pulumi_spectrum as spectrum\n\n"
"""What a fragment takes for granted. A block that imports the package is taken as it is."""


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield each block in a language, with the name of its page and its line."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{page.relative_to(ROOT)}:{line}", found[1]


def test_python_blocks_type_check(tmp_path: Path) -> None:
    """Every Python block of the pages has the names and the types that the package has."""
    blocks = list(_blocks("python"))
    assert len(blocks) > 20
    for name, block in blocks:
        file = tmp_path / f"{re.sub(r'[^a-z0-9]', '_', name.lower())}.py"
        file.write_text(block if "pulumi_spectrum" in block else PRELUDE + block, encoding="utf-8")

    # Packages of others that the pages name, such as Kubernetes', are not installed here.
    given = ["--config-file", "pyproject.toml", "--disable-error-code", "import-not-found", "--no-pretty"]
    files = map(str, sorted(tmp_path.glob("*.py")))
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *given, *files], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "Success" in checked.stdout, checked.stdout


@pytest.mark.parametrize(("language", "read"), [("yaml", yaml.safe_load), ("json", json.loads)])
def test_data_blocks_can_be_read(language: str, read: object) -> None:
    """Every YAML and JSON block holds what its language allows."""
    for name, block in _blocks(language):
        assert read(block) is not None, name
