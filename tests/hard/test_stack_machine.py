"""Random lives of stacks, through the SDK's host and a model of the engine, at the emulated service."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from choices import PLACES, VALUES
from engine_calls import serve_engine
from fake_time import FakeTime
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from kind_samples import KINDS
from stack_life import World
from stack_machine import StackMachine

from pulumi_spectrum.emulator import Clock, Emulator


class FakeClock(Clock):
    """The service's clock, which a fake time moves."""

    def __init__(self, time: FakeTime) -> None:
        self._time = time

    def monotonic(self) -> float:
        return self._time.now

    def now(self) -> datetime:
        moment = datetime.fromtimestamp(self._time.now, UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service in a time of its own, an engine that collects log lines, and a CLI that prints states of the model."""
    folder = tmp_path_factory.mktemp("machine")
    command = folder / "bin" / "pulumi"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec cat {folder}/"${{4##*/}}".json\n')
    command.chmod(0o755)
    time = FakeTime(datetime.now(UTC).timestamp(), tick=0.0005)
    with (
        Emulator(requests_per_second=None, clock=FakeClock(time)) as emulator,
        serve_engine() as (log, address),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "argv", ["host", address])
        patch.setenv("PATH", str(command.parent), prepend=":")
        yield World(emulator, time, log, folder)


def test_every_kind_takes_part() -> None:
    """Each kind has values for each of its arguments, and a place at the service."""
    assert {key: set(values) for key, values in VALUES.items()} == {
        key: set(kind.facts()) for key, kind in KINDS.items()
    }
    assert PLACES.keys() == KINDS.keys()


def test_stack_keeps_its_promises_whatever_happens(world: World) -> None:
    """Nothing is lost, doubled or shown that must not be, and each stack ends up as its program says."""
    machine: Any = partial(StackMachine, world)
    every = settings(stateful_step_count=20, suppress_health_check=list(HealthCheck))
    # A plain run of the tests tries the same few lives each time.
    few = settings(every, max_examples=15, stateful_step_count=12, derandomize=True, database=None)
    run_state_machine_as_test(machine, settings=every if settings.get_current_profile_name() == "hard" else few)
