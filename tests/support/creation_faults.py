"""What can happen once to a request of a creation, after which the object is made all the same."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_spectrum.emulator import Fault

OF_ANY_REQUEST: dict[str, dict[str, Any]] = {
    "not carried out": {"drop": "before"},
    "lost": {"drop": "after"},
    "failed after": {"status": 502, "after": True},
    "rate limited": {"status": 429},
}
OF_A_WRITE: dict[str, dict[str, Any]] = {**OF_ANY_REQUEST, "not JSON": {"garbage": True}}


def faults_of_a_creation(path: str, write: str) -> list[Any]:
    """Return a test parameter for each fault of the read before an object is set, and of the write that sets it.

    Args:
        path: The path of both requests; `*` stands for any text.
        write: The HTTP method of the write.
    """
    return [
        pytest.param(Fault(method=method, path=path, **fields), id=f"{method} {name}")
        for method, faults in (("GET", OF_ANY_REQUEST), (write, OF_A_WRITE))
        for name, fields in faults.items()
    ]
