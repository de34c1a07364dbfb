"""Failures of the network: whether the request can have reached the service, and whether it is repeated."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from local_servers import serve

from pulumi_spectrum.client import AnswerLost, ClientSettings, NetworkFailed, ServiceFailed, SpectrumError, Unreachable
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.emulator import Emulator, Fault


@pytest.fixture
def plain_port() -> Iterator[int]:
    """The port of a server that speaks no TLS."""
    with serve() as port:
        yield port


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def send(slept: list[float]) -> Callable[..., SpectrumError]:
    """Sends a GET that is expected to fail, and returns its error."""

    def sending(url: str, **values: Any) -> SpectrumError:
        settings = ClientSettings("project-1", "s3cr3t", url, requests_per_second=1000, **values)
        with pytest.raises(SpectrumError) as caught:
            Transport(settings, RateLimiter(1000), sleep=slept.append).request("GET", "/")
        assert "s3cr3t" not in f"{caught.value!r}{caught.value}"
        return caught.value

    return sending


def test_closed_port(closed_port: int, send: Any, slept: list[float]) -> None:
    """A request to a closed port was not sent: it is tried four times, and the message says what to check."""
    error = send(f"http://127.0.0.1:{closed_port}")

    assert type(error) is Unreachable
    assert str(error) == (
        f"GET / (reading the project) failed: nothing answers at 127.0.0.1:{closed_port} on this machine."
    )
    assert len(slept) == 3


def test_unknown_host(send: Any, slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """A request to a host name that does not resolve was not sent, and is tried again as with a closed port."""

    def know_nobody(*_: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", know_nobody)

    assert type(send("https://spectrum.invalid")) is Unreachable
    assert len(slept) == 3


def test_untrusted_certificate(tls_port: int, send: Any, slept: list[float]) -> None:
    """A certificate that is not trusted ends the request before it is sent, and the request is not repeated."""
    error = send(f"https://127.0.0.1:{tls_port}")

    assert type(error) is Unreachable
    assert str(error) == (
        f"GET / (reading the project) failed: the TLS connection to 127.0.0.1:{tls_port} could not be made, because "
        "its certificate is not trusted here. Set REQUESTS_CA_BUNDLE if your network has a certificate authority "
        "of its own."
    )
    assert slept == []


def test_advice_about_certificates(tls_port: int, untrusted_certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the certificate's authority in REQUESTS_CA_BUNDLE, as the message advises, the same server is trusted."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(untrusted_certificate))
    settings = ClientSettings("project-1", "s3cr3t", f"https://localhost:{tls_port}")

    assert Transport(settings, RateLimiter(1000)).request("GET", "/") == 1


def test_https_to_a_port_without_tls(plain_port: int, send: Any, slept: list[float]) -> None:
    """A request to a server without TLS is tried once, and the message names the cause."""
    error = send(f"https://127.0.0.1:{plain_port}")

    assert isinstance(error, NetworkFailed)
    assert str(error) == (
        f"GET / (reading the project) failed: the TLS connection to 127.0.0.1:{plain_port} failed "
        "(WRONG_VERSION_NUMBER), so the server may not speak https."
    )
    assert slept == []


def test_proxy_that_is_down(closed_port: int, send: Any, monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    """A request through a proxy that is down was not sent, and the message names the proxy's variable."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    error = send("https://spectrum.example.com")

    assert type(error) is Unreachable
    assert "HTTPS_PROXY" in str(error)
    assert len(slept) == 3


def test_proxy_that_refuses(plain_port: int, send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that a proxy refuses, because it wants credentials of its own, was not sent."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{plain_port}")
    error = send("https://spectrum.example.com")

    assert type(error) is Unreachable
    assert "HTTPS_PROXY" in str(error)


@pytest.mark.parametrize("proxy", ["http://", "http://[::1", "nonsense://proxy.example.com:1", "socks5://127.0.0.1:1"])
def test_invalid_proxy_address(proxy: str, send: Any, monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    """An invalid proxy address is tried once, and the message says which setting to correct: it is no lost response."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = send("https://spectrum.example.com")

    assert type(error) is Unreachable
    assert "HTTPS_PROXY" in str(error)
    assert slept == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(drop="before", times=None),
        Fault(drop="after", times=None),
        Fault(drop="after", reset=True, times=None),
        Fault(truncate=True, times=None),
    ],
)
def test_connection_closed_before_the_response(
    fault: Fault, emulator: Emulator, live_transport: Transport, slept: list[float]
) -> None:
    """A connection that closes before the response is a lost response, whether or not the request was carried out."""
    emulator.faults.add(fault)

    with pytest.raises(AnswerLost) as caught:
        live_transport.request("GET", "/webhooks/")

    assert str(caught.value) == (
        f"GET /webhooks/ failed: the connection to {emulator.url.removeprefix('http://')} was closed before the answer "
        "came."
    )
    assert len(slept) == 3


def test_response_after_the_timeout_is_lost(
    emulator: Emulator, live_settings: ClientSettings, slept: list[float]
) -> None:
    """A request without a response within the timeout may have been carried out; the message names the timeout."""
    emulator.faults.add(Fault(delay=60, times=None))
    impatient = Transport(replace(live_settings, timeout_seconds=0.02), RateLimiter(1000), sleep=slept.append)

    with pytest.raises(AnswerLost) as caught:
        impatient.request("GET", "/webhooks/")

    assert str(caught.value).endswith("did not answer within 0.02 seconds.")
    assert len(slept) == 3


def test_response_that_is_not_json(emulator: Emulator, live_transport: Transport, slept: list[float]) -> None:
    """A complete response that is not JSON is a failure of the service, and the request is not repeated."""
    emulator.faults.add(Fault(garbage=True))

    with pytest.raises(ServiceFailed, match="not from the Spectrum API"):
        live_transport.request("GET", "/webhooks/")

    assert slept == []


def test_stale_connection(emulator: Emulator, live_transport: Transport, slept: list[float]) -> None:
    """A kept connection that the service has closed fails no request: a GET is repeated at once."""
    live_transport.request("GET", "/webhooks/")
    emulator.faults.add(Fault(drop="before"))

    assert live_transport.request("GET", "/webhooks/") == []
    assert len(slept) == 1
