"""Whatever a server answers, the client returns something or fails with an error of its own tree, without secrets."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import responses
from fuzzing import PLANTED, changed, fails_cleanly, json_like
from hypothesis import given
from hypothesis import strategies as st
from local_servers import serve_script
from requests.structures import CaseInsensitiveDict

from pulumi_spectrum.client import ClientSettings, SpectrumClient, SpectrumError
from pulumi_spectrum.client.lines import LineRow
from pulumi_spectrum.client.masking import masked_content
from pulumi_spectrum.client.received_response import ReceivedResponse
from pulumi_spectrum.client.responses import decode_response
from pulumi_spectrum.client.whatsapp_rows import WhatsAppTemplateRow

_ANY_URL = re.compile(".*")
BASE_URL = "https://spectrum.example.com"
STATUSES = st.sampled_from([200, 201, 204, 301, 400, 401, 404, 409, 422, 429, 500, 503, 999])

WEBHOOK = {
    "id": "w-1", "webhookUrl": "https://a.example.com", "createdAt": "2026-01-01T00:00:00Z", "enabled": True,
    "eventTypes": ["message.received"], "status": "active", "failureNotificationEmail": None,
    "signingSecret": PLANTED, "standardSigningSecret": PLANTED, "previousValidUntil": None,
}  # fmt: skip
LINE = {
    "id": "l-1", "platform": "imessage", "phoneNumber": "+14155550123", "status": "available", "createdAt": "x",
    "profile": {"firstName": "A", "lastName": None, "avatarUrl": None},
}  # fmt: skip
USER = {
    "id": "u-1", "projectId": "p-1", "type": "shared", "phoneNumber": "+14155550123", "assignedPhoneNumber": None,
    "firstName": PLANTED, "meta": {"a": 1}, "createdAt": "x",
}  # fmt: skip
TEMPLATE = {
    "id": "t-1", "name": "hello", "language": "en", "category": "UTILITY", "status": "APPROVED",
    "components": [{"type": "BODY", "text": PLANTED, "example": {"body_text": [["a"]]}}],
    "parameterFormat": "POSITIONAL", "qualityScore": {"score": "GREEN"}, "rejectedReason": "NONE",
}  # fmt: skip
SLACK = {
    "appConfigId": "c-1", "projectId": "p-1", "enabledFeatures": ["dms"], "clientId": "1.2", "clientSecret": PLANTED,
    "signingSecret": PLANTED, "appId": "A1", "installationCount": 0, "createdAt": "x", "updatedAt": "x",
}  # fmt: skip
SIP = {"configId": "s-1", "projectId": "p-1", "sipUri": "sip:a@b", "username": PLANTED, "hasPassword": True}
PLATFORMS = {"imessage": {"enabled": True, "autoScale": False}, "voice": {"enabled": False, "imessage_enabled": True}}
PROJECT = {"id": "p-1", "name": "Acme", "slug": "acme", "profile": {"firstName": "A", "lastName": "B"}}

CALLS: dict[str, tuple[Callable[[SpectrumClient], object], Any]] = {
    "list webhooks": (lambda client: client.webhooks.all(), [WEBHOOK, WEBHOOK]),
    "register": (lambda client: client.webhooks.register("https://a.example.com"), WEBHOOK),
    "change a webhook": (lambda client: client.webhooks.change("w-1", enabled=True), WEBHOOK),
    "rotate": (lambda client: client.webhooks.rotate_secret("w-1"), WEBHOOK),
    "delete a webhook": (lambda client: client.webhooks.delete("w-1"), {"id": "w-1"}),
    "egress": (lambda client: client.webhooks.egress_ips(), {"addresses": ["10.0.0.1"]}),
    "list platforms": (lambda client: client.platforms.all(), PLATFORMS),
    "switch": (lambda client: client.platforms.switch("voice", enabled=True), PLATFORMS),
    "set a platform": (lambda client: client.platforms.set("imessage", autoScale=True), PLATFORMS),
    "list lines": (lambda client: client.lines.all(), {"lines": [LINE]}),
    "allocate": (lambda client: client.lines.allocate("imessage"), {"line": LINE, "lines": [], "billing": {}}),
    "name a line": (
        lambda client: client.lines.change_profile(LineRow.model_validate(LINE), firstName="A"),
        {"projectId": "p-1", "lineId": "l-1", "phoneNumber": "+1", "firstName": "A", "lastName": None},
    ),
    "list users": (lambda client: client.users.all(), {"users": [USER], "total": 1}),
    "first users": (lambda client: client.users.first_page(), {"users": [USER], "total": 1}),
    "find a user": (lambda client: client.users.find("u-2"), {"users": [USER], "total": 1}),
    "create a user": (lambda client: client.users.upsert("shared", "+14155550123"), {**USER, "users": [], "total": 0}),
    "project": (lambda client: client.project.read(), PROJECT),
    "profile": (lambda client: client.project.change_profile(firstName="A"), {"projectId": "p-1", "firstName": "A"}),
    "subscription": (lambda client: client.project.subscription(), {"tier": "pro", "status": "active"}),
    "imessage": (lambda client: client.project.imessage(), {"type": "shared"}),
    "SIP": (lambda client: client.sip_inbound.read(), SIP),
    "set SIP": (lambda client: client.sip_inbound.create({"sipUri": "sip:a@b"}), SIP),
    "Slack": (lambda client: client.slack_app.read(), SLACK),
    "set Slack": (lambda client: client.slack_app.set({"appId": "A1"}), SLACK),
    "accounts": (lambda client: client.whatsapp.accounts(), [{"accountId": "a-1"}]),
    "templates": (
        lambda client: client.whatsapp.templates("a"),
        {"templates": [TEMPLATE], "paging": {"nextCursor": None}},
    ),
    "create a template": (
        lambda client: client.whatsapp.create_template("a", "hi", "en", category="UTILITY", components=[]),
        {**TEMPLATE, "templates": [], "paging": {}},
    ),
    "change a template": (
        lambda client: client.whatsapp.change_template(
            "a", WhatsAppTemplateRow.model_validate(TEMPLATE), components=[]
        ),
        {"templateId": "t-1", "success": True},
    ),
}


@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)), status=STATUSES)
def test_any_bytes(content: bytes, status: int) -> None:
    """A body of any bytes is read, or is a failure of the client's tree; it can be reported as well."""
    response = ReceivedResponse(status, CaseInsensitiveDict({"Content-Type": "application/json"}), content)
    with fails_cleanly(SpectrumError):
        decode_response(response, "GET", "/")
    masked_content(content)


@given(
    envelope=st.one_of(
        json_like(),
        changed({"succeed": False, "data": None, "code": "C", "message": f"The value {PLANTED} is wrong"}),
        changed({"succeed": True, "data": PLANTED, "message": [PLANTED]}),
    ),
    status=STATUSES,
    headers=st.dictionaries(st.sampled_from(["Retry-After", "Date", "Content-Type"]), st.text(max_size=30)),
)
def test_any_envelope(envelope: Any, status: int, headers: dict[str, str]) -> None:
    """An envelope of any values is read, or is a failure that hides what the service repeats of a secret."""
    content = _dumped(envelope)
    response = ReceivedResponse(status, CaseInsensitiveDict(headers), content)
    with fails_cleanly(SpectrumError):
        decode_response(response, "POST", "/thing", {PLANTED: "secret"})
    assert PLANTED not in masked_content(content)


@pytest.mark.parametrize("call", CALLS)
@given(data=st.data())
def test_any_data(call: str, data: st.DataObject) -> None:
    """An answer of the right outer shape with anything inside is decoded, or is an error that names no value."""
    send, honest = CALLS[call]
    content = _dumped({"succeed": True, "data": data.draw(changed(honest))})
    with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            service.add(method, _ANY_URL, body=content, content_type="application/json")
        settings = ClientSettings("p-1", "s3cr3t", BASE_URL, requests_per_second=100_000)
        with SpectrumClient(settings, repeats=False, sleep=lambda _: None) as client, fails_cleanly(SpectrumError):
            send(client)


HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 302 Found\r\nLocation: /\xff\r\n", b"HTTP/1.1 ", b"HTTP/9.9 999 \r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
        b"Content-Length: 1, 2\r\n",
        b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"Set-Cookie: a=b; expires=\xff\r\n",
        b"Connection: close\r\n", b"a" * 70_000, b": \r\n", b" \r\n",
        b"\r\n", b"5\r\nabcde\r\n", b"zz\r\n", b"0\r\n\r\n",
        b'{"succeed": true, "data": 1}', b"\x1f\x8b\x08\x00",
    ]
)  # fmt: skip


@given(parts=st.lists(st.one_of(HEADS, HEADS, st.binary(max_size=30)), max_size=8))
def test_any_bytes_on_the_wire(parts: list[bytes]) -> None:
    """Whatever bytes a server sends in the place of a response, the failure is one of the client's tree."""
    served = iter([b"".join(parts)])

    def script(peer: Any) -> None:
        peer.send(next(served))
        peer.hang_up()

    with serve_script(script) as (port, _):
        settings = ClientSettings("p-1", PLANTED, f"http://127.0.0.1:{port}", 100_000, timeout_seconds=2)
        with SpectrumClient(settings, repeats=False) as client, fails_cleanly(SpectrumError):
            client.project.read()


def _dumped(value: Any) -> bytes:
    """Return a JSON text, also of what has no JSON form in other libraries."""
    try:
        return json.dumps(value).encode()
    except (RecursionError, ValueError):
        return b'{"succeed":true,"data":' + b"[" * 2000 + b"]" * 2000 + b"}"
