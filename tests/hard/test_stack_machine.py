"""Random lives of stacks, through the SDK's host and a model of the engine, at the emulated service."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from choices import PLACES, VALUES
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from kind_samples import KINDS
from model_world import ModelWorld, open_model_world
from stack_machine import StackMachine


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelWorld]:
    """The model of the engine."""
    with open_model_world(tmp_path_factory.mktemp("machine")) as opened:
        yield opened


def test_every_kind_takes_part() -> None:
    """Each kind has values for each of its arguments, and a place at the service."""
    assert {key: set(values) for key, values in VALUES.items()} == {
        key: set(kind.facts()) for key, kind in KINDS.items()
    }
    assert PLACES.keys() == KINDS.keys()


def test_stack_keeps_its_promises_whatever_happens(world: ModelWorld) -> None:
    """Nothing is lost, doubled or shown that must not be, and each stack ends up as its program says."""
    machine: Any = partial(StackMachine, world)
    every = settings(stateful_step_count=20, suppress_health_check=list(HealthCheck))
    # A plain run of the tests tries the same few lives each time.
    few = settings(every, max_examples=15, stateful_step_count=12, derandomize=True, database=None)
    run_state_machine_as_test(machine, settings=every if settings.get_current_profile_name() == "hard" else few)
