"""What can be shown of a request and its response: words of the API, ids and times, and no text of people."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.client.masking import masked_content, masked_json, masked_path

ID = "3f0c2a52-9d0e-4a59-8a55-2f7f0f6f7c11"
USER = {
    "id": ID,
    "type": "shared",
    "phoneNumber": "+14155550123",
    "firstName": "Alice",
    "lastName": "",
    "email": "alice@example.com",
    "meta": {"alice": {"id": "Alice"}},
    "createdAt": "2026-11-28T10:00:00.000Z",
    "deletedAt": None,
}


def test_people_are_hidden_in_bodies() -> None:
    """Of a user the id, the type and the times are shown, and whether a text is empty; no name, phone or e-mail is."""
    assert json.loads(masked_json(USER)) == {
        "id": ID,
        "type": "shared",
        "phoneNumber": "…",
        "firstName": "…",
        "lastName": "",
        "email": "…",
        "meta": "…",
        "createdAt": "2026-11-28T10:00:00.000Z",
        "deletedAt": None,
    }


@pytest.mark.parametrize("name", ["id", "type", "status", "code", "createdAt", "lineId", "unknown"])
@pytest.mark.parametrize(
    "text", ["+14155550123", "14155550123", "415-555-0123", "alice@example.com", "https://example.com/?t=1", "A B"]
)
def test_personal_text_is_hidden_under_every_name(name: str, text: str) -> None:
    """A text that has the form of a phone number, an e-mail address or a URL is hidden, whatever its property is."""
    assert text not in masked_json({name: text})
    assert text not in masked_json({"users": [{name: [text]}]})


def test_large_numbers_are_hidden() -> None:
    """A number that may be a phone number is hidden, and a duration, a count or an amount is shown."""
    assert json.loads(masked_json({"overlapSeconds": 604800, "price": 7.5, "phone": 14155550123})) == {
        "overlapSeconds": 604800,
        "price": 7.5,
        "phone": "…",
    }


def test_names_that_people_choose_are_hidden() -> None:
    """A property's name that has not the form of the API's names is hidden."""
    assert json.loads(masked_json({"+14155550123": True, "enabled": True})) == {"…": True, "enabled": True}


def test_long_lists_are_cut() -> None:
    """Of a long list the first rows are shown, and how many more it has."""
    masked = json.loads(masked_json({"users": [USER] * 500, "total": 500}))
    assert (len(masked["users"]), masked["users"][-1], masked["total"]) == (4, "and 497 more", 500)


@pytest.mark.parametrize(
    ("path", "query", "shown"),
    [
        (f"/users/{ID}/", None, f"/users/{ID}/"),
        ("/users/", {"search": "+14155550123", "limit": 500}, "/users/?search=…&limit=500"),
        ("/users/", {"id": [ID, "+14155550123"], "type": None}, f"/users/?id={ID}&id=…"),
        ("/users/+14155550123/", None, "/users/…/"),
        ("/users/%2B14155550123/alice%40example.com", None, "/users/…/…"),
        ("/lines/", {"platform": "imessage"}, "/lines/?platform=imessage"),
    ],
)
def test_path_and_query(path: str, query: dict[str, object] | None, shown: str) -> None:
    """Ids and words stay readable in paths and queries; phone numbers and what is searched for are hidden."""
    assert masked_path(path, query) == shown


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"", "nothing"),
        (b"<html>Alice</html>", "18 bytes that are no JSON"),
        (b"\xff\xfe", "2 bytes that are no JSON"),
    ],
)
def test_bodies_that_are_no_json(content: bytes, shown: str) -> None:
    """A body that is not JSON is not shown, only how long it is."""
    assert masked_content(content) == shown


def test_deep_body_is_cut() -> None:
    """A body that is nested without end is shown to a certain depth."""
    assert masked_content(b"[" * 500 + b"]" * 500).count("[") < 20
    assert masked_content(b"[" * 100_000) == "100000 bytes that are no JSON"


SECRET = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
NAMES = st.sampled_from(["signingSecret", "botToken", "password", "clientSecret", "webhookUrl", "message", "name", "x"])
TREES = st.recursive(
    st.just(SECRET), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
)


@given(st.dictionaries(NAMES, TREES))
def test_secret_never_shows(body: dict[str, object]) -> None:
    """No secret shows, wherever it stands in a body."""
    assert SECRET not in masked_json(body)
    assert SECRET not in masked_content(json.dumps({"succeed": True, "data": body}).encode())
