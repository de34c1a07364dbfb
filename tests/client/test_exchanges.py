"""How long one exchange may take as a whole, and how much may come back."""

import gzip
import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from local_servers import Peer, serve_script

from pulumi_spectrum.client import AnswerLost, ClientSettings, ServiceFailed, SpectrumError, Unreachable
from pulumi_spectrum.client.exchanges import MAX_BODY_BYTES
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.transport import Transport

TIMEOUT = 0.15
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
MIB_CHUNK = b"100000\r\n" + b" " * 2**20 + b"\r\n"


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a response with its length."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def envelope(data: Any = None) -> bytes:
    return json.dumps({"succeed": True, "data": data}).encode()


Serve = Callable[[Callable[[Peer], None]], Transport]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a scripted server, and returns a transport to it that repeats nothing."""
    with ExitStack() as servers:

        def start(script: Callable[[Peer], None], **values: Any) -> Transport:
            port, _ = servers.enter_context(serve_script(script))
            settings = ClientSettings("p-1", "s3cr3t", f"http://127.0.0.1:{port}", **{"timeout_seconds": 30, **values})
            transport = Transport(settings, RateLimiter(1000), repeats=False)
            servers.callback(transport.close)
            return transport

        yield start


def failure_of(transport: Transport, method: str = "GET") -> SpectrumError:
    with pytest.raises(SpectrumError) as caught:
        transport.request(method, "/thing")
    return caught.value


DRIPS: dict[str, Callable[[Peer], None]] = {
    "status line": lambda peer: peer.repeat(b"H", 0.05),
    "headers": lambda peer: (peer.send(b"HTTP/1.1 200 OK\r\n"), peer.repeat(b"A: b\r\n", 0.05)),
    "interim responses": lambda peer: peer.repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    "body of a length": lambda peer: (peer.send(whole(envelope())[:-1]), peer.stay()),
    "body without a length": lambda peer: (peer.send(b"HTTP/1.1 200 OK\r\n\r\n"), peer.repeat(b" ", 0.05)),
    "chunks": lambda peer: (peer.send(CHUNKED), peer.repeat(b"1\r\n \r\n", 0.05)),
    "size of a chunk": lambda peer: (peer.send(CHUNKED), peer.repeat(b"0", 0.05)),
    "trailers": lambda peer: (peer.send(CHUNKED + b"0\r\n"), peer.repeat(b"A: b\r\n", 0.05)),
}


@pytest.mark.parametrize(("part", "method"), [*((part, "POST") for part in DRIPS), ("chunks", "GET")])
def test_slow_response_ends_in_time(part: str, method: str, serve: Any) -> None:
    """However a server draws its response out, the exchange ends with its time, and a write may have been done."""
    transport = serve(DRIPS[part], timeout_seconds=TIMEOUT)
    began = time.monotonic()
    error = failure_of(transport, method)

    assert TIMEOUT <= time.monotonic() - began < TIMEOUT + 2
    assert type(error) is AnswerLost
    assert error.maybe_done is (method == "POST")
    assert str(error).endswith("did not answer within 0.15 seconds.")


ENDLESS: dict[str, Callable[[Peer], None]] = {
    "body without a length": lambda peer: (peer.send(b"HTTP/1.1 200 OK\r\n\r\n"), peer.repeat(b" " * 2**20)),
    "chunks": lambda peer: (peer.send(CHUNKED), peer.repeat(MIB_CHUNK)),
    "trailers": lambda peer: (peer.send(CHUNKED + b"0\r\n"), peer.repeat(b"A: b\r\n" * 2**14)),
    "interim responses": lambda peer: peer.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 2**14),
    "declared length": lambda peer: (
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        peer.repeat(b" " * 2**20),
    ),
    "target of a redirect": lambda peer: (
        peer.send(b"HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n"),
        peer.repeat(b" " * 2**20),
    ),
    "page of an error": lambda peer: (peer.send(b"HTTP/1.1 500 No\r\n\r\n"), peer.repeat(b" " * 2**20)),
}


@pytest.mark.parametrize("part", ENDLESS)
def test_endless_response_is_not_read_on(part: str, serve: Any) -> None:
    """A response without an end is a failure of the service once it is larger than any of the API's."""
    error = failure_of(serve(ENDLESS[part]), "POST")

    assert type(error) is ServiceFailed
    assert error.maybe_done
    assert "the answer is larger than 16 MiB and was not read to its end" in str(error)
    assert error.setting == "base_url"


def bomb(pack: Any) -> bytes:
    packed = bytearray()
    for _ in range(64):
        packed += pack.compress(b" " * 2**20)
    return bytes(packed + pack.flush())


BOMBS = {
    "gzip": bomb(zlib.compressobj(9, wbits=31)),
    "deflate": bomb(zlib.compressobj(9)),
}


@pytest.mark.parametrize("packing", BOMBS)
def test_packed_bomb_is_not_unpacked(packing: str, serve: Any) -> None:
    """A small packed body that grows to more than any of the API's is not unpacked to its end."""
    response = whole(BOMBS[packing], f"Content-Encoding: {packing}")
    assert len(response) < 200_000

    error = failure_of(serve(lambda peer: peer.send(response)))
    assert type(error) is ServiceFailed
    assert "larger than 16 MiB" in str(error)
    assert error.status == 200


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "identity, gzip", "compress"])
def test_packing_that_was_not_asked_for_is_refused(packing: str, serve: Any) -> None:
    """A content encoding that the request does not accept, or several, cannot be read."""
    error = failure_of(serve(lambda peer: peer.send(whole(envelope(), f"Content-Encoding: {packing}"))))

    assert type(error) is ServiceFailed
    assert "packed in a way that was not asked for" in str(error)


def test_body_that_is_not_packed_as_its_head_says(serve: Any) -> None:
    """A body that cannot be unpacked is a failure of the service, and not of the network."""
    error = failure_of(serve(lambda peer: peer.send(whole(envelope(), "Content-Encoding: gzip"))))

    assert type(error) is ServiceFailed
    assert "cannot be unpacked" in str(error)


@pytest.mark.parametrize(
    ("packing", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)]
)
def test_packed_body_is_read(packing: str, pack: Any, serve: Any) -> None:
    """A body that is packed as the request allows is unpacked."""
    response = whole(pack(envelope(["a" * 10_000])), f"Content-Encoding: {packing}")

    assert serve(lambda peer: peer.send(response)).request("GET", "/thing") == ["a" * 10_000]


def test_largest_honest_page_is_read(serve: Any) -> None:
    """A page of 500 rows of 30 KiB each is within the bounds, packed or not."""
    rows = [{"id": str(number), "meta": "a" * 30 * 2**10} for number in range(500)]
    body = envelope(rows)
    assert MAX_BODY_BYTES * 0.9 < len(body) < MAX_BODY_BYTES
    packed = whole(gzip.compress(body, 1), "Content-Encoding: gzip")

    assert serve(lambda peer: peer.send(whole(body))).request("GET", "/thing") == rows
    assert serve(lambda peer: peer.send(packed)).request("GET", "/thing") == rows


def test_connection_is_used_again_with_its_full_time(serve: Any) -> None:
    """A connection is kept after a whole response, and the next request on it has all of its own time."""
    connections = set()

    def script(peer: Peer) -> None:
        connections.add(peer)
        peer.send(whole(envelope(len(peer.requests)))[:-1])
        threading.Event().wait(TIMEOUT * 0.7)
        peer.send(b"}")

    transport = serve(script, timeout_seconds=TIMEOUT)
    assert [transport.request("GET", "/thing") for _ in range(3)] == [1, 2, 3]
    assert len(connections) == 1


def test_connection_of_a_cut_response_is_not_used_again(serve: Any) -> None:
    """What is left of a response that was not read to its end is not taken for the next one."""
    connections = []

    def script(peer: Peer) -> None:
        connections.append(peer)
        if len(connections) > 1:
            peer.send(whole(envelope("second")))
        else:
            peer.send(CHUNKED)
            peer.repeat(MIB_CHUNK)

    transport = serve(script)
    assert type(failure_of(transport)) is ServiceFailed
    assert transport.request("GET", "/thing") == "second"
    assert connections[0] is not connections[1]


def test_slot_is_free_before_the_body_has_come(serve: Any) -> None:
    """The rate limit counts a request from its response's head on, however slowly the body comes."""
    limiter = RateLimiter(1)
    answered = []

    def script(peer: Peer) -> None:
        peer.send(whole(envelope())[:-1])
        threading.Event().wait(TIMEOUT)
        peer.send(b"}")

    transport = serve(script)
    claims = limiter._slots.answered
    limiter._slots.answered = lambda claim, at: (answered.append(at), claims(claim, at))
    transport._limiter = limiter
    transport.request("GET", "/thing")

    assert time.monotonic() - answered[0] >= TIMEOUT * 0.9


def test_slow_proxy_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that draws its answer out for a tunnel ends in time, too, and nothing was sent to the service."""
    with serve_script(lambda peer: peer.repeat(b"H", 0.05)) as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        settings = ClientSettings("p-1", "s3cr3t", "https://spectrum.example.com", timeout_seconds=TIMEOUT)
        began = time.monotonic()
        error = failure_of(Transport(settings, RateLimiter(1000), repeats=False), "POST")

    assert time.monotonic() - began < TIMEOUT + 2
    assert type(error) is Unreachable
    assert not error.maybe_done
