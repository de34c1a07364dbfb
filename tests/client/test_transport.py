"""What a request carries, and which connections it uses."""

import base64
import contextlib
import json
import math
import socket
import threading
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import responses
from responses import matchers

from pulumi_spectrum.client import ClientSettings, RequestRefused, ServiceFailed, SettingsRefused
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.responses import UNREADABLE, Row, decode
from pulumi_spectrum.client.transport import Transport

ROOT = "https://spectrum.example.com/projects/project-1"
DONE = {"succeed": True, "data": {"ok": 1}}
PROXY = "http://proxy.example.com:3128"


class Thing(Row):
    id: str


@pytest.fixture
def sent(service: responses.RequestsMock, transport: Transport) -> Any:
    """A request that has been sent."""
    service.get(f"{ROOT}/", json=DONE)
    transport.request("GET", "/")
    return service.calls[0].request


def test_requests_carry_the_projects_credentials(sent: Any) -> None:
    """Each request carries the project's id and secret as Basic auth, and the id in its path."""
    expected = base64.b64encode(b"project-1:s3cr3t-of-project-1").decode()

    assert sent.headers["Authorization"] == f"Basic {expected}"
    assert sent.url == f"{ROOT}/"


def test_user_agent_and_accept_headers(sent: Any) -> None:
    """Each request names this package and its version, and accepts JSON; one without a body has no content type."""
    assert sent.headers["User-Agent"] == f"pulumi-spectrum/{version('pulumi-spectrum')}"
    assert sent.headers["Accept"] == "application/json"
    assert "Content-Type" not in sent.headers
    assert sent.body is None


def test_certificates_are_always_verified(sent: Any) -> None:
    """TLS certificates are verified, and the HTTP library follows no redirect."""
    assert sent.req_kwargs["verify"] is True
    assert sent.req_kwargs["cert"] is None


def test_time_limits_of_connecting_and_reading(
    make_transport: Callable[..., Transport], service: responses.RequestsMock
) -> None:
    """Connecting may take ten seconds, and the response as long as the settings say."""
    service.get(f"{ROOT}/", json=DONE)
    for seconds in (30.0, 4.0):
        settings = ClientSettings("project-1", "secret", "https://spectrum.example.com", timeout_seconds=seconds)
        make_transport(settings).request("GET", "/")

    assert [call.request.req_kwargs["timeout"] for call in service.calls] == [(10.0, 30.0), (4.0, 4.0)]  # type: ignore[attr-defined]


def test_body_is_sent_as_json(service: responses.RequestsMock, transport: Transport) -> None:
    """A body is sent as JSON with its content type, and an empty one as an empty object."""
    service.post(f"{ROOT}/webhooks/", json=DONE)
    transport.request("POST", "/webhooks/", body={"webhookUrl": "https://a.example.com/ü"})
    transport.request("POST", "/webhooks/", body={})

    bodies = [json.loads(call.request.body or b"null") for call in service.calls]
    assert bodies == [{"webhookUrl": "https://a.example.com/ü"}, {}]
    assert {call.request.headers["Content-Type"] for call in service.calls} == {"application/json"}


def test_query_is_encoded(service: responses.RequestsMock, transport: Transport) -> None:
    """The plus of a phone number is encoded, and a list repeats its key."""
    service.get(
        f"{ROOT}/users/",
        json=DONE,
        match=[matchers.query_param_matcher({"search": "+14155550123", "id": ["a", "b"], "limit": 500})],
    )
    transport.request("GET", "/users/", query={"search": "+14155550123", "id": ["a", "b"], "limit": 500})

    assert service.calls[0].request.url == f"{ROOT}/users/?search=%2B14155550123&id=a&id=b&limit=500"


def test_data_of_the_envelope_is_returned(service: responses.RequestsMock, transport: Transport) -> None:
    """A request returns the `data` of the response, without its envelope."""
    service.get(f"{ROOT}/", json=DONE)

    assert transport.request("GET", "/") == {"ok": 1}


def test_project_id_is_quoted_in_the_path(
    make_transport: Callable[..., Transport], service: responses.RequestsMock
) -> None:
    """A project id stays one segment of the path, whatever characters it has."""
    service.get("https://spectrum.example.com/projects/a%26b%5Cc/", json=DONE)

    assert make_transport(ClientSettings("a&b\\c", "s", "https://spectrum.example.com")).request("GET", "/") == {
        "ok": 1
    }


def test_redirect_is_not_followed(service: responses.RequestsMock, transport: Transport) -> None:
    """A redirect is neither followed nor repeated, so credentials never go to its target."""
    service.get(f"{ROOT}/", status=302, headers={"Location": "https://evil.example.com/"})

    with pytest.raises(ServiceFailed, match="redirect"):
        transport.request("GET", "/")

    assert [call.request.url for call in service.calls] == [f"{ROOT}/"]


def test_undecodable_response_to_a_write_is_repeated(service: responses.RequestsMock, transport: Transport) -> None:
    """A write whose response cannot be decoded is sent again if it is repeatable; the error names the request."""
    service.put(f"{ROOT}/thing", json={"succeed": True, "data": {"id": 5}})
    service.put(f"{ROOT}/thing", json={"succeed": True, "data": {"id": "t-1"}})
    service.post(f"{ROOT}/thing", json={"succeed": True, "data": {"id": 5}})
    read = partial(decode, Thing, path="/thing")

    assert transport.request("PUT", "/thing", decode=read) == Thing(id="t-1")
    with pytest.raises(ServiceFailed) as caught:
        transport.request("POST", "/thing", decode=read)
    assert str(caught.value) == (
        f"POST /thing failed (HTTP 200): the answer has an unexpected form (in id), {UNREADABLE}."
    )
    assert caught.value.maybe_done


def test_connection_of_an_interim_response_is_closed(make_transport: Callable[..., Transport]) -> None:
    """A connection on which the HTTP library took a 103 for the response is not used again."""

    def serve(listening: socket.socket) -> None:
        for number in range(2):
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                if number == 0:
                    connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
                    connection.recv(65536)  # the next request, if it comes on this connection
                body = json.dumps({"succeed": True, "data": number}).encode()
                with contextlib.suppress(OSError):
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        transport = make_transport(ClientSettings("p", "s", f"http://127.0.0.1:{listening.getsockname()[1]}"))
        with pytest.raises(ServiceFailed) as caught:
            transport.request("POST", "/thing", body={})
        assert transport.request("POST", "/thing", body={}) == 1
        thread.join(timeout=30)

    assert (caught.value.status, caught.value.maybe_done) == (103, True)


def test_cookies_are_not_kept(service: responses.RequestsMock, transport: Transport) -> None:
    """A cookie that the service or a proxy sets is not sent back."""
    service.get(f"{ROOT}/", json=DONE, headers={"Set-Cookie": "track=me; Path=/"})
    transport.request("GET", "/")
    transport.request("GET", "/")

    assert "Cookie" not in service.calls[1].request.headers


def test_netrc_is_not_read(
    service: responses.RequestsMock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_transport: Callable[..., Transport],
) -> None:
    """Credentials for the same host in a .netrc file are not used."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine spectrum.example.com login other password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    service.get(f"{ROOT}/", json=DONE)
    make_transport().request("GET", "/")

    used = service.calls[0].request.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(used) == b"project-1:s3cr3t-of-project-1"


@pytest.mark.parametrize(
    ("variables", "base_url", "expected"),
    [
        ({}, "https://spectrum.example.com", None),
        ({"HTTPS_PROXY": PROXY}, "https://spectrum.example.com", PROXY),
        ({"https_proxy": PROXY}, "https://spectrum.example.com", PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "example.com"}, "https://spectrum.example.com", None),
        ({"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY, "ALL_PROXY": PROXY}, "http://127.0.0.1:8080", None),
        ({"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY}, "http://localhost:8080", None),
    ],
)
def test_proxies_are_read_from_the_environment(
    variables: dict[str, str],
    base_url: str,
    expected: str | None,
    service: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The usual environment variables name the proxy and its exceptions; loopback never uses a proxy."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    service.get(f"{base_url}/projects/project-1/", json=DONE)
    Transport(ClientSettings("project-1", "secret", base_url), RateLimiter()).request("GET", "/")

    proxies = service.calls[0].request.req_kwargs["proxies"]  # type: ignore[attr-defined]
    assert proxies.get(base_url.split(":", maxsplit=1)[0]) == expected


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_bundle_is_read_from_the_environment(
    variable: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_transport: Callable[..., Transport],
    service: responses.RequestsMock,
) -> None:
    """A file of certificates is read from the variables that other tools read."""
    bundle = tmp_path / "authority.pem"
    bundle.touch()
    monkeypatch.setenv(variable, str(bundle))
    service.get(f"{ROOT}/", json=DONE)
    make_transport().request("GET", "/")

    assert service.calls[0].request.req_kwargs["verify"] == str(bundle)  # type: ignore[attr-defined]


def test_missing_ca_bundle_is_refused(
    monkeypatch: pytest.MonkeyPatch, make_transport: Callable[..., Transport]
) -> None:
    """A variable that names a missing file of certificates raises SettingsRefused."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/authority.pem")

    with pytest.raises(SettingsRefused) as caught:
        make_transport()

    assert str(caught.value) == (
        "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE) names a file that is not there. Set it to the certificates of your "
        "network's authority, or unset it."
    )


def test_one_session_serves_all_requests(service: responses.RequestsMock, transport: Transport) -> None:
    """All requests of a project share one pool of connections."""
    service.get(f"{ROOT}/", json=DONE)
    for _ in range(3):
        transport.request("GET", "/")

    pools = {transport._session.get_adapter(call.request.url) for call in service.calls}
    assert len(pools) == 1


def test_threads_share_the_connections(
    live_transport: Transport, emulator: Any, in_threads: Callable[..., list[Any]]
) -> None:
    """Sixteen threads use at most sixteen connections, and later requests use them again."""
    emulator.requests.clear()
    for _ in range(4):
        answers = in_threads(*[lambda: live_transport.request("GET", "/webhooks/")] * 16)
        assert answers == [[]] * 16

    assert len(emulator.requests) == 64
    assert emulator.requests.count_connections() <= 16


@pytest.mark.parametrize("body", [{"a": math.nan}, {"a": math.inf}], ids=["not a number", "infinite"])
def test_body_without_a_json_form_is_refused(body: dict[str, Any], transport: Transport) -> None:
    """A number that JSON has no form for is the caller's mistake: nothing was sent, and nothing is repeated."""
    with pytest.raises(RequestRefused, match="nothing was sent") as caught:
        transport.request("PUT", "/thing", body=body)

    assert not caught.value.maybe_done


def test_query_that_cannot_be_encoded_is_refused(transport: Transport) -> None:
    """Half of a surrogate pair in a query is refused in the same way."""
    with pytest.raises(RequestRefused, match="nothing was sent"):
        transport.request("GET", "/users/", query={"search": "\ud800"})


def test_body_that_is_nested_too_deeply_is_refused(transport: Transport) -> None:
    """A body that is nested deeper than the JSON library can write is refused in the same way."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(RequestRefused, match="nothing was sent"):
        transport.request("PUT", "/thing", body={"a": deep})


@pytest.mark.parametrize("target", ["https://evil.example.com/", "//evil.example.com/", "/\xff\xfe", "http://[::1"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_target_of_a_redirect_is_not_read(
    status: int, target: str, service: responses.RequestsMock, transport: Transport
) -> None:
    """Whatever a redirect names, even what is no URL, nothing is sent there and the error is the same."""
    service.post(f"{ROOT}/thing", status=status, headers={"Location": target})

    with pytest.raises(ServiceFailed, match="redirect"):
        transport.request("POST", "/thing", body={})

    assert [call.request.url for call in service.calls] == [f"{ROOT}/thing"]
