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


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_each_example_is_a_page_of_the_site(folder: Path) -> None:
    """The site has a page for each example, with its text and its program, for guides to link to."""
    page = (ROOT / "docs" / "examples" / f"{folder.name}.md").read_text()
    for name in ("README.md", "__main__.py"):
        assert f" ../../examples/{folder.name}/{name}\n" in page


def test_guides_link_to_examples() -> None:
    """A page of the site names no example without a link to its page."""
    pages = [page for page in (ROOT / "docs").rglob("*.md") if not {"_build", "examples"} & {*page.parts}]
    assert [str(page) for page in pages if re.search(r"`examples/[\w-]+`", page.read_text())] == []


def test_what_is_shown_has_no_comment_for_linters() -> None:
    """What a page shows of the examples, and the pages themselves, have no comment that is meant for a linter."""
    shown = {page.resolve() for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts}
    for page in list(shown):
        for target in re.findall(r"\{literalinclude\} (\S+)", page.read_text()):
            shown.add((page.parent / target).resolve())
    assert [str(file) for file in shown if re.search(r"noqa|type: ignore", file.read_text())] == []


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


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_headings_resolve(page: Path) -> None:
    """Every link of a page to a heading of this repository names one that the other page has."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*\.md)?#([^)\s]+)\)", text):
        other = (page.parent / target if target else page).read_text()
        headings = re.findall(r"^#+ (.*)", re.sub(r"```.*?```", "", other, flags=re.DOTALL), re.MULTILINE)
        # As GitHub and the site make anchors of headings.
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
        assert anchor in anchors, f"{target}#{anchor}"
