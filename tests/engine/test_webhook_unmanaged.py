"""Inputs that a program leaves out of a webhook, or ignores changes of, are not managed."""

from typing import Any

import pulumi
import pytest

from pulumi_spectrum import Webhook
from pulumi_spectrum.emulator import Switches

RAW = "raw-inbound.v1"

OPTIONAL: dict[str, dict[str, Any]] = {
    "events": {"event_types": ["message.received"]},
    "email": {"failure_notification_email": "ops@example.com"},
    "same-email": {"failure_notification_email": "ops@example.com"},
    "schema": {"schema_version": RAW},
    "rotation": {"secret_rotation": "1", "rotation_overlap_seconds": 60},
    "switch": {"enabled": False},
}


def _declare(webhooks: dict[str, dict[str, Any]], **options: Any):
    def program() -> None:
        for name, arguments in webhooks.items():
            Webhook(
                name,
                **{"webhook_url": f"https://{name}.example.com/hook", **arguments},
                opts=pulumi.ResourceOptions(**options),
            )

    return program


def _id_of(emulator: Any, name: str) -> str:
    return next(row["id"] for row in emulator.project.webhooks if f"//{name}." in row["webhookUrl"])


def _sent(emulator: Any) -> list[tuple[str, Any]]:
    return [(request.method, request.body) for request in emulator.requests if request.method != "GET"]


def test_webhook_input_set_removed_and_set_again(spectrum, make_stack):
    """A removed input is not managed; setting and removing an input shows exactly that input."""
    named = {
        "events": ("update", "eventTypes"),
        "email": ("update", "failureNotificationEmail"),
        "same-email": ("update", "failureNotificationEmail"),
        "schema": ("update", "schemaVersion"),
        "rotation": ("update", "rotationOverlapSeconds", "secretRotation"),
        "switch": ("update", "enabled"),
    }
    stack = make_stack(_declare(OPTIONAL))
    stack.up()
    spectrum.requests.clear()

    stack.program = _declare({name: {} for name in OPTIONAL})
    assert stack.up().summary == named
    # `enabled` is the one input that is still managed when it is left out, at its default.
    assert _sent(spectrum) == [("PATCH", {"enabled": True})]

    spectrum.project.webhooks.change(_id_of(spectrum, "events"), eventTypes=["message.sent"])
    spectrum.project.webhooks.change(_id_of(spectrum, "email"), failureNotificationEmail="they@example.com")
    stack.assert_no_drift()
    stack.refresh()
    assert stack.resource("email")["outputs"]["failureNotificationEmail"] == "they@example.com"
    assert "rotationOverlapSeconds" not in stack.resource("rotation")["outputs"]

    spectrum.requests.clear()
    stack.program = _declare(OPTIONAL)
    assert stack.up().summary == named
    assert sorted(map(str, _sent(spectrum))) == [
        "('PATCH', {'enabled': False})",
        "('PATCH', {'eventTypes': ['message.received']})",
        "('PATCH', {'failureNotificationEmail': 'ops@example.com'})",
    ]
    stack.assert_no_drift()


def test_webhook_ignore_changes(spectrum, make_stack):
    """An input in `ignore_changes`, by its Python name, is not updated by the program and not restored after drift."""
    ignored = ["enabled", "failure_notification_email", "webhook_url"]
    stack = make_stack(_declare({"inbox": {"failure_notification_email": "ops@example.com"}}, ignore_changes=ignored))
    stack.up()
    (only,) = spectrum.project.webhooks.ids
    spectrum.requests.clear()
    stack.program = _declare(
        {
            "inbox": {
                "webhook_url": "https://elsewhere.example.com/hook",
                "enabled": False,
                "failure_notification_email": "night@example.com",
                "schema_version": RAW,
            }
        },
        ignore_changes=ignored,
    )
    assert stack.up().summary == {"inbox": ("update", "schemaVersion")}
    assert _sent(spectrum) == [("PATCH", {"schemaVersion": RAW})]

    spectrum.project.webhooks.change(only, enabled=False, failureNotificationEmail="they@example.com")
    stack.up(refresh=True)
    assert stack.preview().changes == []
    row = spectrum.project.webhooks[only]
    assert (row["enabled"], row["failureNotificationEmail"]) == (False, "they@example.com")


@pytest.mark.spectrum_emulator(
    switches=Switches(
        normalised_urls=True,
        lower_case_email=True,
        millisecond_times=False,
        event_type_order="reversed",
        event_types=("message.received", "message.sent"),
    )
)
def test_webhook_spelling_is_no_drift(spectrum, make_stack):
    """A service that normalises URLs, e-mail addresses, times and the order of lists causes no permanent diff."""
    arguments = {
        "webhook_url": "https://B\u00fccher.Example:443/a/../\u00e9?q=\u00fc",
        "failure_notification_email": "Ops@Example.com",
        "event_types": ["message.received"],
    }
    stack = make_stack(_declare({"inbox": arguments}))
    stack.up()
    (row,) = spectrum.project.webhooks
    assert row["webhookUrl"] == "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC"
    assert row["failureNotificationEmail"] == "ops@example.com"
    assert [run.changes for run in (stack.preview(), stack.refresh(), stack.preview())] == [[], [], []]
    assert stack.resource("inbox")["outputs"]["webhookUrl"] == arguments["webhook_url"]

    spectrum.requests.clear()
    stack.program = _declare({"inbox": {**arguments, "enabled": False}})
    assert stack.up().summary == {"inbox": ("update", "enabled")}
    assert _sent(spectrum) == [("PATCH", {"enabled": False})]
    assert stack.preview().changes == []
