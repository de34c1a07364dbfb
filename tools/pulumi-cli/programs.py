"""The programs that the language host runs, and how they end with it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path


class Program:
    """A program that leads a process group of its own, so that it ends together with all that it started.

    Args:
        command: The program and its arguments.
        environment: Its whole environment.
        folder: Where it starts; None for here.
        output: Where its standard output and error go, as `subprocess` takes it; None for where this process writes.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path | None = None,
        output: int | None = None,
    ) -> None:
        errors = None if output is None else subprocess.STDOUT
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            process_group=0,
        )
        # When this process is killed outright it can end nothing itself. Then the pipe closes, and the shell does it.
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", 'read -r _; kill -s KILL -- "-$1"', "sh", str(self._process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._lock = threading.Lock()
        self._over = False
        self.was_ended = False
        self.output = self._process.stdout

    def wait(self) -> int:
        """Wait for the program's own end, end what it has left running, and return its exit code."""
        code = self._process.wait()
        with self._lock:
            self._over = True
            self._kill_group()
        self._guard.kill()
        self._guard.communicate()
        return code

    def end(self) -> None:
        """End the program and all that it started, at once. Does nothing when it is over."""
        with self._lock:
            if not self._over:
                self.was_ended = True
                self._kill_group()

    def _kill_group(self) -> None:
        # PermissionError: what macOS answers for a group in which only a zombie is left.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


class Programs:
    """All programs that run now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: list[Program] = []

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path | None = None,
        output: int | None = None,
    ) -> Program:
        """Start a program as described at `Program`."""
        with self._lock:
            program = Program(command, environment, folder, output)
            self._all.append(program)
            return program

    def end_all(self) -> None:
        """End every program that still runs."""
        with self._lock:
            for program in self._all:
                program.end()
