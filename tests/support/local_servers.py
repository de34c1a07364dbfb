"""HTTP servers on loopback that are not the emulator."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
