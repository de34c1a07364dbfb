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

UP = ("pulumi", "up", "--yes", "--non-interactive", "--skip-preview")

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
        folder: A project folder of the tests (`ProjectFolder`), whose commands are given a private folder of their own
            for what processes share.
        processes: A folder for the records of processes.
    """

    def __init__(self, folder: Any, processes: Path) -> None:
        self.folder = folder
        self.move_to_machine("first")
        self._processes = processes
        self._running: subprocess.Popen[bytes] | None = None
        self.output = processes / "output"
        inside = processes / "inside"
        inside.mkdir(parents=True)
        (inside / "sitecustomize.py").write_text(RECORD_PROCESS.format(folder=str(processes)))
        self._inside = str(inside)

    @property
    def temporary(self) -> Path:
        """The folder in which the processes of the machine find what they share."""
        return Path(self.folder.environment["TMPDIR"])

    def move_to_machine(self, name: str) -> None:
        """Run the commands to come on another machine, which knows of the runs before only what the state has."""
        temporary = self.folder.path.with_name(f"temporary-{name}")
        temporary.mkdir()
        self.folder.environment["TMPDIR"] = str(temporary)

    def write(self, program: str) -> None:
        """Write the program of the project."""
        (self.folder.path / "__main__.py").write_text(program)

    def start(self, *command: str) -> None:
        """Start a command, with its output in a file."""
        with self.output.open("ab") as output:
            self._running = subprocess.Popen(
                command,
                cwd=self.folder.path,
                env={**self.folder.environment, "PYTHONPATH": self._inside},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until(self, reached: Callable[[], bool]) -> None:
        """Wait until something is so, and fail if the command ends before."""
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

    def unlock(self) -> None:
        """Take away what a killed CLI has left of its backend's files: its lock, and the file that it was writing."""
        backend = self.folder.path.with_name(f"{self.folder.path.name}-backend")
        for attributes in backend.rglob("*.attrs"):
            if not attributes.read_text():
                # The CLI cannot read the state before this file is gone.
                attributes.unlink()
        if list(backend.rglob("locks/**/*.json")):
            self.folder.run("pulumi", "cancel", "--yes", "--non-interactive")

    def converge(self, *options: str) -> str:
        """Run `up` as a person does after a killed run, assert that the next preview is empty, and return the output.

        Args:
            options: Options of `up`.
        """
        self.unlock()
        run = self.folder.run(*UP, *options)
        self.folder.run("pulumi", "preview", "--refresh", "--expect-no-changes", "--non-interactive")
        return " ".join((run.stdout + run.stderr).split())

    def end(self) -> None:
        """Kill every process that a run has left."""
        if self._running is not None and self._running.poll() is None:
            _kill(self._running.pid)
            self._running.wait(PATIENCE_SECONDS)
        for process in self._find(""):
            _kill(process)

    def _find(self, words: str) -> list[int]:
        """Return the processes of the run that have these words in their arguments, and are still there."""
        records = [record for record in self._processes.iterdir() if record.name.isdigit()]
        return [
            int(record.name) for record in records if words in record.read_text() and self._is_own(int(record.name))
        ]

    def _is_own(self, process: int) -> bool:
        """Return whether the process is of the run, and no later one that was given the same number."""
        with suppress(ProcessLookupError):
            return self._running is not None and os.getsid(process) == self._running.pid
        return False


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
