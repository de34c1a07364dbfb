"""What the rate limit costs, and whether any of that time can be saved: python bench/pace.py (about eight minutes).

A server on loopback counts requests as the API does, sliding or by whole seconds, behind a network made of sleeps. Each
policy sends 60 requests, all wanted at once; 11 seconds is the least that the limit allows.
"""

import argparse
import itertools
import json
import multiprocessing
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from uuid import uuid4

import requests

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.counting_server import LIMIT, Network, serving
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.shared_slots import limiter_for
from pulumi_spectrum.client.slots import Limit, ProcessSlots

REQUESTS = 60


class FromSending(ProcessSlots):
    """What most limiters do: a request counts for one second from its sending."""

    def __init__(self) -> None:
        super().__init__(Limit.per_second(LIMIT), time.monotonic)
        self.sent: dict[int, float] = {}

    def claim(self) -> int | None:
        number = super().claim()
        if number is not None:
            self.sent[number] = time.monotonic()
        return number

    def answered(self, claim: int, at: float) -> None:
        super().answered(claim, at - self.margin(at - self.sent.pop(claim)))

    def margin(self, round_trip: float) -> float:
        return round_trip


class LearntMargin(FromSending):
    """Slots that are freed earlier, by a share of the shortest round trip that was seen."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share, self.shortest = share, 10.0

    def margin(self, round_trip: float) -> float:
        self.shortest = min(self.shortest, round_trip)
        return self.share * self.shortest


class GuardedMargin(FromSending):
    """The shortest round trip less the spread between the shortest and the longest, from the eleventh answer on."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.seen: list[float] = []

    def margin(self, round_trip: float) -> float:
        self.seen.append(round_trip)
        least = max(0.0, 2 * min(self.seen) - max(self.seen))
        return self.share * least if len(self.seen) > 2 * LIMIT else 0.0


POLICIES: dict[str, Callable[[], ProcessSlots]] = {
    "answer": lambda: ProcessSlots(Limit.per_second(LIMIT), time.monotonic),
    "shortest trip": lambda: LearntMargin(1.0),
    "half of it": lambda: LearntMargin(0.5),
    "shortest less spread": lambda: GuardedMargin(1.0),
    "half of that": lambda: GuardedMargin(0.5),
    "sending": FromSending,
}


def send(limiter: RateLimiter, url: str, count: int, threads: int, *, mark: bool = True) -> float:
    """Send `count` requests from `threads` threads; the seconds that it took."""
    left = iter(range(count))
    drawing = threading.Lock()
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=threads))

    def work() -> None:
        while True:
            with drawing:
                if next(left, None) is None:
                    return
            while True:
                with limiter.slot() as slot, session.get(url, stream=True, timeout=30) as answer:
                    if mark:
                        slot.answered()
                    answer.content  # noqa: B018
                    if answer.status_code == 200:
                        break
                    limiter.cool_down(1.0)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    session.close()
    return time.monotonic() - began


def measure(policy: str, network: Network, counting: str, threads: int, mark: bool = True) -> tuple[float, int]:
    """One run: its seconds and its 429s."""
    with serving(network, counting) as server:
        seconds = send(RateLimiter(slots=POLICIES[policy]()), server.url, REQUESTS, threads, mark=mark)
        return seconds, server.refused


def show(title: str, rows: dict[str, dict[str, list[tuple[float, int]]]]) -> None:
    """A table of median seconds and all 429s."""
    columns = list(next(iter(rows.values())))
    print(f"\n{title}\n\n| network | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name, cells in rows.items():
        runs = (cells[column] for column in columns)
        texts = (f"{statistics.median(s for s, _ in run):.1f} s / {sum(n for _, n in run)}" for run in runs)
        print(f"| {name} | {' | '.join(texts)} |")


def compare_policies(pool: ProcessPoolExecutor, repetitions: int) -> None:
    """What each policy takes, and how often it is refused."""
    networks: dict[str, Network] = {}
    for trip in (0.0, 0.05, 0.15, 0.3):
        name = f"{trip * 1000:.0f} ms"
        networks[name] = Network(trip)
        networks[f"{name}, jitter 0-80 ms each way"] = Network(trip, 0.08)
        networks[f"{name}, cold connections"] = Network(trip, 0.01, connect=0.15)
    networks["50 ms, for 5 s 100 more each way"] = Network(0.05, 0.01, congestion=(0.1, 0.1))
    networks["50 ms, for 5 s 200 more on the way there"] = Network(0.05, 0.01, congestion=(0.2, 0.0))
    settings = list(itertools.product(("sliding", "aligned"), (4, 16), range(repetitions)))
    runs = {
        (name, policy): [pool.submit(measure, policy, network, *setting[:2]) for setting in settings]
        for name, network in networks.items()
        for policy in POLICIES
    }
    rows: dict[str, dict[str, list[tuple[float, int]]]] = defaultdict(dict)
    for (name, policy), run in runs.items():
        rows[name][policy] = [job.result() for job in run]
    show(f"Freed one second after ... (median seconds / 429s in {len(settings)} runs of {REQUESTS} requests)", rows)


def compare_marks(pool: ProcessPoolExecutor, repetitions: int) -> None:
    """What is won by beginning the second at the head of an answer and not at its end."""
    network = Network(0.05, 0.02, connect=0.15, body=0.3)
    settings = list(itertools.product(("sliding", "aligned"), (4, 16), range(repetitions)))
    marks = {"head of the answer": True, "end of the answer": False}
    jobs = {
        name: [pool.submit(measure, "answer", network, *s[:2], mark) for s in settings] for name, mark in marks.items()
    }
    rows = {"50 ms, and 300 ms for a long body": {name: [job.result() for job in run] for name, run in jobs.items()}}
    show(f"The second begins at the ... (median seconds / 429s in {len(settings)} runs)", rows)


def take_part(url: str, project: str, threads: int, count: int) -> None:
    """What one of several processes does."""
    send(limiter_for(url, project, LIMIT), url, count, threads)


def share(repetitions: int) -> None:
    """Three processes with four threads and five requests each."""
    spawn = multiprocessing.get_context("spawn")
    print(
        "\n3 processes x 4 threads x 5 requests\n\n| network | counting | seconds / 429s, run by run |\n|---|---|---|"
    )
    networks = {
        "0 ms": Network(),
        "jitter 0-80 ms": Network(0, 0.08),
        "50 ms, cold": Network(0.05, 0.01, connect=0.15),
    }
    for (name, network), counting in itertools.product(networks.items(), ("sliding", "aligned")):
        runs = []
        for _ in range(repetitions):
            with serving(network, counting) as server:
                project = uuid4().hex
                crowd = [spawn.Process(target=take_part, args=(server.url, project, 4, 20)) for _ in range(3)]
                for process in crowd:
                    process.start()
                for process in crowd:
                    process.join()
                runs.append(f"{server.arrivals[-1] - server.arrivals[0]:.1f} / {server.refused}")
        print(f"| {name} | {counting} | {', '.join(runs)} |")


def price() -> None:
    """What a free slot costs, in process and shared."""
    fast = 10_000.0
    limiters = {"in process": RateLimiter(fast), "shared": limiter_for("http://127.0.0.1", uuid4().hex, fast)}
    costs = {}
    for name, limiter in limiters.items():
        rounds = []
        for _ in range(5):
            began = time.perf_counter()
            for _ in range(200):
                with limiter.slot():
                    pass
            rounds.append((time.perf_counter() - began) / 200 * 1e6)
            time.sleep(1.1)
        costs[name] = round(statistics.median(rounds))
    print(f"\nMicroseconds for a free slot, taken and given back: {json.dumps(costs)}")


def main() -> None:
    """Run everything, or the quick half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=24, help="runs at the same time; they mostly sleep")
    parser.add_argument("--only", choices=["policies", "marks", "share", "price"])
    chosen = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    if chosen.only in (None, "price"):
        price()
    if chosen.only in (None, "share"):
        share(chosen.repetitions)
    with ProcessPoolExecutor(chosen.at_once, mp_context=spawn) as pool:
        if chosen.only in (None, "marks"):
            compare_marks(pool, chosen.repetitions)
        if chosen.only in (None, "policies"):
            compare_policies(pool, chosen.repetitions)


if __name__ == "__main__":
    main()
