"""The world of the model: its engine, the SDK's own host in this process, and a time in which nothing really waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from engine_calls import RecordingEngine, serve_engine
from engine_model import Engine
from fake_time import FakeTime
from host_process import HostProcess, Surroundings
from kind_samples import KINDS
from stack_records import Entry
from stack_world import World

from pulumi_spectrum.emulator import Clock, Emulator
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.kinds import Live


class FakeClock(Clock):
    """The service's clock, which a fake time moves."""

    def __init__(self, time: FakeTime) -> None:
        self._time = time

    def monotonic(self) -> float:
        return self._time.now

    def now(self) -> datetime:
        moment = datetime.fromtimestamp(self._time.now, UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class ModelWorkplace:
    """Two stacks on the model of the engine.

    Args:
        around: The machine.
        states: Where the command that prints states finds them.
        log: Where the providers log.
    """

    def __init__(self, around: Surroundings, states: Path, log: RecordingEngine) -> None:
        self._around = around
        self._states = states
        self._log = log
        self.stack = Engine(self._start)
        self.other = Engine(self._start, "other")

    def _start(self) -> HostProcess:
        for engine in (self.stack, self.other):
            resources = [_exported(each) for each in engine.state]
            state = json.dumps({"deployment": {"resources": resources}})
            (self._states / f"{engine.stack}.json").write_text(state)
        return HostProcess(self._around)

    def read_all(self, kind: str) -> Sequence[Live]:
        process = HostProcess(self._around)
        try:
            return KINDS[kind].read_all(process.client())
        finally:
            process.close()

    def printed(self) -> str:
        return "\n".join(line for line, _ in self._log.lines)


class ModelWorld(World):
    """The model of the engine, and an emulator in the same time.

    Args:
        emulator: The service.
        folder: A folder for the files of the examples.
        time: The time.
        log: Where the providers log.
    """

    most_repeats = 8
    time: FakeTime

    def __init__(self, emulator: Emulator, folder: Path, time: FakeTime, log: RecordingEngine) -> None:
        super().__init__(emulator, folder, time)
        self._log = log

    def open_workplace(self, project: ProjectHandle, folder: Path) -> ModelWorkplace:
        self._log.forget()
        config = {
            "spectrum:projectId": project.id,
            "spectrum:projectSecret": project.secret,
            "spectrum:baseUrl": self.emulator.url,
            "spectrum:requestsPerSecond": "1000",
        }
        return ModelWorkplace(Surroundings(self.time, folder, config), self._folder, self._log)


@contextmanager
def open_model_world(folder: Path) -> Iterator[ModelWorld]:
    """Yield a service in a time of its own, an engine that collects log lines, and a CLI that prints modelled states.

    Args:
        folder: An empty folder.
    """
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
        yield ModelWorld(emulator, folder, time, log)


def _exported(entry: Entry) -> dict[str, Any]:
    """Return a resource as `pulumi stack export` prints it."""
    return {"urn": entry.urn, "id": entry.id, "outputs": entry.outputs, "delete": entry.delete}
