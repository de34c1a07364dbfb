"""The folder of examples: each can be copied, says what it shows, and is in the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(folder for folder in (ROOT / "examples").iterdir() if folder.is_dir() and folder.name[0].isalpha())


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_each_example_is_a_project_with_a_text(folder: Path) -> None:
    """An example has its own project file, program and README, and the index links to it."""
    assert [name for name in ("Pulumi.yaml", "__main__.py", "README.md") if not (folder / name).exists()] == []
    assert f"]({folder.name}/README.md)" in (ROOT / "examples/README.md").read_text()


def _pages() -> list[Path]:
    folders = [ROOT / "docs", ROOT / "examples", ROOT / "bench", ROOT / ".github"]
    pages = [*ROOT.glob("*.md"), *(page for folder in folders for page in folder.rglob("*.md"))]
    return sorted(page for page in pages if "_build" not in page.parts)


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_resolve(page: Path) -> None:
    """Every link of a page to a file of this repository names one that is there."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []
