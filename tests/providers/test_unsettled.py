"""Arguments that the service has not taken, in a diff of a program that stays as it is."""

from __future__ import annotations

from typing import Any

import pytest
from engine_calls import calls_for
from google.protobuf import json_format, struct_pb2

from pulumi_spectrum.providers.base import SpectrumProvider

OLDS = {"name": "A", "sizeLimit": 3.0, "__spectrum": {"format": 1, "managed": ["name", "sizeLimit"]}}
NEWS = {"name": "A", "sizeLimit": 5.0, "__provider": "p"}


def diff(provider: SpectrumProvider, old_inputs: dict[str, Any], *ignored: str) -> Any:
    old = json_format.ParseDict(old_inputs, struct_pb2.Struct())
    calls = calls_for("urn:pulumi:dev::app::Thing::thing", provider)
    return calls.diff("thing-1", OLDS, NEWS, old_inputs=old, ignoreChanges=ignored)


def test_value_that_was_not_taken_is_a_change(provider: SpectrumProvider, logged: list[tuple[str, bool]]) -> None:
    """Where the state's inputs are the program's, and its outputs are not, the diff says so, and how that ends."""
    assert diff(provider, NEWS).changes is True
    [(warning, stays)] = logged
    assert warning.startswith("This thing does not have size_limit as given")
    assert warning.endswith("give the value that the service keeps, or leave the argument out.")
    assert stays


@pytest.mark.parametrize(
    ("old_inputs", "ignored"), [({**NEWS, "sizeLimit": 4.0}, ()), (NEWS, ("sizeLimit",)), ({}, ())]
)
def test_the_engine_compares_everything_else(
    old_inputs: dict[str, Any], ignored: tuple[str, ...], provider: SpectrumProvider, logged: list[tuple[str, bool]]
) -> None:
    """What the program changes or ignores is the engine's to compare, as is all where it sends no inputs."""
    assert diff(provider, old_inputs, *ignored).changes is None
    assert logged == []
