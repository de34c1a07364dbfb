"""Reports of requests: a line each, and the bodies without what may be secret or personal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses

from pulumi_spectrum.client import AnswerLost, ClientSettings
from pulumi_spectrum.client.request_reports import report_requests_to
from pulumi_spectrum.client.transport import Transport

ROOT = "https://spectrum.example.com/projects/project-1"


@pytest.fixture
def lines() -> list[str]:
    return []


def test_request_is_one_line(service: responses.RequestsMock, transport: Transport, lines: list[str]) -> None:
    """A report has the method, the path, the status, the time and the id that the service gives to the request."""
    headers = {"X-Request-Id": "r-1"}
    service.get(f"{ROOT}/webhooks/", json={"succeed": True, "data": []}, headers=headers)

    with report_requests_to(lines.append):
        transport.request("GET", "/webhooks/")
    transport.request("GET", "/webhooks/")

    assert lines == ["GET /webhooks/ 200 in 0 ms, request id r-1"]


@pytest.mark.parametrize("value", ["+14155550123", "14155550123", "alice@example.com", "r-1\nwith more", "x" * 200])
def test_request_id_that_is_none_is_not_shown(
    value: str, answers: Callable[..., None], transport: Transport, lines: list[str]
) -> None:
    """A header that holds something other than an id may hold what is personal, and is not shown."""
    answers(200, headers={"X-Request-Id": value})

    with report_requests_to(lines.append):
        transport.request("GET", "/thing")

    assert lines == ["GET /thing 200 in 0 ms"]


def test_each_try_is_one_line(answers: Callable[..., None], transport: Transport, lines: list[str]) -> None:
    """A repetition is numbered, and says how long it waited for the rate limit; a lost answer says what happened."""
    answers(503, requests.ConnectionError("reset"), 429, 200, headers={"Retry-After": "2"})

    with report_requests_to(lines.append):
        transport.request("GET", "/thing")

    assert [line.split(",")[0] for line in lines] == [
        "GET /thing 503 in 0 ms",
        "GET /thing had no answer in 0 ms",
        "GET /thing 429 in 0 ms",
        "GET /thing 200 in 0 ms",
    ]
    assert [f"try {number}" in line for number, line in enumerate(lines, 1)] == [False, True, True, True]
    assert "ms of waiting for the rate limit" in lines[3]


def test_query_shows_only_words_of_the_api(
    service: responses.RequestsMock, transport: Transport, lines: list[str]
) -> None:
    """What is searched for may be a phone number: it is hidden, as is a name."""
    service.get(f"{ROOT}/users/", json={"succeed": True, "data": {}})

    with report_requests_to(lines.append):
        transport.request("GET", "/users/", query={"limit": 500, "id": ["u-1", "u-2"], "search": "+14155550123"})

    assert lines == ["GET /users/?limit=500&id=u-1&id=u-2&search=… 200 in 0 ms"]


def test_bodies_show_no_text_that_may_be_secret_or_personal(
    service: responses.RequestsMock, transport: Transport, lines: list[str]
) -> None:
    """Numbers, switches, ids and the API's words are shown, at any depth; every other text is hidden."""
    answer = {
        "id": "w-1",
        "signingSecret": "0123abcd",
        "enabled": True,
        "profile": {"firstName": "Alice", "avatarUrl": None},
        "items": [{"type": "shared", "phoneNumber": "+14155550123"}],
        "eventTypes": ["message.received"],
        "message": "Alice",
    }
    service.post(f"{ROOT}/webhooks/", json={"succeed": True, "data": answer})

    with report_requests_to(lines.append, bodies=True):
        transport.request("POST", "/webhooks/", body={"webhookUrl": "https://x.example/t0ken", "schemaVersion": "v1"})

    sent, answered = lines[1:]
    assert sent == 'POST /webhooks/ sent: {"webhookUrl": "…", "schemaVersion": "v1"}'
    assert answered == (
        'POST /webhooks/ answered: {"succeed": true, "data": {"id": "w-1", "signingSecret": "…", "enabled": true, '
        '"profile": {"firstName": "…", "avatarUrl": null}, "items": [{"type": "shared", "phoneNumber": "…"}], '
        '"eventTypes": ["message.received"], "message": "…"}}'
    )


def test_body_that_is_no_json(service: responses.RequestsMock, transport: Transport, lines: list[str]) -> None:
    """Of a page of a proxy only the size is shown."""
    service.get(f"{ROOT}/thing", body="<html>secret</html>", status=404)

    with report_requests_to(lines.append, bodies=True), pytest.raises(Exception, match="404"):
        transport.request("GET", "/thing")

    assert lines[1:] == ["GET /thing answered: 19 bytes that are no JSON"]


def test_lost_answer_names_no_credential(
    make_transport: Callable[..., Transport], service: responses.RequestsMock, lines: list[str]
) -> None:
    """What happened in place of a response is shown without what the library says of it."""
    service.post(f"{ROOT}/lines/", body=requests.ReadTimeout("s3cr3t-of-project-1"))
    settings: Any = ClientSettings("project-1", "s3cr3t-of-project-1", "https://spectrum.example.com")

    with report_requests_to(lines.append, bodies=True), pytest.raises(AnswerLost):
        make_transport(settings).request("POST", "/lines/", body={"platform": "imessage"})

    assert lines[0].startswith("POST /lines/ had no answer in 0 ms, ")
    assert "s3cr3t" not in "".join(lines)
