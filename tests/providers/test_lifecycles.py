"""The facts about each kind that need no requests: identities, warnings, and what `adopt` writes."""

from typing import Any

import pytest
from kind_samples import SAMPLES

from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers.lifecycle import Lifecycle, Live, Method
from pulumi_spectrum.registry import REGISTRY

LIFECYCLES: dict[str, Any] = {each.key: each.load_rules() for each in REGISTRY}
LINE, PLATFORM, USER, WEBHOOK = (LIFECYCLES[key] for key in ("line", "platform", "user", "webhook"))

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
def test_same_identity(lifecycle: Lifecycle[Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    """Resources with the same identifying arguments declare the same object, whatever their other arguments are."""
    assert lifecycle.identity(one) == lifecycle.identity(other) is not None


@pytest.mark.parametrize("key", LIFECYCLES)
def test_identity_follows_the_facts_of_the_arguments(key: str) -> None:
    """A kind with arguments that identify an object has an identity; so has a singleton, without any argument."""
    lifecycle, sample = LIFECYCLES[key], SAMPLES[key]
    has_one = bool(lifecycle.identified_by) or lifecycle.singleton

    assert (lifecycle.identity(sample.arguments) is not None) is has_one
    assert (lifecycle.identity({}) is not None) is lifecycle.singleton


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
def test_different_identities(lifecycle: Lifecycle[Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    """Objects that the API tells apart have different identities."""
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
def test_unknown_identity(lifecycle: Lifecycle[Any], known: dict[str, Any]) -> None:
    """An object has no identity while part of it is unknown, and a line never has one."""
    assert lifecycle.identity(known) is None


def test_webhook_without_its_secret_gives_a_warning() -> None:
    """Reading a webhook whose secret is not known gives a warning that says how to get one."""
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
def test_adopted_inputs_are_what_a_person_would_write(
    lifecycle: Lifecycle[Any], properties: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Of an adopted object only the properties that somebody chose become arguments, and `check` accepts them."""
    kind = next(each for each in load_kinds() if each.noun == lifecycle.noun)
    inputs = kind.inputs_for(Live("id", properties))

    assert inputs == {**kind.defaults(), **expected}
    lifecycle.parse(expected)


def test_preexisting_objects() -> None:
    """A platform that is off exists in every project and need not be declared; every other object was created."""
    assert PLATFORM.is_preexisting(Live("slack", {"platform": "slack", "enabled": False}))
    assert not PLATFORM.is_preexisting(Live("slack", {"platform": "slack", "enabled": True}))
    assert [kind.key for kind in load_kinds() if kind.is_preexisting(Live("id", {}))] == ["platform"]
