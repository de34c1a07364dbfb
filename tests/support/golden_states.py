"""What earlier releases have recorded: the folders that `tests/golden/make.py` has written, one for each release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden"
RELEASES = sorted(path.parent.name for path in GOLDEN.glob("*/providers.json"))
"""The releases that have a set."""
STATES = sorted(str(path.parent.relative_to(GOLDEN)) for path in GOLDEN.glob("*/*/state.json"))
"""The folders with a state, each with its program and what the service held."""


def read_golden(*path: str) -> Any:
    """Return the content of a JSON file below the goldens."""
    return json.loads(GOLDEN.joinpath(*path).read_text(encoding="utf-8"))
