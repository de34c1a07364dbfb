"""The walk-through of CONTRIBUTING.md, done as it is written: a resource is added to a copy of this repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = "## The steps on an example\n"
BLOCK = re.compile(r"`([\w./-]+)`[^`]*:\n\n(?P<fence>```+)(\w+)\n(.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE)
"""The file that a block belongs to, the block's fence and language, and its text."""
MADE_HERE = shutil.ignore_patterns(
    ".git", ".venv*", ".hypothesis", ".*_cache", "__pycache__", "_build", "build", "dist", "node_modules"
)
OF_EACH_KIND = "slack-installation or SlackInstallation or slack_installation"
"""What the tests that are run once for each kind have in their names where they are run for the new one."""
OF_ALL_KINDS = "test_kind_samples or test_generic_code or test_public_surface or test_documented"
"""The modules of tests that look at all kinds at once."""


TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(SECTION)[2]
BLOCKS = [(path, language, block) for path, _, language, block in BLOCK.findall(TEXT)]
"""The file, the language and the text of each block of the walk-through."""
NEW_FILES = [path for path, language, _ in BLOCKS if language == "python"]


def do(folder: Path, path: str, language: str, block: str) -> None:
    """Make the file of a block, or change the file that is there as the block says."""
    file = folder / path
    if language != "diff":
        assert not file.exists(), f"{path} is there already"
        file.write_text(block, encoding="utf-8")
        return
    for hunk in block.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before, after = ("".join(line[1:] for line in lines if line[0] in signs) for signs in (" -", " +"))
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{path} has {text.count(before)} times:\n{before}"
        file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of this repository to which the resource of the walk-through was added."""
    made = shutil.copytree(ROOT, tmp_path_factory.mktemp("walkthrough") / "copy", ignore=MADE_HERE)
    for block in BLOCKS:
        do(made, *block)
    return made


@pytest.fixture
def run(copy: Path) -> Callable[..., str]:
    """Return a function that runs a Python program in the copy, insists on its success, and returns what it prints."""

    def run_python(*arguments: str) -> str:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COVERAGE"))}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=copy,
            env={**inherited, "PYTHONPATH": str(copy)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run_python


def test_each_block_belongs_to_a_file() -> None:
    """No block of the walk-through is left out: each stands below the name of its file."""
    assert len(BLOCKS) > 10
    assert "```" not in BLOCK.sub("", TEXT)


def test_new_files_pass_the_linters(run: Callable[..., str]) -> None:
    """The new resource has the style, the types and the layers that a change has to have."""
    run("-m", "ruff", "check")
    run("-m", "ruff", "format", "--check")
    run("-m", "mypy", *NEW_FILES)
    run(str(Path(sys.executable).with_name("lint-imports")))


def test_pages_are_made(run: Callable[..., str]) -> None:
    """The new page gets its tables, and the other generated pages stay as they are."""
    run("docs/generate", "resources")
    run("docs/generate", "--check", "commands", "messages", "resources")


def test_new_resource_passes_the_tests_of_all_kinds(run: Callable[..., str]) -> None:
    """Each test that is run for every kind passes for the new one, and so does its own test on the emulator."""
    # The picture on the new page is drawn from a real run, which takes a minute.
    chosen = f"({OF_EACH_KIND} or {OF_ALL_KINDS}) and not test_links_to_files_resolve and not every_relative_link"
    folders = [f"tests/{name}" for name in ("cli", "docs", "providers", "resources", "spelling")]
    modules = [str(path.relative_to(ROOT)) for path in ROOT.glob("tests/test_*.py")]
    printed = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, *folders, *modules)
    passed = re.search(r"^(\d+) passed", printed, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) > 100
