"""HTTP servers on loopback that are not the emulator."""

import http.server
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


class _Answering(http.server.BaseHTTPRequestHandler):
    """Answers every GET as the API does, and refuses to be a proxy."""

    def do_GET(self) -> None:
        body = b'{"succeed": true, "data": 1}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        self.send_error(407)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


class _Server(http.server.ThreadingHTTPServer):
    """A server whose clients may hang up at any time."""

    def handle_error(self, *_: Any) -> None:
        """Print nothing."""


@contextmanager
def serve(certificate: Path | None = None) -> Iterator[int]:
    """Run a server in a thread, with TLS if a file with a key and a certificate is given; yield its port."""
    with _Server(("127.0.0.1", 0), _Answering) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class Peer:
    """The connection of a scripted server to its client.

    Attributes:
        requests: The heads of the requests so far, and what came with each.
    """

    def __init__(self, connection: socket.socket, stopped: threading.Event, requests: list[bytes]) -> None:
        self._connection = connection
        self._stopped = stopped
        self.requests = requests

    def receive(self) -> bytes:
        """Return the next request with its body, or nothing where the client has hung up."""
        received = self._connection.recv(65536)
        length = re.search(rb"content-length: (\d+)", received, re.IGNORECASE)
        end = received.find(b"\r\n\r\n") + 4 + int(length[1]) if length else 0
        while received and len(received) < end and (more := self._connection.recv(65536)):
            received += more
        if received:
            self.requests.append(received)
        return received

    def send(self, content: bytes) -> None:
        self._connection.sendall(content)

    def repeat(self, content: bytes, pause: float = 0.0) -> None:
        """Send the same again and again, until the client hangs up or the test ends."""
        while not self._stopped.wait(pause):
            self.send(content)

    def hang_up(self) -> None:
        self._connection.shutdown(socket.SHUT_RDWR)

    def stay(self) -> None:
        """Send nothing more, until the test ends."""
        self._stopped.wait()

    def pass_on(self, port: int) -> None:
        """Be a tunnel to a port of this machine, until either side hangs up."""
        with socket.create_connection(("127.0.0.1", port)) as far:
            back = threading.Thread(target=_copy, args=(far, self._connection), daemon=True)
            back.start()
            _copy(self._connection, far)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(65536):
            target.sendall(received)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def serve_script(script: Callable[[Peer], None]) -> Iterator[tuple[int, list[bytes]]]:
    """Run a server whose connections are each handled by a script, in a thread; yield its port and what it receives.

    A script is called again for each request on the connection.
    """
    stopped, received = threading.Event(), list[bytes]()
    threads: list[threading.Thread] = []

    def handle(connection: socket.socket) -> None:
        peer = Peer(connection, stopped, received)
        with connection, suppress(OSError):
            while not stopped.is_set() and peer.receive():
                script(peer)

    def accept(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threads.append(threading.Thread(target=handle, args=(listening.accept()[0],), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = threading.Thread(target=accept, args=(listening,), daemon=True)
        accepting.start()
        try:
            yield listening.getsockname()[1], received
        finally:
            stopped.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join(timeout=10)
