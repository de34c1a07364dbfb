"""The page on the fault matrix shows the results that the tests of the matrix are held to."""

import json
import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_page_shows_the_results() -> None:
    """The page is the one that is made of today's results; `make docs-generated` writes it."""
    generator = runpy.run_path(str(DOCS / "fault_matrix.py"))
    results = json.loads(generator["RESULTS"].read_text(encoding="utf-8"))

    assert generator["PAGE"].read_text(encoding="utf-8") == generator["generate"](results)
