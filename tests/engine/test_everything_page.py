"""The page of the docs that shows the commands on a project with an object of every kind."""

from __future__ import annotations

import runpy
from pathlib import Path

from pulumi_spectrum.kinds import load_kinds

DOCS = Path(__file__).parents[2] / "docs"


def test_page_is_what_the_commands_say_today() -> None:
    """The commands take over, compare and repair a project that has every kind, and answer as the page shows."""
    page = runpy.run_path(str(DOCS / "all_kinds.py"))["generate"]()

    assert page == (DOCS / "guides/everything.md").read_text(), "the page is stale: run make docs-generated"
    assert [kind.noun for kind in load_kinds() if f"  {kind.noun}  " not in page] == []
