"""Runs one command of the CLI and measures it: time, requests, and what the program and the provider's host cost."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pulumi_spectrum.emulator import Emulator

PROGRAM = b"pulumi-language-python-exec"
HOST = b"pulumi.dynamic"
SAMPLED_EVERY = 0.1  # seconds


@dataclass(kw_only=True)
class Measured:
    """What one operation cost.

    Args:
        seconds: Wall time.
        cpu_seconds: Processor time of the CLI and all its children.
        program_cpu_seconds: The part of it that the program took.
        host_cpu_seconds: The part of it that the provider's host took. The rest is the engine's.
        requests: Requests that reached the service.
        connections: Connections that they came in on.
        peak: The most requests in any one second.
        refused: How many were answered 429.
        failed: Whether the command failed.
        host_megabytes: The most memory that a provider's host held.
    """

    seconds: float
    cpu_seconds: float
    program_cpu_seconds: float = 0.0
    host_cpu_seconds: float = 0.0
    requests: int
    connections: int
    peak: int
    refused: int
    failed: bool = False
    host_megabytes: float = 0.0


def measure(command: list[str], folder: Path, environment: Mapping[str, str], service: Emulator) -> Measured:
    """Run a command to its end, however it ends."""
    service.requests.clear()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    with _Processes(environment["PULUMI_BACKEND_URL"]) as processes:
        run = subprocess.run(command, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        program_cpu_seconds=processes.cpu_seconds(PROGRAM),
        host_cpu_seconds=processes.cpu_seconds(HOST),
        failed=run.returncode != 0,
        host_megabytes=processes.megabytes(HOST),
        **traffic_at(service),
    )


def traffic_at(service: Emulator) -> dict[str, int]:
    """Return what the service was asked since its log was cleared, as fields of `Measured`."""
    log = service.requests
    return {
        "requests": len(log),
        "connections": log.count_connections(),
        "peak": log.peak_in_one_second(),
        "refused": sum(request.status == 429 for request in log),
    }


class _Processes:
    """Watches the Python processes of a command, where the system lists them (Linux).

    Args:
        backend: The address of the command's backend, which no other process has in its environment.
    """

    def __init__(self, backend: str) -> None:
        self._backend = backend.encode()
        self._cpu: dict[bytes, dict[str, float]] = {PROGRAM: {}, HOST: {}}
        self._megabytes: dict[bytes, float] = {}
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def cpu_seconds(self, role: bytes) -> float:
        """Return the processor time of all processes in a role, as last seen before they ended."""
        return sum(self._cpu[role].values())

    def megabytes(self, role: bytes) -> float:
        """Return the most memory that a process in a role held."""
        return self._megabytes.get(role, 0.0)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLED_EVERY):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    self._look_at(process)
                except OSError:
                    continue  # it has ended

    def _look_at(self, process: Path) -> None:
        command = (process / "cmdline").read_bytes().split(b"\0")
        role = next((role for role in (PROGRAM, HOST) if any(word.endswith(role) for word in command)), None)
        if role is None or self._backend not in (process / "environ").read_bytes():
            return
        # Behind the name, which is in brackets, come the state and 10 more; then user and system time.
        user, system = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        self._cpu[role][process.name] = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        lines = (process / "status").read_text().splitlines()
        peak = next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0")
        self._megabytes[role] = max(self._megabytes.get(role, 0.0), int(peak) / 1024)


def environment_of(service: Emulator, backend: Path, users: int) -> dict[str, str]:
    """Return the environment of every command: the service, and a backend and temporary files of its own.

    The files in which the processes of a machine see each other hold what every test and every run left there.
    """
    temporary = backend.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    return {
        **os.environ,
        **service.environment,
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "TMPDIR": str(temporary),
        "BENCH_USERS": str(users),
    }
