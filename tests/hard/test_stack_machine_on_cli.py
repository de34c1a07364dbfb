"""Random lives of stacks on the real Pulumi CLI, at the emulated service."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from choices import VALUES
from cli_world import CliWorld
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test
from request_faults import faults
from stack_machine import StackMachine, numbers

from pulumi_spectrum.emulator import Emulator, Fault


class StackMachineOnCli(StackMachine):
    """A life that begins with resources, since there is time for a few steps only."""

    @initialize(
        kinds=st.permutations(sorted(VALUES)),
        picks=st.lists(numbers, min_size=8, max_size=8),
        left_out=st.sets(st.integers(0, 7)),
        injected=faults,
        serial=st.booleans(),
    )
    def create(
        self, *, kinds: list[str], picks: list[int], left_out: set[int], injected: list[Fault], serial: bool
    ) -> None:
        """Declare resources of several kinds, and run `pulumi up`."""
        for kind in kinds[:5]:
            self.declare(kind, picks, left_out)
        self.up(injected, refresh=False, serial=serial)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CliWorld]:
    """The real CLI."""
    assert shutil.which("pulumi"), "this needs the Pulumi CLI on PATH"
    with Emulator(requests_per_second=None) as emulator:
        yield CliWorld(emulator, tmp_path)


def test_stack_keeps_its_promises_on_the_real_cli(world: CliWorld) -> None:
    """Nothing is lost, doubled or shown that must not be, and each stack ends up as its program says."""
    machine: Any = partial(StackMachineOnCli, world)
    # Shrinking would take hours here. The steps of each life are printed instead, and shown where one fails.
    every = settings(
        max_examples=30,
        stateful_step_count=6,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        verbosity=Verbosity.debug,
        suppress_health_check=list(HealthCheck),
    )
    # A plain run of the tests tries the same two lives each time.
    few = settings(every, max_examples=2, derandomize=True, database=None)
    run_state_machine_as_test(machine, settings=every if settings.get_current_profile_name() == "hard" else few)
