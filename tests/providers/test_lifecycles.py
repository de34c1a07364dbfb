"""The facts about each kind that need no service: what makes it the same, what it warns of, what is worth managing."""

from typing import Any

import pytest

from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers.lifecycle import Lifecycle, Live, Method
from pulumi_spectrum.providers.line import LIFECYCLE as LINE
from pulumi_spectrum.providers.platform import LIFECYCLE as PLATFORM
from pulumi_spectrum.providers.user import LIFECYCLE as USER
from pulumi_spectrum.providers.webhook import LIFECYCLE as WEBHOOK

PHONE, LINE_A, LINE_B = "+14155550123", "+14155550198", "+14155550199"


def shared(phone: str) -> dict[str, Any]:
    return {"type": "shared", "phoneNumber": phone}


def dedicated(phone: str, line: str) -> dict[str, Any]:
    return {"type": "dedicated", "phoneNumber": phone, "assignedPhoneNumber": line}


@pytest.mark.parametrize(
    ("lifecycle", "one", "other"),
    [
        (WEBHOOK, {"webhookUrl": "https://a.example.com"}, {"webhookUrl": "https://a.example.com", "enabled": False}),
        (WEBHOOK, {"webhookUrl": "https://b\u00fccher.example"}, {"webhookUrl": "https://xn--bcher-kva.example:443/"}),
        (PLATFORM, {"platform": "voice"}, {"platform": "voice", "enabled": False}),
        (USER, shared(PHONE), {**shared(PHONE), "firstName": "A"}),
        (USER, dedicated(PHONE, LINE_A), dedicated(PHONE, LINE_A)),
    ],
)
def test_the_same_object(lifecycle: Lifecycle[Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    """Two resources with the same key are one object, whatever else they want of it."""
    assert lifecycle.identity(one) == lifecycle.identity(other) is not None


@pytest.mark.parametrize(
    ("lifecycle", "one", "other"),
    [
        (WEBHOOK, {"webhookUrl": "https://a.example.com/a"}, {"webhookUrl": "https://a.example.com/a/"}),
        (PLATFORM, {"platform": "voice"}, {"platform": "slack"}),
        (USER, shared(PHONE), shared(LINE_A)),
        (USER, shared(PHONE), dedicated(PHONE, LINE_A)),
        (USER, dedicated(PHONE, LINE_A), dedicated(PHONE, LINE_B)),
    ],
)
def test_two_objects(lifecycle: Lifecycle[Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    """What the service tells apart is not the same."""
    assert lifecycle.identity(one) != lifecycle.identity(other)


@pytest.mark.parametrize(
    ("lifecycle", "known"),
    [
        (WEBHOOK, {"enabled": True}),
        (PLATFORM, {"enabled": True}),
        (LINE, {"platform": "imessage", "firstName": "A"}),
        (USER, {"phoneNumber": PHONE}),
        (USER, {"type": "shared"}),
        (USER, {"type": "dedicated", "phoneNumber": PHONE}),
    ],
)
def test_what_has_no_identity_yet(lifecycle: Lifecycle[Any], known: dict[str, Any]) -> None:
    """Where part of the key is not known, and for a line at any time, nothing is the same as anything."""
    assert lifecycle.identity(known) is None


def test_a_webhook_without_its_secret_says_so() -> None:
    """Whoever takes over a webhook hears that its secret is not known, and how to get one."""
    warning = WEBHOOK.notice(Method.READ, {"webhookUrl": "https://a.example.com"})

    assert warning is not None
    assert "signing_secret" in warning
    assert 'on_conflict="replace"' in warning
    assert WEBHOOK.notice(Method.READ, {"signingSecret": "s"}) is None
    assert WEBHOOK.notice(Method.DELETE, {}) is None


@pytest.mark.parametrize(
    ("lifecycle", "properties", "expected"),
    [
        (
            WEBHOOK,
            {
                "webhookUrl": "https://a.example.com",
                "enabled": False,
                "schemaVersion": "raw-inbound.v1",
                "eventTypes": ["message.received"],
                "failureNotificationEmail": None,
                "status": "disabled",
                "createdAt": "2026",
            },
            {"webhookUrl": "https://a.example.com", "enabled": False},
        ),
        (
            PLATFORM,
            {"platform": "imessage", "enabled": True, "autoScale": False},
            {"platform": "imessage", "enabled": True},
        ),
        (
            PLATFORM,
            {"platform": "voice", "enabled": True, "imessageEnabled": True},
            {"platform": "voice", "enabled": True, "imessageEnabled": True},
        ),
        (
            LINE,
            {"platform": "imessage", "phoneNumber": PHONE, "firstName": "A", "lastName": None, "status": "available"},
            {"platform": "imessage", "firstName": "A"},
        ),
        (
            USER,
            {**shared(PHONE), "assignedPhoneNumber": LINE_A, "email": "a@example.com", "redirectUrl": "https://x"},
            {**shared(PHONE), "email": "a@example.com"},
        ),
        (USER, {**dedicated(PHONE, LINE_A), "firstName": None}, dedicated(PHONE, LINE_A)),
    ],
)
def test_what_a_person_would_write(
    lifecycle: Lifecycle[Any], properties: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Of an object that is taken over only what somebody chose is written down, in a way that check accepts."""
    kind = next(each for each in load_kinds() if each.noun == lifecycle.noun)
    inputs = kind.inputs_for(Live("id", properties))

    assert inputs == {**kind.defaults(), **expected}
    lifecycle.inputs.model_validate(expected)


def test_preexisting_objects() -> None:
    """A platform that is off need not be declared by any program; everything else was made."""
    assert PLATFORM.is_preexisting(Live("slack", {"platform": "slack", "enabled": False}))
    assert not PLATFORM.is_preexisting(Live("slack", {"platform": "slack", "enabled": True}))
    assert [kind.key for kind in load_kinds() if kind.is_preexisting(Live("id", {}))] == ["platform"]
