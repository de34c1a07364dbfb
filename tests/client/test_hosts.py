"""Credentials go to the configured host alone, over TLS that is verified."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local_servers import Peer, serve_script
from urllib3.util import parse_url

from pulumi_spectrum.client import ClientSettings, SettingsRefused, Unreachable
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.transport import Transport

SECRET = "s3cr3t-of-project-1"
BASIC = b64encode(f"project-1:{SECRET}".encode())


@pytest.fixture
def tunnel(tls_port: int) -> Iterator[Any]:
    """A proxy whose tunnels all lead to the server with the certificate that is not trusted; and what it receives."""
    with ExitStack() as servers:

        def script(peer: Peer) -> None:
            peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            peer.pass_on(tls_port)

        yield servers.enter_context(serve_script(script))


def request(base_url: str = "https://spectrum.example.com") -> Any:
    return Transport(ClientSettings("project-1", SECRET, base_url), RateLimiter(1000), repeats=False).request(
        "GET", "/"
    )


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_proxy_sees_no_credentials(
    variable: str, tunnel: Any, untrusted_certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy is asked for a tunnel, and gets its own credentials from its address, but not those of the project."""
    port, received = tunnel
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:pass@127.0.0.1:{port}")
    monkeypatch.setenv(variable, str(untrusted_certificate))

    assert request() == 1
    asked = received[0].decode()
    assert asked.startswith("CONNECT spectrum.example.com:443 ")
    assert f"Proxy-Authorization: Basic {b64encode(b'me:pass').decode()}" in asked
    assert "\r\nAuthorization" not in asked
    assert not any(BASIC in each or SECRET.encode() in each for each in received)


def test_proxy_cannot_stand_for_the_service(tunnel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that leads to a server with another authority's certificate gets no request at all."""
    port, received = tunnel
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")

    with pytest.raises(Unreachable, match="not trusted"):
        request()
    assert len(received) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://spectrum.example.com@evil.example.com",
        "https://evil.example.com\\@spectrum.example.com",
        "https://spectrum.example.com\\.evil.example.com",
        "http://localhost\\.evil.example.com",
        "http://127.0.0.1@evil.example.com",
        "http://[::1]evil.example.com",
        "http://[::1].evil.example.com",
        "http://127.0.0.1;.evil.example.com",
        "http://localhost%00.evil.example.com",
        "http://localhost.",
        "https://spectrum.example.com\x00",
        "\x00https://spectrum.example.com",
        "https://spectrum.example.com/\r\nX-Injected: 1",
        "https://spectrum.example.com:99999",
        "https:///spectrum.example.com",
        "//spectrum.example.com",
    ],
)
def test_ambiguous_base_url_is_refused(url: str) -> None:
    """An address that URL parsers read in different ways is no base URL."""
    with pytest.raises(SettingsRefused) as caught:
        ClientSettings("project-1", SECRET, url)

    assert caught.value.setting == "base_url"


@given(
    st.sampled_from(["http://", "https://", "https:", "http:/\\", ""]),
    st.text(st.sampled_from("localhost.[]:1@\\/?#%;é_-"), max_size=20),
)
def test_host_that_is_checked_is_the_host_that_is_used(scheme: str, rest: str) -> None:
    """Of every address that is taken, the HTTP library reads the same host as the check does."""
    try:
        url = ClientSettings("project-1", SECRET, scheme + rest).base_url
    except SettingsRefused:
        return
    host = urlsplit(url).hostname
    assert host
    assert "@" not in urlsplit(url).netloc
    try:
        used = parse_url(url).host
    except ValueError:
        return  # the HTTP library refuses it as well
    assert host.encode("idna") == (used or "").strip("[]").encode("idna")


@pytest.mark.parametrize("project_id", [".", ".."])
def test_project_id_of_dots_is_refused(project_id: str) -> None:
    """A project id of one or two dots would lead to another path."""
    with pytest.raises(SettingsRefused) as caught:
        ClientSettings(project_id, SECRET)

    assert caught.value.setting == "project_id"
