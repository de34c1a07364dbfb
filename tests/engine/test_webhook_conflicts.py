"""Webhooks that exist but are not in the state, and webhooks that are in the state but no longer exist."""

import pulumi
import pytest

from pulumi_spectrum import Webhook
from pulumi_spectrum.emulator import Fault

URL = "https://inbox.example.com/hook"

CRASH = """
import os
from pulumi_spectrum.client.webhooks import Webhooks

register = Webhooks.register

def register_and_crash(self, *arguments, **settings):
    register(self, *arguments, **settings)
    os._exit(1)

Webhooks.register = register_and_crash
"""


def _program(url: str = URL, **arguments):
    def program() -> None:
        hook = Webhook("inbox", webhook_url=url, **arguments)
        pulumi.export("secret", hook.signing_secret)

    return program


@pytest.mark.parametrize("known", ["listed", "not listed yet", "written as a parser writes it"])
def test_registered_url_is_replaced_only_on_request(spectrum, make_stack, known):
    """A webhook that the state does not hold is a conflict, and is replaced only with `on_conflict="replace"`."""
    if known == "not listed yet":
        spectrum.switch(listing_delay_seconds=1)
    if known == "written as a parser writes it":
        spectrum.switch(normalised_urls=True)
    written = "https://xn--inbx-7qa.example/%C3%A9" if known == "written as a parser writes it" else URL
    url = "https://Inb\u00f6x.example/\u00e9" if known == "written as a parser writes it" else URL
    stack = make_stack(_program(url))
    if known == "not listed yet":
        # The list request comes before the row appears in lists, and the POST then gets a conflict.
        existing = spectrum.project.webhooks.add(webhookUrl=URL)["id"]
    else:
        existing = spectrum.project.webhooks.add(webhookUrl=written)["id"]
    run = stack.up(fails=True)
    assert (existing in run.messages[0], spectrum.project.webhooks.ids) == (True, [existing])

    stack.program = _program(url, on_conflict="replace")
    stack.up()
    (registered,) = spectrum.project.webhooks.ids
    assert registered != existing
    assert stack.outputs()["secret"] == spectrum.project.webhooks.secrets(registered)["signingSecret"]


def test_registration_fails_after_old_webhook_was_deleted(spectrum, make_stack):
    """If registration fails after the old webhook was deleted for it, the error says that the old one is deleted."""
    existing = spectrum.project.webhooks.add(webhookUrl=URL)["id"]
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", status=422))
    stack = make_stack(_program(on_conflict="replace"))
    (message,) = [message for message in stack.up(fails=True).messages if message.startswith("inbox")]
    assert f"(id {existing}) is deleted already" in message
    assert stack.up().summary == {"inbox": ("create",)}


def test_deleted_webhook_reads_as_gone(spectrum, make_stack):
    """Every command notices a webhook deleted outside Pulumi; `up` registers it again with new secrets."""
    stack = make_stack(_program())
    stack.up()
    spectrum.project.webhooks.clear()
    # Without a refresh, the update fails because the webhook is gone, and registers no other one.
    stack.program = _program(enabled=False)
    run = stack.up(fails=True)
    assert "no longer exists. Run `pulumi refresh`" in run.messages[0]

    assert stack.preview(refresh=True).summary == {"inbox": ("create",)}
    assert stack.refresh().summary == {"inbox": ("delete",)}
    stack.program = _program()
    assert stack.up().summary == {"inbox": ("create",)}
    (first,) = spectrum.project.webhooks.ids
    spectrum.project.webhooks.clear()
    assert stack.up(refresh=True).summary == {"inbox": ("create",)}
    (second,) = spectrum.project.webhooks.ids
    assert first != second
    assert stack.outputs()["secret"] == spectrum.project.webhooks.secrets(second)["signingSecret"]
    spectrum.project.webhooks.clear()
    stack.destroy()


def test_crash_before_webhook_reaches_the_state(spectrum, make_stack, run_in_provider_process):
    """After a crash before a registration was recorded, the next `up` on the same machine registers the URL anew."""
    stack = make_stack(_program(), environment={**spectrum.environment, **run_in_provider_process(CRASH)})
    stack.up(fails=True)
    (orphan,) = spectrum.project.webhooks.ids
    stack.set_environment({"PYTHONPATH": ""})
    assert f"An earlier run was cut off after it had created this webhook (id {orphan})" in stack.up().output
    (registered,) = spectrum.project.webhooks.ids
    assert stack.outputs()["secret"] == spectrum.project.webhooks.secrets(registered)["signingSecret"]
    assert stack.preview(refresh=True).changes == []


def test_crash_on_another_machine(spectrum, make_stack, run_in_provider_process, tmp_path):
    """Where the entry of the crashed run is missing, the next `up` finds the webhook and says how to adopt it."""
    stack = make_stack(_program(), environment={**spectrum.environment, **run_in_provider_process(CRASH)})
    stack.up(fails=True)
    (orphan,) = spectrum.project.webhooks.ids
    stack.set_environment({"PYTHONPATH": "", "TMPDIR": str(tmp_path)})
    run = stack.up(fails=True)
    assert orphan in run.messages[0]
    assert "interrupted `pulumi up`" in run.messages[0]
    assert spectrum.project.webhooks.ids == [orphan]

    stack.program = _program(on_conflict="replace")
    stack.up()
    (registered,) = spectrum.project.webhooks.ids
    assert stack.outputs()["secret"] == spectrum.project.webhooks.secrets(registered)["signingSecret"]
    # Once the webhook is in the state, on_conflict can be removed again.
    stack.program = _program()
    assert stack.up().summary == {"inbox": ("update", "onConflict")}
    assert spectrum.project.webhooks.ids == [registered]


def test_webhook_declared_twice(spectrum, make_stack):
    """Two webhooks with one URL are refused in the preview, naming both, and no request is sent."""

    def program() -> None:
        Webhook("inbox", webhook_url=URL)
        Webhook("copy", webhook_url=URL)

    stack = make_stack(program)
    messages = stack.preview(fails=True).messages
    assert len(spectrum.requests) == 0
    # An `up` without a preview registers the first webhook before it checks the second.
    messages += stack.up(fails=True).messages
    assert len(spectrum.project.webhooks) == 1
    named = [message for message in messages if "the same webhook" in message]
    assert len(named) == 2
    assert all('"inbox"' in message and '"copy"' in message and "webhook_url" in message for message in named)
