"""Webhooks that were changed outside Pulumi: exactly the drifted properties are shown and repaired."""

from typing import Any

import pytest

from pulumi_spectrum import Webhook
from pulumi_spectrum.testing import SpectrumStack

MANAGED = {
    "event_types": ["message.received"],
    "failure_notification_email": "ops@example.com",
    "schema_version": "raw-inbound.v1",
}

DRIFT: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "enabled": ({"enabled": False}, ("enabled",)),
    "event-types": ({"eventTypes": ["message.sent"]}, ("eventTypes",)),
    "no-event-types": ({"eventTypes": []}, ("eventTypes",)),
    "email": ({"failureNotificationEmail": "they@example.com"}, ("failureNotificationEmail",)),
    "no-email": ({"failureNotificationEmail": None}, ("failureNotificationEmail",)),
    "two": (
        {"enabled": False, "failureNotificationEmail": "they@example.com"},
        ("enabled", "failureNotificationEmail"),
    ),
    "by-the-service": ({"enabled": False, "disabledReason": "delivery_failures"}, ("enabled",)),
    "email-in-other-case": ({"failureNotificationEmail": "OPS@example.com"}, ()),
    "untouched": ({}, ()),
}
"""What is changed behind Pulumi's back, and the properties that it then names."""

SHOWN = {name: ("update", *properties) for name, (_, properties) in DRIFT.items() if properties}


@pytest.fixture
def stack(spectrum, make_stack) -> SpectrumStack:
    """A stack with one webhook for each kind of drift, after its first `up`."""
    made = make_stack(_program)
    made.up()
    return made


def _program() -> None:
    for name in DRIFT:
        Webhook(name, webhook_url=f"https://{name}.example.com/hook", **MANAGED)
    Webhook("unmanaged", webhook_url="https://unmanaged.example.com/hook")


def _drift(emulator: Any) -> None:
    ids = {row["webhookUrl"].split("//")[1].split(".")[0]: row["id"] for row in emulator.project.webhooks}
    for name, (change, _) in DRIFT.items():
        if change:
            emulator.project.webhooks.change(ids[name], **change)
    emulator.project.webhooks.change(
        ids["unmanaged"],
        eventTypes=["message.sent"],
        failureNotificationEmail="they@example.com",
        schemaVersion="raw-inbound.v1",
    )


def _held(emulator: Any) -> list[tuple[Any, ...]]:
    return sorted(
        (row["webhookUrl"], row["enabled"], row["eventTypes"], str(row["failureNotificationEmail"]).lower())
        for row in emulator.project.webhooks
        if "unmanaged" not in row["webhookUrl"]
    )


def test_webhook_drift_is_shown_and_repaired(spectrum, stack):
    """Every command shows exactly the drifted properties, and `up --refresh` repairs exactly those."""
    before = _held(spectrum)
    _drift(spectrum)
    looks = {
        "refresh --preview-only --expect-no-changes": stack.refresh(
            preview_only=True, expect_no_changes=True, fails=True
        ),
        "refresh --preview-only --run-program": stack.refresh(preview_only=True, run_program=True),
        "preview --refresh": stack.preview(refresh=True),
        "preview --refresh --run-program": stack.preview(refresh=True, run_program=True),
    }
    assert {command: run.summary for command, run in looks.items()} == dict.fromkeys(looks, SHOWN)

    spectrum.requests.clear()
    assert stack.up(refresh=True).summary == SHOWN
    changing = [request for request in spectrum.requests if request.method != "GET"]
    assert sorted(f"{request.method} {request.body}" for request in changing) == [
        "PATCH {'enabled': True, 'failureNotificationEmail': 'ops@example.com'}",
        "PATCH {'enabled': True}",
        "PATCH {'enabled': True}",
        "PATCH {'eventTypes': ['message.received']}",
        "PATCH {'eventTypes': ['message.received']}",
        "PATCH {'failureNotificationEmail': 'ops@example.com'}",
        "PATCH {'failureNotificationEmail': 'ops@example.com'}",
    ]
    assert _held(spectrum) == before

    _drift(spectrum)
    assert stack.up(refresh=True, run_program=True).summary == SHOWN
    assert _held(spectrum) == before
    stack.assert_no_drift()


def test_recorded_webhook_drift_that_is_undone(spectrum, stack):
    """Drift that `refresh` recorded and that is then undone is no longer drift, and `up` repairs the rest."""
    before = {row["id"]: row for row in spectrum.project.webhooks}
    _drift(spectrum)
    assert stack.refresh().summary == SHOWN
    assert stack.preview().summary == SHOWN
    assert stack.refresh().changes == []

    for row in before.values():
        if "two" not in row["webhookUrl"] and "unmanaged" not in row["webhookUrl"]:
            kept = ("enabled", "eventTypes", "failureNotificationEmail")
            spectrum.project.webhooks.change(row["id"], **{name: row[name] for name in kept})
    assert stack.refresh(run_program=True).summary == {name: SHOWN[name] for name in SHOWN if name != "two"}
    spectrum.requests.clear()
    assert stack.up().summary == {"two": SHOWN["two"]}
    assert len(spectrum.requests.matching("PATCH")) == 1
    stack.assert_no_drift()


def test_upgraded_schema_needs_a_replacement(spectrum, make_stack):
    """A schema that was upgraded outside Pulumi can only be restored by a replacement, and preview says so."""

    def program() -> None:
        Webhook("inbox", webhook_url="https://inbox.example.com/hook", schema_version="normalized-events.v1")

    stack = make_stack(program)
    stack.up()
    (first,) = spectrum.project.webhooks.ids
    spectrum.project.webhooks.change(first, schemaVersion="raw-inbound.v1")
    run = stack.up(refresh=True)
    assert [change.operation for change in run.changes] == ["delete-replaced", "replace", "create-replacement"]
    (second,) = spectrum.project.webhooks.rows
    assert (second["id"] != first, second["schemaVersion"]) == (True, "normalized-events.v1")
    stack.assert_no_drift()
