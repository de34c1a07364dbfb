"""Webhooks that are there although the state does not know them, and webhooks that are not there although it does."""

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
def test_a_url_that_somebody_else_registered(spectrum, make_stack, known):
    """A registration that this stack does not know is refused with its id, and given way to only where allowed."""
    if known == "not listed yet":
        spectrum.switch(listing_delay_seconds=1)
    if known == "written as a parser writes it":
        spectrum.switch(normalised_urls=True)
    written = "https://xn--inbx-7qa.example/%C3%A9" if known == "written as a parser writes it" else URL
    url = "https://Inb\u00f6x.example/\u00e9" if known == "written as a parser writes it" else URL
    stack = make_stack(_program(url))
    if known == "not listed yet":
        # Its list call comes too early to show the row, and its POST too late not to meet it.
        theirs = spectrum.project.webhooks.add(webhookUrl=URL)["id"]
    else:
        theirs = spectrum.project.webhooks.add(webhookUrl=written)["id"]
    run = stack.up(fails=True)
    assert (theirs in run.messages[0], spectrum.project.webhooks.ids) == (True, [theirs])

    stack.program = _program(url, on_conflict="replace")
    stack.up()
    (ours,) = spectrum.project.webhooks.ids
    assert ours != theirs
    assert stack.outputs()["secret"] == spectrum.project.webhooks.secrets(ours)["signingSecret"]


def test_given_way_to_and_then_refused(spectrum, make_stack):
    """Where the registration fails after the old one was given up for it, the message says that it is gone."""
    theirs = spectrum.project.webhooks.add(webhookUrl=URL)["id"]
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", status=422))
    stack = make_stack(_program(on_conflict="replace"))
    (message,) = [message for message in stack.up(fails=True).messages if message.startswith("inbox")]
    assert f"(id {theirs}) is deleted already" in message
    assert stack.up().summary == {"inbox": ("create",)}


def test_gone_behind_its_back(spectrum, make_stack):
    """A webhook that others deleted is missed by every command that looks, and registered again with new secrets."""
    stack = make_stack(_program())
    stack.up()
    spectrum.project.webhooks.clear()
    # Without a look, an update finds out by itself, and neither guesses nor registers anew.
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


def test_crash_between_the_service_and_the_state(spectrum, make_stack, inside_provider):
    """A webhook whose registration never reached the state is met by the next `up`, which says how to take it over."""
    stack = make_stack(_program(), environment={**spectrum.environment, **inside_provider(CRASH)})
    stack.up(fails=True)
    (orphan,) = spectrum.project.webhooks.ids
    stack.set_environment({"PYTHONPATH": ""})
    run = stack.up(fails=True)
    assert orphan in run.messages[0]
    assert "interrupted `pulumi up`" in run.messages[0]
    assert spectrum.project.webhooks.ids == [orphan]

    stack.program = _program(on_conflict="replace")
    stack.up()
    (ours,) = spectrum.project.webhooks.ids
    assert stack.outputs()["secret"] == spectrum.project.webhooks.secrets(ours)["signingSecret"]
    # Once it is ours, the permission to replace can go again.
    stack.program = _program()
    assert stack.up().summary == {"inbox": ("update", "onConflict")}
    assert spectrum.project.webhooks.ids == [ours]


def test_the_same_url_twice_in_one_program(spectrum, make_stack):
    """Two webhooks with one URL are refused at once, naming both, and nothing is sent."""

    def program() -> None:
        Webhook("inbox", webhook_url=URL)
        Webhook("copy", webhook_url=URL)

    stack = make_stack(program)
    messages = stack.preview(fails=True).messages
    assert len(spectrum.requests) == 0
    # An `up` that skips its preview has the engine register the first before it asks about the second.
    messages += stack.up(fails=True).messages
    assert len(spectrum.project.webhooks) == 1
    named = [message for message in messages if "the same webhook" in message]
    assert len(named) == 2
    assert all('"inbox"' in message and '"copy"' in message and "webhook_url" in message for message in named)
