"""Inputs whose values are unknown until the run: preview shows what may change, and `up` sends what does."""

from typing import Any

import pulumi

from pulumi_spectrum import Webhook

RAW = "raw-inbound.v1"
SETTINGS: dict[str, Any] = {
    "webhook_url": "https://unknown.example.com/hook",
    "enabled": False,
    "event_types": ["message.received"],
    "failure_notification_email": "ops@example.com",
    "schema_version": RAW,
    "on_conflict": "replace",
    "secret_rotation": "1",
    "rotation_overlap_seconds": 60,
}


class _Program:
    """Declares one webhook for each input, whose value is unknown until webhook number `generation` exists."""

    def __init__(self) -> None:
        self.generation = 1
        self.known: dict[str, Any] = {}

    def __call__(self) -> None:
        self.known = {}
        for number in range(1, self.generation + 1):
            fresh = Webhook(f"fresh-{number}", webhook_url=f"https://fresh-{number}.example.com/hook")
        fresh.webhook_url.apply(lambda url: self.known.update(url=url))
        fresh.enabled.apply(lambda enabled: self.known.update(enabled=enabled))
        fresh.id.apply(lambda resource_id: self.known.update(id=resource_id))

        def later(value: Any) -> pulumi.Output[Any]:
            return fresh.id.apply(lambda _: value)

        for name, value in SETTINGS.items():
            known = {"webhook_url": f"https://{name.replace('_', '-')}.example.com/hook"}
            if name == "rotation_overlap_seconds":
                known["secret_rotation"] = "1"
            Webhook(name, **{**known, name: later(value)})
        Webhook("nested", webhook_url="https://nested.example.com/hook", event_types=[later("message.received")])
        Webhook(
            "everything",
            **{name: later(value) for name, value in SETTINGS.items()}
            | {"webhook_url": later("https://everything.example.com/hook")},
        )


def test_unknown_webhook_inputs(spectrum, make_stack):
    """Every input may be unknown, alone, together and inside a list, at creation and in a change."""
    program = _Program()
    stack = make_stack(program)
    names = [*SETTINGS, "nested", "everything"]
    assert stack.preview().summary == dict.fromkeys([*names, "fresh-1"], ("create",))
    assert program.known == {"url": "https://fresh-1.example.com/hook", "enabled": True}
    stack.up()
    rows = {row["webhookUrl"]: row for row in spectrum.project.webhooks}
    assert len(rows) == len(names) + 1
    everything = rows["https://everything.example.com/hook"]
    assert [everything[key] for key in ("enabled", "eventTypes", "failureNotificationEmail", "schemaVersion")] == [
        False,
        ["message.received"],
        "ops@example.com",
        RAW,
    ]
    assert stack.preview().changes == []

    program.generation = 2
    shown = stack.preview()
    assert {name: what for name, what in shown.summary.items() if what[0] == "update"} == {
        "enabled": ("update", "enabled"),
        "event_types": ("update", "eventTypes"),
        "nested": ("update", "eventTypes"),
        "failure_notification_email": ("update", "failureNotificationEmail"),
        "on_conflict": ("update", "onConflict"),
        "secret_rotation": ("update", "secretRotation"),
        "rotation_overlap_seconds": ("update", "rotationOverlapSeconds"),
    }
    assert {change.name for change in shown.changes if change.operation == "replace"} == {
        "webhook_url",
        "schema_version",
        "everything",
    }
    # Once the values are known they turn out to be the same.
    spectrum.requests.clear()
    assert stack.up().summary == {"fresh-2": ("create",)}
    assert len([request for request in spectrum.requests if request.method != "GET"]) == 1
    stack.assert_no_drift()


def test_wrong_input_beside_an_unknown_one(spectrum, make_stack):
    """A wrong input is refused in the preview although others are unknown; an unknown input is never refused."""

    def program() -> None:
        fresh = Webhook("fresh", webhook_url="https://fresh.example.com/hook")
        later = fresh.id.apply(lambda _: "1")
        Webhook("inbox", webhook_url="http://inbox.example.com/hook", secret_rotation=later)
        Webhook("overlap", webhook_url=later, secret_rotation=later, rotation_overlap_seconds=60)

    stack = make_stack(program)
    messages = [message for message in stack.preview(fails=True).messages if "must be" in message]
    assert [message.partition(":")[0] for message in messages] == ["inbox"]
    assert len(spectrum.requests) == 0
