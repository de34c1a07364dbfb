"""Every change of a webhook: what preview shows, which requests are sent, and what the service then holds."""

from dataclasses import replace
from typing import Any

from lifecycle_table import SentRequest, Step, one_change

from pulumi_spectrum import Webhook

RAW, NORMALIZED = "raw-inbound.v1", "normalized-events.v1"
OPS, NIGHT = "ops@example.com", "night@example.com"
ELSEWHERE, ANOTHER = "https://elsewhere.example.com/hook", "https://elsewhere.example.com/other"
DELETE: SentRequest = ("DELETE", "/webhooks/{id}", None)


def post(url: str, **fields: Any) -> SentRequest:
    return ("POST", "/webhooks/", {"webhookUrl": url, **fields})


def patch(webhook: str = "{id}", **fields: Any) -> SentRequest:
    return ("PATCH", f"/webhooks/{webhook}", fields)


def rotate(**fields: int) -> SentRequest:
    return ("POST", "/webhooks/{id}/secret/rotate", fields)


CHANGES = {
    "nothing": one_change({"enabled": False}, {"enabled": False}, (), []),
    "disabled": one_change(
        {}, {"enabled": False}, ("update", "enabled"), [patch(enabled=False)], {"status": "disabled"}
    ),
    "enabled": one_change(
        {"enabled": False},
        {"enabled": True},
        ("update", "enabled"),
        [patch(enabled=True)],
        {"status": "active", "disabledReason": None},
    ),
    "enabled-left-out": one_change(
        {"enabled": False}, {}, ("update", "enabled"), [patch(enabled=True)], {"enabled": True}
    ),
    "event-types-as-they-are": one_change(
        {}, {"event_types": ["message.received"]}, ("update", "eventTypes"), [], {"eventTypes": ["message.received"]}
    ),
    "email-given": one_change(
        {},
        {"failure_notification_email": OPS},
        ("update", "failureNotificationEmail"),
        [patch(failureNotificationEmail=OPS)],
        {"failureNotificationEmail": OPS},
    ),
    "email-changed": one_change(
        {"failure_notification_email": OPS},
        {"failure_notification_email": NIGHT},
        ("update", "failureNotificationEmail"),
        [patch(failureNotificationEmail=NIGHT)],
        {"failureNotificationEmail": NIGHT},
    ),
    "email-cleared": one_change(
        {"failure_notification_email": OPS},
        {"failure_notification_email": ""},
        ("update", "failureNotificationEmail"),
        [patch(failureNotificationEmail=None)],
        {"failureNotificationEmail": None},
    ),
    "email-in-other-case": one_change(
        {"failure_notification_email": OPS},
        {"failure_notification_email": "Ops@Example.com"},
        (),
        [],
    ),
    "email-left-out": one_change(
        {"failure_notification_email": OPS},
        {},
        ("update", "failureNotificationEmail"),
        [],
        {"failureNotificationEmail": OPS},
    ),
    "schema-as-it-is": one_change(
        {}, {"schema_version": NORMALIZED}, ("update", "schemaVersion"), [], {"schemaVersion": NORMALIZED}
    ),
    "schema-upgraded": one_change(
        {"schema_version": NORMALIZED},
        {"schema_version": RAW},
        ("update", "schemaVersion"),
        [patch(schemaVersion=RAW)],
        {"schemaVersion": RAW},
    ),
    "schema-upgraded-with-the-rest": one_change(
        {"enabled": False},
        {"schema_version": RAW, "failure_notification_email": OPS},
        ("update", "enabled", "failureNotificationEmail", "schemaVersion"),
        [patch(schemaVersion=RAW), patch(enabled=True, failureNotificationEmail=OPS)],
        {"schemaVersion": RAW, "enabled": True, "failureNotificationEmail": OPS},
    ),
    "schema-downgraded": one_change(
        {"schema_version": RAW},
        {"schema_version": NORMALIZED},
        ("delete first", "schemaVersion"),
        [DELETE, post("https://schema-downgraded.example.com/hook", schemaVersion=NORMALIZED)],
        {"schemaVersion": NORMALIZED},
    ),
    "schema-left-out": one_change({"schema_version": RAW}, {}, ("update", "schemaVersion"), [], {"schemaVersion": RAW}),
    "another-url": one_change(
        {"enabled": False},
        {"enabled": False, "webhook_url": ELSEWHERE},
        ("create first", "webhookUrl"),
        [post(ELSEWHERE), patch("{new}", enabled=False), DELETE],
        {"webhookUrl": ELSEWHERE, "enabled": False},
    ),
    "another-url-and-schema": one_change(
        {"schema_version": RAW},
        {"schema_version": NORMALIZED, "webhook_url": ANOTHER},
        ("create first", "schemaVersion", "webhookUrl"),
        [post(ANOTHER, schemaVersion=NORMALIZED), DELETE],
        {"webhookUrl": ANOTHER, "schemaVersion": NORMALIZED},
    ),
    "url-in-other-case": one_change(
        {"webhook_url": "https://CASE.example.com/hook"}, {"webhook_url": "https://case.example.com/hook"}, (), []
    ),
    "on-conflict": one_change({}, {"on_conflict": "replace"}, ("update", "onConflict"), []),
    "first-rotation": one_change({}, {"secret_rotation": "2026-11"}, ("update", "secretRotation"), []),
    "rotation": one_change(
        {"secret_rotation": "2026-11"},
        {"secret_rotation": "2026-12"},
        ("update", "secretRotation"),
        [rotate()],
    ),
    "rotation-with-overlap": one_change(
        {"secret_rotation": "2026-11", "enabled": False},
        {"secret_rotation": "2026-12", "rotation_overlap_seconds": 3600},
        ("update", "enabled", "rotationOverlapSeconds", "secretRotation"),
        [patch(enabled=True), rotate(overlapSeconds=3600)],
        {"enabled": True},
    ),
    "overlap-alone": one_change(
        {"secret_rotation": "2026-11", "rotation_overlap_seconds": 60},
        {"secret_rotation": "2026-11", "rotation_overlap_seconds": 0},
        ("update", "rotationOverlapSeconds"),
        [],
    ),
}


def at_its_url(name: str, step: Step) -> Step:
    """Return a step with a URL that no other webhook of the table has, unless the step gives one."""
    return replace(step, arguments={"webhook_url": f"https://{name}.example.com/hook", **(step.arguments or {})})


def test_each_change_of_a_webhook(spectrum, lifecycles):
    """Each change shows exactly its properties, sends exactly its requests, and the next preview is empty."""
    webhooks = lifecycles(Webhook, lambda webhook_id: spectrum.project.webhooks[webhook_id])
    webhooks.run({name: [at_its_url(name, step) for step in steps] for name, steps in CHANGES.items()})
    assert webhooks.stack.refresh().changes == []
    assert webhooks.stack.preview().changes == []
    webhooks.stack.destroy()
    assert spectrum.project.webhooks.rows == []
