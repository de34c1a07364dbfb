"""What tests of `pulumi-spectrum drift` read in states and reports."""

import json
from collections.abc import Callable
from typing import Any

from click.testing import Result

DRIFT = Callable[..., Result]
"""Runs `drift` on states."""


def entry(state: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a resource of a state by its name."""
    return next(each for each in state["deployment"]["resources"] if each["name"] == name)


def found(result: Result) -> dict[str, Any]:
    """Return the changed, missing and unmanaged objects of a JSON report."""
    report = json.loads(result.stdout)
    return {
        "changed": {each["urn"].rsplit("::")[-1]: each["properties"] for each in report["changed"]},
        "missing": [each["urn"].rsplit("::")[-1] for each in report["missing"]],
        "unmanaged": [each["object"] for each in report["unmanaged"]],
    }
