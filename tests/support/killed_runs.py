"""Runs of the real CLI that are killed, the provider's process too, as when a CI job is cancelled."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

RECORD_PROCESS = """
import os, sys
with open(os.path.join({folder!r}, str(os.getpid())), "w") as file:
    file.write(" ".join(sys.orig_argv))
"""
"""Runs first in each Python process of a run: leaves a file with its number and its arguments."""

PROVIDER = "pulumi.dynamic"
"""Stands in the arguments of the provider's process, and of no other."""

PATIENCE_SECONDS = 60.0


class KillableRuns:
    """Runs commands of a project folder that can be killed.

    Args:
        folder: A project folder of the tests (`ProjectFolder`).
        processes: A folder for the records of processes.
    """

    def __init__(self, folder: Any, processes: Path) -> None:
        self._folder = folder
        self._processes = processes
        self._running: subprocess.Popen[bytes] | None = None
        self.output = processes / "output"
        inside = processes / "inside"
        inside.mkdir(parents=True)
        (inside / "sitecustomize.py").write_text(RECORD_PROCESS.format(folder=str(processes)))
        self._environment = {**folder.environment, "PYTHONPATH": str(inside)}

    def start(self, *command: str) -> None:
        """Start a command, with its output in a file."""
        with self.output.open("ab") as output:
            self._running = subprocess.Popen(
                command,
                cwd=self._folder.path,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until(self, reached: Callable[[], bool]) -> None:
        """Wait until something is so, while the command runs."""
        assert self._running is not None
        ends = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert self._running.poll() is None, f"the run ended early:\n{self.output.read_text()}"
            assert time.monotonic() < ends, f"the run did not come so far:\n{self.output.read_text()}"
            time.sleep(0.005)

    def kill(self, victim: str) -> None:
        """Kill the CLI, the provider's process, or `both`, and wait for the end of the CLI."""
        assert self._running is not None
        if victim in ("provider", "both"):
            for process in self._find(PROVIDER):
                _kill(process)
        if victim in ("cli", "both"):
            _kill(self._running.pid)
        self._running.wait(PATIENCE_SECONDS)

    def interrupt(self, times: int) -> None:
        """Interrupt the CLI and all its processes, as a person at a terminal does, and wait for its end."""
        assert self._running is not None
        for _ in range(times):
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGINT)
            time.sleep(0.1)
        self._running.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        """Kill every process that a run has left."""
        if self._running is not None and self._running.poll() is None:
            _kill(self._running.pid)
            self._running.wait(PATIENCE_SECONDS)
        for process in self._find(""):
            _kill(process)

    def _find(self, words: str) -> list[int]:
        records = [record for record in self._processes.iterdir() if record.name.isdigit()]
        return [int(record.name) for record in records if words in record.read_text()]


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
