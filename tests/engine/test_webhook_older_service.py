"""Deployments from before August 2026: webhooks are registered, listed and deleted, and cannot be changed in place."""

from typing import Any

import pulumi
import pytest

from pulumi_spectrum import Webhook

pytestmark = pytest.mark.spectrum_emulator(generation="2026-05")


def _declare(webhooks: dict[str, dict[str, Any]]):
    def program() -> None:
        for name, arguments in webhooks.items():
            hook = Webhook(name, **{"webhook_url": f"https://{name}.example.com/hook", **arguments})
            pulumi.export(f"{name}-signing", hook.signing_secret)
            pulumi.export(f"{name}-standard", hook.standard_signing_secret)

    return program


def test_older_deployment_registers_lists_and_deletes(spectrum, make_stack):
    """A webhook is created, previews empty, is replaced for a new URL and deleted; it has no standard secret."""
    stack = make_stack(_declare({"inbox": {}}))
    stack.up()
    assert [run.changes for run in (stack.preview(), stack.refresh(), stack.preview())] == [[], [], []]
    stack.program = _declare({"inbox": {"webhook_url": "https://elsewhere.example.com/hook"}})
    stack.up()
    (row,) = spectrum.project.webhooks
    assert row["webhookUrl"] == "https://elsewhere.example.com/hook"
    assert stack.outputs() == {
        "inbox-signing": spectrum.project.webhooks.secrets(row["id"])["signingSecret"],
    }
    stack.destroy()
    assert len(spectrum.project.webhooks) == 0


def test_older_deployment_refuses_changes_in_place(spectrum, make_stack):
    """Each change in place is refused and says so; nothing is lost, and undoing the change in the program is enough."""
    plain = {"switch": {}, "events": {}, "email": {}, "schema": {}, "rotation": {"secret_rotation": "1"}}
    stack = make_stack(_declare(plain))
    stack.up()
    before = spectrum.project.webhooks.rows
    stack.program = _declare(
        {
            "switch": {"enabled": False},
            "events": {"event_types": ["message.received"]},
            "email": {"failure_notification_email": "ops@example.com"},
            "schema": {"schema_version": "raw-inbound.v1"},
            "rotation": {"secret_rotation": "2"},
            "new": {"enabled": False},
        }
    )
    run = stack.up(fails=True, continue_on_error=True)
    refusals = {message.partition(":")[0]: message for message in run.messages if "too old to" in message}
    assert {name: message.partition("too old to ")[2].partition(":")[0] for name, message in refusals.items()} == {
        **dict.fromkeys(("switch", "events", "email", "schema", "new"), "change webhooks in place"),
        "rotation": "rotate secrets",
    }
    assert all("Nothing was changed or lost" in message for message in refusals.values())

    stack.program = _declare({**plain, "new": {}})
    stack.up()
    (new,) = [row for row in spectrum.project.webhooks if row not in before]
    assert [row for row in spectrum.project.webhooks if row in before] == before
    assert stack.outputs()["new-signing"] == spectrum.project.webhooks.secrets(new["id"])["signingSecret"]
    stack.assert_no_drift()
