"""Measures this package beside what people do today: `make bench`, or `make bench N=20` for a quick look.

For each number of users, with the API's rate limit on and off, each contender runs `up`, `preview`, a no-change `up`,
`refresh`, a drift check and `destroy` with the real engine. The floors are the bare engine, the same with the
properties of a user, and the bare paced client. What changes nothing runs several times where there is no limit, the
contenders in turn, and the median counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.measure import Measured, environment_of, measure, traffic_at
from bench.page import CONTENDERS, NOTHING_ASKED
from bench.page import main as write_page
from bench.plot import draw
from bench.weight import import_milliseconds
from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.emulator import Emulator

HERE = Path(__file__).parent
LIMITS = {"on": (True,), "off": (False,), "both": (True, False)}
OPERATIONS = {
    "up": ["up", "--yes", "--skip-preview"],
    "preview": ["preview"],
    "up, no change": ["up", "--yes", "--skip-preview"],
    "refresh": ["refresh", "--yes", "--skip-preview"],
    "drift check": ["refresh", "--preview-only", "--expect-no-changes"],
    "destroy": ["destroy", "--yes", "--skip-preview"],
}
API_LIMIT = 5
NO_LIMIT = 10_000
ENGINE_THREADS = 4
WIDTH = 170
REPEATABLE = ("preview", "up, no change", "refresh", "drift check")


def main() -> None:
    """Measure, print, and write results."""
    arguments = read_arguments()
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    rows: list[dict[str, Any]] = []
    plan = [(users, limited) for limited in LIMITS[arguments.limit] for users in arguments.N]
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("", total=len(plan))
        for users, limited in plan:
            progress.update(task, description=f"{users} users, {'5 requests/s' if limited else 'no limit'}")
            rows += run_contenders([each for each in arguments.only if each != "client"], users, limited=limited)
            if "client" in arguments.only:
                rows.append(run_client(users, limited=limited))
            progress.advance(task)
    for users, limited in plan:
        console.print(tabulate([row for row in rows if row["users"] == users and row["limited"] is limited]))
    imports = import_milliseconds()
    console.print(
        f"import pulumi: {imports['pulumi']:.0f} ms, and our resources: {imports['pulumi_spectrum']:.1f} ms more"
    )
    rows = keep(rows, imports, arguments.out / "results.json")
    draw(rows, arguments.out / "plot.svg")
    console.print(f"Written to {arguments.out}: results.json and plot.svg")
    if arguments.out == HERE:
        write_page()


def keep(rows: list[dict[str, Any]], imports: dict[str, float], path: Path) -> list[dict[str, Any]]:
    """Write rows to a file, in the place of those that they measured anew, and return all that is in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    run_of = itemgetter("contender", "users", "limited")
    measured = {run_of(row) for row in rows}
    before = json.loads(path.read_text())["rows"] if path.exists() else []
    rows = [row for row in before if run_of(row) not in measured] + rows
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    results = {"machine": machine, "import_milliseconds": imports, "rows": rows}
    path.write_text(json.dumps(results, indent=1) + "\n")
    return rows


def read_arguments() -> argparse.Namespace:
    """Read `N=20,200` and `--out`."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("N", nargs="?", default="N=5,20,200,1000", help="numbers of users, such as N=20,200")
    parser.add_argument("--limit", choices=LIMITS, default="both", help="the API's rate limit on, off, or both in turn")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=CONTENDERS, help="some contenders alone")
    parser.add_argument("--out", type=Path, default=HERE, help="where results are written")
    arguments = parser.parse_args()
    arguments.N = [int(number) for number in arguments.N.removeprefix("N=").split(",")]
    return arguments


def run_contenders(contenders: Collection[str], users: int, *, limited: bool) -> list[dict[str, Any]]:
    """Run all operations of each contender in a stack of its own.

    What is repeated takes turns, so that all contenders meet the machine as it is at one time.
    """
    rows = []
    with ExitStack() as opened:
        stacks = {each: opened.enter_context(open_stack(each, users, limited=limited)) for each in contenders}
        for operation, words in OPERATIONS.items():
            rounds = rounds_of(users) if operation in REPEATABLE and not limited else 1
            runs: dict[str, list[Measured]] = {each: [] for each in stacks}
            for _ in range(rounds):
                for contender, stack in stacks.items():
                    runs[contender].append(stack.run(words))
            for contender, stack in stacks.items():
                measured = sorted(runs[contender], key=lambda run: run.seconds)[rounds // 2]
                row = {"contender": contender, "users": users, "limited": limited, "operation": operation}
                row |= asdict(measured)
                row["missing"] = 0 if contender in NOTHING_ASKED else missing_after(operation, users, stack.service)
                row["state_bytes"] = state_bytes(stack.backend, users) if operation == "up" else None
                rows.append(row)
    return rows


def rounds_of(users: int) -> int:
    """Return how often to run what changes nothing. Short runs differ more from one to the next."""
    return 15 if users <= 20 else 9 if users <= 200 else 5


@dataclass
class Stack:
    """The stack of one contender, and the service that it is measured against."""

    folder: Path
    backend: Path
    service: Emulator
    users: int

    def run(self, words: Sequence[str]) -> Measured:
        """Measure one command of the CLI."""
        environment = environment_of(self.service, self.backend, self.users)
        return measure(["pulumi", *words, "--non-interactive"], self.folder, environment, self.service)


@contextmanager
def open_stack(contender: str, users: int, *, limited: bool) -> Iterator[Stack]:
    """Make an empty stack of a contender, with a service of its own."""
    limit = API_LIMIT if limited else None
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary, Emulator(requests_per_second=limit) as service:
        folder = Path(shutil.copytree(HERE / "programs" / contender, Path(temporary) / contender))
        stack = Stack(folder, Path(temporary) / "backend", service, users)
        stack.backend.mkdir()
        stack.run(["stack", "init", "bench"])
        if not limited:
            stack.run(["config", "set", "spectrum:requestsPerSecond", str(NO_LIMIT)])
        yield stack


def missing_after(operation: str, users: int, service: Emulator) -> int:
    """Return how many users the service does not hold as it should after an operation."""
    return len(service.project.users) if operation == "destroy" else users - len(service.project.users)


def state_bytes(backend: Path, users: int) -> int:
    """Return the bytes of state per user."""
    state = next(path for path in backend.rglob("bench.json") if "stacks" in path.parts)
    return state.stat().st_size // users


def run_client(users: int, *, limited: bool) -> dict[str, Any]:
    """Create the users with the bare paced client, from as many threads as the engine's host has: the API's floor."""
    with Emulator(requests_per_second=API_LIMIT if limited else None) as service:
        settings = ClientSettings(
            service.project_id, service.project_secret, service.url, API_LIMIT if limited else NO_LIMIT
        )
        client = SpectrumClient(settings)
        started, cpu = time.perf_counter(), time.thread_time()
        with ThreadPoolExecutor(ENGINE_THREADS) as threads:
            phones = [f"+1415{5000000 + number}" for number in range(users)]
            list(threads.map(lambda phone: client.users.upsert("shared", phone, firstName="x"), phones))
        measured = Measured(
            seconds=time.perf_counter() - started, cpu_seconds=time.thread_time() - cpu, **traffic_at(service)
        )
        row = {"contender": "client", "users": users, "limited": limited, "operation": "up", **asdict(measured)}
        return {**row, "missing": missing_after("up", users, service), "state_bytes": None}


def tabulate(rows: list[dict[str, Any]]) -> Table:
    """Lay out the rows of one number of users."""
    limit = "5 requests/s" if rows[0]["limited"] else "no limit"
    table = Table(title=f"{rows[0]['users']} users, {limit}", title_justify="left")
    headings = ("operation", "contender", "seconds", "cpu s", "cpu program", "cpu host", "requests")
    for heading in (*headings, "connections", "peak/s", "429s", "missing", "failed", "host MB", "state B/user"):
        table.add_column(heading, justify="left" if heading in headings[:2] else "right", no_wrap=True)
    for operation in OPERATIONS:
        for row in rows:
            if row["operation"] == operation:
                table.add_row(
                    operation,
                    row["contender"],
                    f"{row['seconds']:.1f}",
                    f"{row['cpu_seconds']:.1f}",
                    f"{row['program_cpu_seconds']:.1f}",
                    f"{row['host_cpu_seconds']:.1f}",
                    *(str(row[key]) for key in ("requests", "connections", "peak", "refused", "missing")),
                    "yes" if row["failed"] else "",
                    f"{row['host_megabytes']:.0f}",
                    str(row["state_bytes"] or ""),
                )
        table.add_section()
    return table


if __name__ == "__main__":
    main()
