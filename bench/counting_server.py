"""A server on loopback that counts requests as the API does, sliding or by whole seconds, behind a slow network."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LIMIT = 5


@dataclass(frozen=True)
class Network:
    """How long requests are on the way; all in seconds."""

    round_trip: float = 0.0
    jitter: float = 0.0  # at most so much more, each way
    connect: float = 0.0  # more before the first request on a connection is counted: TLS, or a service that wakes up
    congestion: tuple[float, float] = (0.0, 0.0)  # more for the first five seconds, on the way there and back
    body: float = 0.0  # from the head of an answer to its end


class CountingServer(ThreadingHTTPServer):
    """Lets five requests through in any second, sliding or whole, and answers 429 to the others."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, network: Network, counting: str) -> None:
        super().__init__(("127.0.0.1", 0), Api)
        self.network, self.counting = network, counting
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.lock = threading.Lock()
        self.started = time.monotonic()
        self.arrivals: list[float] = []
        self.refused = 0

    def way(self, direction: int) -> float:
        network = self.network
        congestion = network.congestion[direction] if time.monotonic() < self.started + 5 else 0.0
        return network.round_trip / 2 + random.uniform(0, network.jitter) + congestion  # noqa: S311

    def count(self) -> bool:
        with self.lock:
            now = time.monotonic()
            start = now - 1 if self.counting == "sliding" else float(int(now))
            if sum(arrival > start for arrival in self.arrivals[-LIMIT:]) == LIMIT:
                self.refused += 1
                return False
            self.arrivals.append(now)
            return True


class Api(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: CountingServer
    connected = False

    def do_GET(self) -> None:
        network = self.server.network
        time.sleep(self.server.way(0) + (0.0 if self.connected else network.connect))
        self.connected = True
        status = 200 if self.server.count() else 429
        time.sleep(self.server.way(1))
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        time.sleep(network.body)
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(network: Network, counting: str) -> Iterator[CountingServer]:
    """The server in a thread."""
    server = CountingServer(network, counting)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
