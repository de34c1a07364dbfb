"""Credentials, and the errors that every operation shares."""

import base64
from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle
from pulumi_spectrum.emulator.contract import document_of


def private_operations() -> list[tuple[str, str]]:
    """Return method and path of every operation that needs credentials."""
    return [
        (method.upper(), path)
        for path, item in document_of("2026-08")["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and operation.get("security") != []
    ]


@pytest.mark.parametrize(("method", "path"), private_operations())
def test_every_management_route_needs_credentials(
    method: str, path: str, spectrum: Emulator, project: ProjectHandle
) -> None:
    """Without credentials each operation of a project responds with the captured 401."""
    url = spectrum.url + path.replace("{projectId}", project.id)
    answer = requests.request(method, url, timeout=5)
    assert answer.status_code == 401
    assert answer.text == '{"succeed":false,"data":null,"code":"401","message":"Invalid credentials"}'


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic " + base64.b64encode(b"no-colon").decode(),
        "Bearer token",
    ],
)
def test_malformed_credentials_are_refused(authorization: str, client: Any) -> None:
    """The response to a header that is not Basic credentials is the same as to no header."""
    client.session.auth = None
    answer = client.ask("GET", "/", headers={"Authorization": authorization})
    assert answer.refusal == (401, "Invalid credentials")


def test_a_wrong_secret_is_refused(client: Any, project: ProjectHandle) -> None:
    """The project's id with another secret is a 401."""
    client.session.auth = (project.id, project.secret + "x")
    assert client.ask("GET", "/").refusal == (401, "Invalid credentials")


def test_a_new_project_secret_is_valid_at_once(client: Any, project: ProjectHandle) -> None:
    """After a rotation the former secret is a 401, and the new one is valid."""
    project.secret = "a-new-secret"
    assert client.ask("GET", "/").status == 401
    client.session.auth = (project.id, "a-new-secret")
    assert client.ask("GET", "/").status == 200


@pytest.mark.parametrize("status", [401, 403, 404])
def test_status_for_another_projects_path_is_a_switch(status: int, client: Any, spectrum: Emulator) -> None:
    """Valid credentials on the path of another project are refused with the status of the switch."""
    spectrum.switch(wrong_project_status=status)
    client.url = f"{spectrum.url}/projects/{spectrum.add_project().id}"
    assert client.ask("GET", "/").refusal[0] == status


def test_another_projects_path_is_a_401_by_default(client: Any, spectrum: Emulator) -> None:
    """By default the response for another project's path is that for wrong credentials."""
    client.url = f"{spectrum.url}/projects/{spectrum.add_project().id}"
    assert client.ask("GET", "/").refusal == (401, "Invalid credentials")


def test_trailing_slash_is_optional(client: Any) -> None:
    """A path with and without a slash at its end is the same path, and neither is redirected."""
    for path in (
        "/webhooks",
        "/webhooks/",
        "/users",
        "/users/",
        "/platforms",
        "/platforms/",
        "",
        "/",
        "/slug",
        "/slug/",
    ):
        assert client.ask("GET", path).status in {200, 405}
    user = client.post("/users", {"type": "shared", "phoneNumber": "+14155550123"})
    assert client.get(f"/users/{user['id']}") == client.get(f"/users/{user['id']}/")


def test_an_unknown_path_is_a_404_in_the_envelope(client: Any) -> None:
    """A path that the contract does not have is not found, with the only code that is a word."""
    expected = {"succeed": False, "data": None, "code": "NOT_FOUND", "message": "Not found"}
    assert client.ask("GET", "/nothing").json == expected


@pytest.mark.parametrize(
    "path", ["/users/{}/", "/lines/{}/profile", "/whatsapp-business/accounts/{}/templates/", "/voice/sip-inbound/"]
)
def test_status_of_a_malformed_id_is_a_switch(path: str, client: Any, spectrum: Emulator) -> None:
    """An id that is no UUID is a 404, and with the switch a 422. An unknown UUID stays a 404."""
    unknown = "7c1b7c1e-0f5e-4e0a-9b6d-2f2a4c8e1d11"
    has_id = "{}" in path
    assert client.ask("GET", path.format("nobody")).status == (404 if has_id else 200)
    spectrum.switch(malformed_id_status=422)
    assert client.ask("GET", path.format("nobody")).status == (422 if has_id else 200)
    assert client.ask("GET", path.format(unknown)).status == (404 if has_id else 200)


def test_id_of_a_webhook_can_be_any_text(client: Any, spectrum: Emulator) -> None:
    """Webhook ids are not declared as UUIDs, so that no text is a malformed one."""
    spectrum.switch(malformed_id_status=422)
    assert client.ask("DELETE", "/webhooks/nobody").refusal == (404, "Webhook not found")


def test_unknown_method_is_a_405_with_allow(client: Any) -> None:
    """A 405 lists the methods of the path in Allow."""
    answer = client.ask("PUT", "/webhooks/some-id")
    assert answer.refusal == (405, "Method not allowed")
    assert answer.headers["allow"] == "PATCH, DELETE"


@pytest.mark.parametrize(
    ("body", "content_type", "message"),
    [
        (b"", "application/json", "The body is required"),
        (b"{", "application/json", "The body is not valid JSON"),
        (b"[" * 100_000, "application/json", "The body is nested deeper than 100 levels"),
        (b'{"platform": NaN}', "application/json", "The body is not valid JSON"),
        (b"\xff", "application/json", "The body is not valid JSON"),
        (b"[]", "application/json", "The body must be a JSON object"),
        (b"null", "application/json", "The body must be a JSON object"),
        (b'{"platform": "imessage"}', "text/plain", "The content type of the body must be application/json"),
        (b'{"platform": "voice"}', "application/json; charset=utf-8", "platform must be imessage"),
        (b"{}", "application/json", "platform is required"),
    ],
)
def test_invalid_body_is_a_422_that_says_why(body: bytes, content_type: str, message: str, client: Any) -> None:
    """A body must be present, be JSON with that content type, and be an object."""
    answer = client.ask("POST", "/lines/", data=body, headers={"Content-Type": content_type})
    assert answer.refusal == (422, message)


def test_every_problem_of_a_body_is_named(client: Any) -> None:
    """A 422 names each field that is wrong, and no value."""
    body = {"webhookUrl": "not a url", "eventTypes": "message.received", "colour": "blue"}
    assert client.ask("POST", "/webhooks/", body).refusal == (
        422,
        "webhookUrl must be a valid URL; eventTypes must be an array",
    )


def test_unknown_fields_are_dropped_unless_switched(client: Any, spectrum: Emulator) -> None:
    """A field that the API does not have is dropped, and with the switch refused."""
    body = {"type": "shared", "phoneNumber": "+14155550123", "colour": "blue"}
    assert "colour" not in client.post("/users/", body)
    spectrum.switch(unknown_fields="reject")
    assert client.ask("POST", "/users/", body).refusal == (422, "colour is not a known field")


def test_the_short_error_envelope_is_a_switch(client: Any, spectrum: Emulator) -> None:
    """With the switch, an error holds only succeed and message, as in the vendor's introduction."""
    spectrum.switch(short_errors=True)
    assert client.ask("GET", "/nothing").json == {"succeed": False, "message": "Not found"}


def test_the_contract_is_public(client: Any, spectrum: Emulator) -> None:
    """The OpenAPI document needs no credentials and has no envelope."""
    document = requests.get(f"{spectrum.url}/openapi/json", timeout=5).json()
    assert document["info"]["title"].startswith("Photon Spectrum")
