"""How HTTP responses are read: data, errors and rows."""

import base64
import json
import math
from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from pulumi_spectrum.client import (
    Conflict,
    CredentialsRefused,
    NotFound,
    PlanRefused,
    RateLimited,
    RequestRefused,
    ServiceFailed,
    SpectrumError,
)
from pulumi_spectrum.client.lines import LineRow
from pulumi_spectrum.client.received_response import ReceivedResponse
from pulumi_spectrum.client.responses import UNREADABLE, Row, decode, decode_list, decode_response
from pulumi_spectrum.client.user_list import UserRow
from pulumi_spectrum.client.webhooks import RegisteredWebhook, RotatedSecret, WebhookRow
from pulumi_spectrum.client.whatsapp_rows import CreatedTemplate, WhatsAppAccountRow, WhatsAppTemplateRow
from pulumi_spectrum.spelling.property_names import to_camel

SECRET = "s3cr3t-of-project-1"
HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def answer(status: int, body: Any = None, **headers: str) -> ReceivedResponse:
    """An answer with a body: a text as it is, anything else as JSON."""
    content = (body if isinstance(body, str) else json.dumps(body)).encode()
    given = {"Content-Type": "text/html" if isinstance(body, str) else "application/json", **headers}
    return ReceivedResponse(status, CaseInsensitiveDict(given), content)


def refusal(message: str | None = "No.", code: Any = "C-1") -> dict[str, Any]:
    """The service's envelope of an error."""
    return {"succeed": False, "data": None, "code": code, "message": message}


def error_of(made: ReceivedResponse, hidden: Collection[str] = ()) -> SpectrumError:
    with pytest.raises(SpectrumError) as caught:
        decode_response(made, "POST", "/webhooks/", dict.fromkeys(hidden, "secret"))
    return caught.value


@pytest.mark.parametrize("data", [{"id": "w-1"}, [1, 2], [], None, "text", 0])
@pytest.mark.parametrize("status", [200, 201])
def test_data_of_a_success_is_returned(status: int, data: Any) -> None:
    """A success returns its `data`, whatever that is, null included."""
    assert decode_response(answer(status, {"succeed": True, "data": data}), "GET", "/") == data


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRefused),
        (401, CredentialsRefused),
        (402, PlanRefused),
        (403, PlanRefused),
        (404, NotFound),
        (405, RequestRefused),
        (409, Conflict),
        (422, RequestRefused),
        (429, RateLimited),
        (500, ServiceFailed),
        (502, ServiceFailed),
        (503, ServiceFailed),
    ],
)
@pytest.mark.parametrize("body", [refusal(), {"succeed": True, "data": {}, "message": "No.", "code": "C-1"}])
def test_status_decides_the_error(status: int, kind: type[SpectrumError], body: dict[str, Any]) -> None:
    """The class of the error depends on the HTTP status alone, even if the envelope claims a success."""
    error = error_of(answer(status, body))

    assert type(error) is kind
    assert (error.status, error.code, error.message) == (status, "C-1", "No.")
    assert (error.method, error.path) == ("POST", "/webhooks/")
    assert str(error) == f"POST /webhooks/ failed (HTTP {status}): No."


def test_200_that_did_not_succeed_is_an_error() -> None:
    """A 200 whose envelope says `succeed: false` raises ServiceFailed with the API's message."""
    error = error_of(answer(200, refusal("The queue is full.")))

    assert type(error) is ServiceFailed
    assert str(error) == "POST /webhooks/ failed (HTTP 200): The queue is full."


def test_error_envelope_without_code_data_or_message() -> None:
    """An error's envelope may lack its code, its data and its message."""
    assert error_of(answer(404, {"succeed": False, "message": "Gone"})).code is None
    assert error_of(answer(404, {"succeed": False})).message == "the service gave no reason"


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 409, 422, 500, 502])
@pytest.mark.parametrize(
    "body",
    [
        HTML,
        "",
        "not json",
        '{"succeed": true, "data": [{"id": "w',
        [],
        "null",
        {"error": "unauthorized"},
        {"succeed": "true", "data": {}},
        "[" * 100_000,
    ],
)
def test_response_of_something_else_is_a_service_failure(status: int, body: Any) -> None:
    """A proxy's page, garbage or half a response is a failure of the service, even with a 404."""
    error = error_of(answer(status, body))

    assert type(error) is ServiceFailed
    assert error.maybe_done
    assert error.status == status
    assert "the answer is not from the Spectrum API" in str(error)
    assert "nginx" not in str(error)


def test_success_without_data_is_an_error() -> None:
    """An envelope that lacks its `data` is no success."""
    assert type(error_of(answer(200, {"succeed": True}))) is ServiceFailed


def test_page_of_a_proxy_is_named_by_its_content_type() -> None:
    """The error of a proxy's page names its content type, and where to look."""
    assert str(error_of(answer(200, HTML, **{"Content-Type": "text/html; charset=utf-8"}))) == (
        "POST /webhooks/ failed (HTTP 200): the answer is not from the Spectrum API (text/html); a proxy or another "
        "server may stand in between. Check the proxy settings."
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("body", [HTML, {"succeed": True, "data": {}}])
def test_redirect_is_an_error(status: int, body: Any) -> None:
    """A redirect raises an error whatever its body is, which does not show the target."""
    error = error_of(answer(status, body, Location="https://evil.example.com/"))

    assert type(error) is ServiceFailed
    assert error.maybe_done
    assert "answered with a redirect" in str(error)
    assert "evil" not in str(error)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:09 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 9.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:27:00 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:09 GMT"}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:09 -0000", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "soon", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "1e999"}, None),
        ({"Retry-After": ""}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_both_forms_of_retry_after_are_read(status: int, headers: dict[str, str], expected: float | None) -> None:
    """Retry-After is a number of seconds, or a date that is compared with the response's own Date."""
    assert error_of(answer(status, refusal(), **headers)).retry_after == expected


@given(value=st.text(max_size=40), now=st.text(max_size=40))
def test_any_retry_after_is_finite(value: str, now: str) -> None:
    """Whatever the headers hold, `retry_after` is a finite number of seconds or None."""
    seconds = error_of(answer(429, refusal(), **{"Retry-After": value, "Date": now})).retry_after

    assert seconds is None or 0 <= seconds < math.inf


def test_echoed_secret_is_hidden() -> None:
    """An error does not show a secret that the service sends back, plain or as Basic credentials."""
    token = base64.b64encode(f"project-1:{SECRET}".encode()).decode()
    body = refusal(f"Bad header 'Basic {token}' for {SECRET}", code=SECRET)

    error = error_of(answer(422, body), hidden=(SECRET, token))

    assert error.message == "Bad header 'Basic [secret]' for [secret]"
    assert SECRET not in f"{error!r} {error.args} {vars(error)}"


@given(before=st.integers(0, 330))
def test_message_is_cut_after_secrets_are_hidden(before: int) -> None:
    """A long message is cut after its secrets are hidden, so no part of one is left at its end."""
    error = error_of(answer(422, refusal("x" * before + SECRET + "y" * 50)), hidden=(SECRET,))

    assert SECRET[:4] not in error.message


def test_long_message_is_cut() -> None:
    """At most a few lines of a message are shown."""
    assert error_of(answer(422, refusal("x" * 5000))).message == "x" * 300


@pytest.mark.parametrize("message", ["one\ntwo\r\n\tthree", "one \x1b[31mtwo\x07 three", "one\u2028two three"])
def test_message_is_one_printable_line(message: str) -> None:
    """Line breaks and control characters of a message are not shown."""
    shown = error_of(answer(422, refusal(message))).message

    assert shown.isprintable()
    assert shown.startswith("one ")


ROWS_WITH_ID = [
    CreatedTemplate,
    LineRow,
    RegisteredWebhook,
    RotatedSecret,
    UserRow,
    WebhookRow,
    WhatsAppAccountRow,
    WhatsAppTemplateRow,
]


class Thing(Row):
    thing_id: str
    count: int | None = None


def test_row_is_read_liberally() -> None:
    """Unknown fields of a row are ignored, missing ones are not set, and either spelling is read."""
    assert decode(Thing, {"thingId": "a", "added": "later"}, "/things/") == Thing(thing_id="a")
    assert decode(Thing, {"thing_id": "a"}, "/things/").model_dump(exclude_unset=True) == {"thing_id": "a"}


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"count": 1}, "thingId"),
        ({"thingId": "a", "count": SECRET}, "count"),
        ({"thingId": {"x": SECRET}, "count": SECRET}, "count, thingId"),
        (SECRET, "data"),
        (None, "data"),
    ],
)
def test_unreadable_row_names_its_fields(data: Any, fields: str) -> None:
    """A row that cannot be read raises ServiceFailed, which names the fields and shows no values."""
    with pytest.raises(ServiceFailed) as caught:
        decode(Thing, data, "/things/")

    assert str(caught.value) == (
        f"Reading /things/ failed: the answer has an unexpected form (in {fields}), {UNREADABLE}."
    )


@pytest.mark.parametrize("row", ROWS_WITH_ID, ids=lambda row: row.__name__)
@pytest.mark.parametrize("empty", ["", "  "])
def test_empty_id_is_unreadable(row: type[Row], empty: str) -> None:
    """An id that is empty is refused as a missing one is: in a state it would mean that the object is gone."""
    fields = {to_camel(name): "x" for name, each in row.model_fields.items() if each.is_required()}

    assert decode(row, fields, "/things/").model_dump()["id"] == "x"
    with pytest.raises(ServiceFailed, match=r"unexpected form \(in (id|accountId)\)"):
        decode(row, {**fields, "id": empty}, "/things/")


@pytest.mark.parametrize("data", [{}, None, "text", {"things": []}])
def test_response_that_is_no_list_is_an_error(data: Any) -> None:
    """An object in place of a list raises ServiceFailed, and is not read as an empty list."""
    with pytest.raises(ServiceFailed, match="not a list"):
        decode_list(Thing, data, "/things/")


def test_unreadable_row_fails_the_list() -> None:
    """A list with a row that cannot be read raises an error, and does not leave the row out."""
    with pytest.raises(ServiceFailed, match="in thingId"):
        decode_list(Thing, [{"thingId": "a"}, {}], "/things/")


def test_very_long_message_is_not_shown() -> None:
    """A message that is too long to be looked through for secrets is replaced by a remark."""
    error = error_of(answer(422, refusal(SECRET * 10_000)), hidden=(SECRET,))

    assert error.message == "its text is too long to show"


def test_few_fields_of_an_unreadable_row_are_named() -> None:
    """Of a row with many problems the first fields are named, on one line."""

    class Wide(Row):
        counts: dict[str, int]

    with pytest.raises(ServiceFailed) as caught:
        decode(Wide, {"counts": {f"a\n{number}": "x" for number in range(1000)}}, "/things/")

    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()
