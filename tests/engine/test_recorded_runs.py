"""The runs of real commands that the site shows, as text and as pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pulumi_spectrum.kinds import load_kinds

ROOT = Path(__file__).parents[2]


def test_recorded_runs_are_what_the_commands_say_today() -> None:
    """The tour, and the commands on a project that has every kind, print what the site shows of them."""
    check = subprocess.run(
        [sys.executable, "docs/generate", "--check", "runs"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (check.returncode, check.stderr) == (0, "")

    page = (ROOT / "docs/guides/everything.md").read_text(encoding="utf-8")
    assert [kind.noun for kind in load_kinds() if f"  {kind.noun}  " not in page] == []
