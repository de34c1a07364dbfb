"""What a failure of the network proves: whether the request can have reached the service, and whether it may pass."""

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


def test_a_closed_port_was_never_reached(closed_port: int, send: Any, slept: list[float]) -> None:
    """Where nobody listens nothing was sent: it is tried four times, and the message says what to check."""
    error = send(f"http://127.0.0.1:{closed_port}")

    assert type(error) is Unreachable
    assert str(error) == (
        f"GET / failed: no connection to 127.0.0.1:{closed_port} could be made. Check the network and the proxy "
        "settings."
    )
    assert len(slept) == 3


def test_an_unknown_host_was_never_reached(send: Any, slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody knows is like a port where nobody listens."""

    def know_nobody(*_: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", know_nobody)

    assert type(send("https://spectrum.invalid")) is Unreachable
    assert len(slept) == 3


def test_a_certificate_that_is_not_trusted_is_never_tried_again(tls_port: int, send: Any, slept: list[float]) -> None:
    """TLS is verified: an unknown certificate ends the request before anything is sent, for good."""
    error = send(f"https://127.0.0.1:{tls_port}")

    assert type(error) is Unreachable
    assert str(error) == (
        f"GET / failed: the TLS connection to 127.0.0.1:{tls_port} could not be made, because its certificate is not "
        "trusted here. Set REQUESTS_CA_BUNDLE if your network has a certificate authority of its own."
    )
    assert slept == []


def test_the_advice_about_certificates_works(
    tls_port: int, untrusted_certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the certificate's authority in REQUESTS_CA_BUNDLE the same server is trusted."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(untrusted_certificate))
    settings = ClientSettings("project-1", "s3cr3t", f"https://localhost:{tls_port}")

    assert Transport(settings, RateLimiter(1000)).request("GET", "/") == 1


def test_https_to_a_port_without_tls_is_said_to_be_that(plain_port: int, send: Any, slept: list[float]) -> None:
    """A server that does not speak TLS will not learn it: one try, and a message that tells so."""
    error = send(f"https://127.0.0.1:{plain_port}")

    assert isinstance(error, NetworkFailed)
    assert str(error) == (
        f"GET / failed: the TLS connection to 127.0.0.1:{plain_port} failed (WRONG_VERSION_NUMBER), so the server "
        "may not speak https."
    )
    assert slept == []


def test_a_proxy_that_is_down_was_never_passed(
    closed_port: int, send: Any, monkeypatch: pytest.MonkeyPatch, slept: list[float]
) -> None:
    """Behind a proxy that does not answer nothing was sent, and the message names the proxy's variable."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    error = send("https://spectrum.example.com")

    assert type(error) is Unreachable
    assert "HTTPS_PROXY" in str(error)
    assert len(slept) == 3


def test_a_proxy_that_refuses_was_never_passed(plain_port: int, send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that wants credentials of its own let nothing through."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{plain_port}")
    error = send("https://spectrum.example.com")

    assert type(error) is Unreachable
    assert "HTTPS_PROXY" in str(error)


@pytest.mark.parametrize("proxy", ["http://", "http://[::1", "nonsense://proxy.example.com:1", "socks5://127.0.0.1:1"])
def test_a_proxy_whose_address_is_none_is_a_setting_to_mend(
    proxy: str, send: Any, monkeypatch: pytest.MonkeyPatch, slept: list[float]
) -> None:
    """A proxy that no request can be sent through is said to be so, once, and is not taken for a lost answer."""
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
def test_a_connection_that_closes_early_leaves_it_open(
    fault: Fault, emulator: Emulator, live_transport: Transport, slept: list[float]
) -> None:
    """No difference can be seen between a request that was carried out and one that was not: both are lost answers."""
    emulator.faults.add(fault)

    with pytest.raises(AnswerLost) as caught:
        live_transport.request("GET", "/webhooks/")

    assert str(caught.value) == (
        f"GET /webhooks/ failed: the connection to {emulator.url.removeprefix('http://')} was closed before the answer "
        "came."
    )
    assert len(slept) == 3


def test_an_answer_that_does_not_come_in_time_is_lost(
    emulator: Emulator, live_settings: ClientSettings, slept: list[float]
) -> None:
    """A request that was sent and not answered in time may have been carried out; the message names the limit."""
    emulator.faults.add(Fault(delay=60, times=None))
    impatient = Transport(replace(live_settings, timeout_seconds=0.02), RateLimiter(1000), sleep=slept.append)

    with pytest.raises(AnswerLost) as caught:
        impatient.request("GET", "/webhooks/")

    assert str(caught.value).endswith("did not answer within 0.02 seconds.")
    assert len(slept) == 3


def test_garbage_is_a_failure_of_the_service(emulator: Emulator, live_transport: Transport, slept: list[float]) -> None:
    """A whole answer that is no JSON came from something else, and is not asked for again."""
    emulator.faults.add(Fault(garbage=True))

    with pytest.raises(ServiceFailed, match="not from the Spectrum API"):
        live_transport.request("GET", "/webhooks/")

    assert slept == []


def test_a_connection_that_went_stale_costs_nothing(
    emulator: Emulator, live_transport: Transport, slept: list[float]
) -> None:
    """A kept connection that the service has closed meanwhile fails no request, and a GET needs no caller's help."""
    live_transport.request("GET", "/webhooks/")
    emulator.faults.add(Fault(drop="before"))

    assert live_transport.request("GET", "/webhooks/") == []
    assert len(slept) == 1
