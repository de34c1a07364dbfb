"""Runs one command of the CLI and measures it: time, processor, requests, memory of the provider's host."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pulumi_spectrum.emulator import Emulator


@dataclass
class Measured:
    """What one command cost.

    Args:
        seconds: Wall time.
        cpu_seconds: Processor time of the CLI and all its children.
        requests: Requests that reached the service.
        connections: Connections that they came in on.
        peak: The most requests in any one second.
        refused: How many were answered 429.
        failed: Whether the command failed.
        host_megabytes: The most memory that a provider's host held.
    """

    seconds: float
    cpu_seconds: float
    requests: int
    connections: int
    peak: int
    refused: int
    failed: bool
    host_megabytes: float


def measure(command: list[str], folder: Path, environment: Mapping[str, str], service: Emulator) -> Measured:
    """Run a command to its end, however it ends."""
    service.requests.clear()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = _HostMemory()
    started = time.perf_counter()
    with memory:
        run = subprocess.run(command, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    requests = list(service.requests)
    return Measured(
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        requests=len(requests),
        connections=len({request.connection for request in requests}),
        peak=service.requests.peak_in_one_second() if requests else 0,
        refused=sum(request.status == 429 for request in requests),
        failed=run.returncode != 0,
        host_megabytes=memory.megabytes,
    )


class _HostMemory:
    """Watches the peak memory of provider hosts, where the system tells it (Linux)."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._watcher.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(0.25):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if b"pulumi.dynamic" not in (process / "cmdline").read_bytes():
                        continue
                    status = (process / "status").read_text()
                except OSError:
                    continue
                peak = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
                self.megabytes = max(self.megabytes, int(peak.split()[1]) / 1024)


def environment_of(service: Emulator, backend: Path, users: int) -> dict[str, str]:
    """Return the environment of every command: the service, a backend of its own, and the number of users."""
    return {
        **os.environ,
        **service.environment,
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "BENCH_USERS": str(users),
    }
