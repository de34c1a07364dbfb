"""When components of a WhatsApp template mean the same, and which part of what Meta returns a program manages."""

from typing import Any

import pytest

from pulumi_spectrum.providers.whatsapp_components import components_to_send, managed_components, same_components

BODY = {"type": "BODY", "text": "Hi"}
FOOTER = {"type": "FOOTER", "text": "Acme"}
QUICK = {"type": "QUICK_REPLY", "text": "Yes"}


def header(*handles: str) -> dict[str, Any]:
    return {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": list(handles)}}


@pytest.mark.parametrize(
    ("live", "wanted", "expected"),
    [
        ([{**BODY, "added": 1}], [BODY], [BODY]),
        ([FOOTER, {**BODY, "added": 1}], [BODY, FOOTER], [BODY, FOOTER]),
        ([{**BODY, "text": "Bye"}], [BODY], [{**BODY, "text": "Bye"}]),
        ([{"type": "BODY"}], [BODY], [{"type": "BODY"}]),
        ([BODY, FOOTER], [BODY], [BODY, FOOTER]),
        ([FOOTER], [BODY], [FOOTER]),
        ([BODY], [{"type": "body", "text": "Hi"}], [BODY]),
        (
            [{"type": "BUTTONS", "buttons": [{**QUICK, "id": 5}, QUICK]}],
            [{"type": "BUTTONS", "buttons": [QUICK]}],
            [{"type": "BUTTONS", "buttons": [QUICK, QUICK]}],
        ),
        ([header("https://a.example.com/1")], [header("4::aW")], [header("4::aW")]),
        ([header("https://a.example.com/1")], [header("https://a.example.com/2")], [header("https://a.example.com/1")]),
        ([header("4::bX")], [header("4::aW")], [header("4::bX")]),
        ([BODY, BODY], [BODY], [BODY, BODY]),
        ("text", [BODY], "text"),
        (["text", None], [BODY], ["text", None]),
    ],
)
def test_managed_components(live: Any, wanted: Any, expected: Any) -> None:
    """Keys that the program gives, in its order; what is missing, changed or added as a component is drift."""
    assert managed_components(live, wanted) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([BODY, FOOTER], [FOOTER, BODY], True),
        ([BODY], [{**BODY, "type": "body", "example": None}], True),
        ([{**BODY, "limit": 5}], [{"limit": 5.0, **BODY}], True),
        ([BODY], [{**BODY, "text": "hi"}], False),
        ([BODY], [{**BODY, "example": {}}], False),
        ([BODY], [BODY, BODY], False),
        ([header("a")], [{**header("a"), "format": "image"}], True),
        ([header("a")], [header("b")], False),
        (None, [BODY], False),
        ([], [BODY], False),
    ],
)
def test_same_components(one: Any, other: Any, expected: bool) -> None:
    """Order, the case of Meta's words and keys that are None make no difference; everything else does."""
    assert same_components(one, other) is expected
    assert same_components(other, one) is expected


def test_components_to_send() -> None:
    """Whole numbers are sent as such, None is left out at any depth, and everything else is sent as it is."""
    given = {
        "type": "BODY",
        "minutes": 10.0,
        "share": 0.5,
        "on": True,
        "none": None,
        "list": [{"none": None, "n": 1.0}],
    }
    sent = components_to_send([given])

    assert repr(sent) == "[{'type': 'BODY', 'minutes': 10, 'share': 0.5, 'on': True, 'list': [{'n': 1}]}]"
