"""Two stacks with two processes each create in one project at once, and the service enforces its limit.

`CONCURRENT_OBJECTS` says how many objects of each kind each process creates.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kind_samples import SAMPLES

from pulumi_spectrum.emulator import Emulator

OBJECTS = int(os.environ.get("CONCURRENT_OBJECTS", "1"))
KEYS = ("user", "webhook", "line")
PROCESSES = [("one", "first"), ("one", "second"), ("two", "first"), ("two", "second")]
SUPPORT = Path(__file__).parents[1] / "support"

CREATE = """
import json, sys
from concurrent.futures import ThreadPoolExecutor

from engine_calls import call_for
from part_fixtures import configuration

from pulumi_spectrum.providers import load

stack, name, wanted = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
providers = {key: load(key) for key, _ in wanted}
for provider in providers.values():
    provider.configure(configuration())


def create(number):
    key, inputs = wanted[number]
    urn = f"urn:pulumi:{stack}::app::pulumi-python:dynamic/spectrum:{key}::{name}-{number}"
    made = call_for(urn, providers[key].create, inputs)
    return key, made.id, made.outs.get("signingSecret")


with ThreadPoolExecutor(4) as threads:
    print(json.dumps(list(threads.map(create, range(len(wanted))))))
"""
"""Creates objects in four threads, as a dynamic host does."""


def start(emulator: Emulator, folder: Path, number: int) -> subprocess.Popen[str]:
    """Start one of the processes, which share what processes of one user share."""
    wanted = [(key, SAMPLES[key].fresh(number * OBJECTS + each)) for each in range(OBJECTS) for key in KEYS]
    environment = {**os.environ, **emulator.environment, "TMPDIR": str(folder), "PYTHONPATH": str(SUPPORT)}
    command = [sys.executable, "-c", CREATE, *PROCESSES[number], json.dumps(wanted)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_processes_keep_to_the_limit_together(tmp_path: Path) -> None:
    """No request meets a 429, and each process holds its objects, of which the service has each once."""
    made: list[Any] = []
    with Emulator(requests_per_second=5) as emulator:
        running = [start(emulator, tmp_path, number) for number in range(len(PROCESSES))]
        for process in running:
            output, errors = process.communicate(timeout=300)
            assert process.returncode == 0, errors[-3000:]
            made += json.loads(output)
        project = emulator.project
        areas = {"user": project.users, "webhook": project.webhooks, "line": project.lines}

        assert {request.status for request in emulator.requests} == {200}
        for key, area in areas.items():
            assert sorted(object_id for kind, object_id, _ in made if kind == key) == sorted(area.ids)
            assert len(area.ids) == OBJECTS * len(PROCESSES)
        for _, webhook_id, secret in (each for each in made if each[0] == "webhook"):
            assert secret == project.webhooks.secrets(webhook_id)["signingSecret"]
