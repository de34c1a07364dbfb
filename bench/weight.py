"""Measures what `import pulumi_spectrum`, with all its resources, adds to `import pulumi`."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

PROCESSES = 21
PROGRAM = """
import json, time
started = time.perf_counter()
import pulumi
pulumi_loaded = time.perf_counter()
from pulumi_spectrum import Line, Platform, Provider, User, Webhook
package_loaded = time.perf_counter()
print(json.dumps([pulumi_loaded - started, package_loaded - pulumi_loaded]))
"""


def import_milliseconds() -> dict[str, float]:
    """Return the median milliseconds of both imports, each process importing one after the other."""
    runs = [
        json.loads(subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True).stdout)
        for _ in range(PROCESSES)
    ]
    pulumi, package = zip(*runs, strict=True)
    return {"pulumi": statistics.median(pulumi) * 1000, "pulumi_spectrum": statistics.median(package) * 1000}
