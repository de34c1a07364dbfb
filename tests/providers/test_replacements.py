"""Which changes replace an object, in which order, and which are made in place."""

from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_spectrum.providers import load
from pulumi_spectrum.providers.bookkeeping import Bookkeeping

WEBHOOK = {
    "webhookUrl": "https://a.example.com/x",
    "enabled": True,
    "eventTypes": ["message.received"],
    "failureNotificationEmail": "ops@example.com",
    "schemaVersion": "raw-inbound.v1",
    "onConflict": "fail",
    "secretRotation": "1",
    "rotationOverlapSeconds": 60.0,
}
USER = {
    "phoneNumber": "+14155550123",
    "type": "dedicated",
    "assignedPhoneNumber": "+14155550199",
    "firstName": "Alice",
    "lastName": "A",
    "email": "alice@example.com",
    "onConflict": "fail",
}
PLATFORM = {"platform": "imessage", "enabled": True, "autoScale": False}
VOICE = {"platform": "voice", "enabled": True, "imessageEnabled": False}
LINE = {"platform": "imessage", "firstName": "Acme", "lastName": "Support"}

IN_PLACE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("webhook", WEBHOOK, {"enabled": False}),
    ("webhook", WEBHOOK, {"eventTypes": ["message.received", "more"]}),
    ("webhook", WEBHOOK, {"failureNotificationEmail": ""}),
    ("webhook", {**WEBHOOK, "schemaVersion": "normalized-events.v1"}, {"schemaVersion": "raw-inbound.v1"}),
    ("webhook", WEBHOOK, {"onConflict": "replace"}),
    ("webhook", WEBHOOK, {"secretRotation": "2"}),
    ("webhook", WEBHOOK, {"rotationOverlapSeconds": 0.0}),
    ("platform", PLATFORM, {"enabled": False}),
    ("platform", PLATFORM, {"autoScale": True}),
    ("platform", VOICE, {"imessageEnabled": True}),
    ("line", LINE, {"firstName": "Other"}),
    ("line", LINE, {"lastName": ""}),
    ("user", USER, {"firstName": "Eve"}),
    ("user", USER, {"lastName": "E"}),
    ("user", USER, {"email": "eve@example.com"}),
    ("user", USER, {"onConflict": "adopt"}),
]
REPLACED: list[tuple[str, dict[str, Any], dict[str, Any], list[str], bool]] = [
    ("webhook", WEBHOOK, {"webhookUrl": "https://b.example.com/x"}, ["webhookUrl"], False),
    ("webhook", WEBHOOK, {"webhookUrl": Unknown()}, ["webhookUrl"], False),
    ("webhook", WEBHOOK, {"schemaVersion": "normalized-events.v1"}, ["schemaVersion"], True),
    (
        "webhook",
        WEBHOOK,
        {"webhookUrl": "https://b.example.com/x", "schemaVersion": "normalized-events.v1"},
        ["schemaVersion", "webhookUrl"],
        False,
    ),
    ("platform", PLATFORM, {"platform": "slack"}, ["platform"], False),
    ("line", LINE, {"platform": "voice"}, ["platform"], False),
    ("user", USER, {"phoneNumber": "+14155550124"}, ["phoneNumber"], False),
    ("user", USER, {"assignedPhoneNumber": "+14155550198"}, ["assignedPhoneNumber"], True),
    ("user", USER, {"assignedPhoneNumber": Unknown()}, ["assignedPhoneNumber"], True),
    ("user", USER, {"type": "shared", "assignedPhoneNumber": None}, ["type"], True),
    (
        "user",
        USER,
        {"phoneNumber": "+14155550124", "assignedPhoneNumber": "+14155550198"},
        ["assignedPhoneNumber", "phoneNumber"],
        False,
    ),
]


def diff(kind: str, olds: dict[str, Any], changes: dict[str, Any], **outputs: Any) -> Any:
    """Compare a state, in which all of `olds` is managed, with the program's new inputs."""
    state = {
        "__provider": "pickled",
        **Bookkeeping(frozenset(olds)).as_output(),
        "createdAt": "2026",
        **olds,
        **outputs,
    }
    news = {"__provider": "pickled", **{k: v for k, v in {**olds, **changes}.items() if v is not None}}
    return load(kind).diff("id-1", state, news)


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [("webhook", WEBHOOK), ("platform", PLATFORM), ("platform", VOICE), ("line", LINE), ("user", USER)],
)
def test_no_difference_is_no_change(kind: str, inputs: dict[str, Any]) -> None:
    """Without a difference `diff` answers with an explicit False, so the engine shows nothing."""
    assert diff(kind, inputs, {}).changes is False


@pytest.mark.parametrize(("kind", "olds", "changes"), IN_PLACE)
def test_change_in_place(kind: str, olds: dict[str, Any], changes: dict[str, Any]) -> None:
    """A change in place replaces nothing, and the engine shows it."""
    result = diff(kind, olds, changes)

    assert (result.changes, result.replaces) == (None, [])


@pytest.mark.parametrize(("kind", "olds", "changes", "replaces", "delete_first"), REPLACED)
def test_replacement(
    kind: str, olds: dict[str, Any], changes: dict[str, Any], replaces: list[str], delete_first: bool
) -> None:
    """A change of an identifying argument replaces the object, and deletes the old one first if both cannot exist."""
    result = diff(kind, olds, changes)

    assert (result.changes, result.replaces, result.delete_before_replace) == (None, replaces, delete_first)


@pytest.mark.parametrize(
    ("kind", "olds", "changes"),
    [
        ("webhook", WEBHOOK, {"webhookUrl": "HTTPS://A.example.com:443/x"}),
        ("webhook", WEBHOOK, {"failureNotificationEmail": "OPS@example.com"}),
        ("user", USER, {"email": "ALICE@example.com"}),
        ("user", USER, {"firstName": "Alice "}),
        ("line", {**LINE, "lastName": ""}, {}),
    ],
)
def test_another_spelling_is_no_change(kind: str, olds: dict[str, Any], changes: dict[str, Any]) -> None:
    """A value that means the same to the API is neither an update nor a replacement."""
    assert diff(kind, olds, changes).changes is False


def test_unknown_schema_version_is_no_downgrade() -> None:
    """A schema version that the API never returned is set in place; only a known newer one is replaced."""
    olds = {name: value for name, value in WEBHOOK.items() if name != "schemaVersion"}

    assert diff("webhook", olds, {"schemaVersion": "normalized-events.v1"}).replaces == []


@pytest.mark.parametrize("kind", ["webhook", "user", "line"])
def test_input_that_is_no_longer_managed(kind: str) -> None:
    """An input that is left out from now on shows as removed, and changes nothing else."""
    olds = {"webhook": WEBHOOK, "user": USER, "line": LINE}[kind]
    name = {"webhook": "failureNotificationEmail", "user": "email", "line": "lastName"}[kind]
    result = diff(kind, olds, {name: None})

    assert (result.changes, result.replaces) == (None, [])


def test_newly_managed_input_that_is_equal() -> None:
    """An input that is managed from now on is recorded in the state, and replaces nothing."""
    olds = {name: value for name, value in USER.items() if name != "email"}
    result = diff("user", olds, {"email": "alice@example.com"}, email="alice@example.com")

    assert (result.changes, result.replaces) == (None, [])


def test_outputs_are_never_compared() -> None:
    """Outputs that are no inputs make no difference."""
    assert diff("webhook", WEBHOOK, {}, status="disabled", updatedAt="2027", signingSecret="s").changes is False
