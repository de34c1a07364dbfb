"""Registrations whose response is lost: each URL ends with one webhook, and its secret is in the state."""

import pulumi
import pytest

from pulumi_spectrum import Webhook
from pulumi_spectrum.emulator import Fault

ROUNDS = [
    [{"drop": "before"}, {"drop": "after"}],
    [{"drop": "after", "reset": True}, {"status": 502}],
    [{"status": 502, "after": True}, {"status": 503, "after": True, "body": "<html>a proxy's page</html>"}],
    [{"truncate": True}, {"garbage": True}],
]
"""What strikes in each round: fewer faults than one registration has tries, should they all strike the same one."""
AT_ONCE = 5


def _declare(urls: list[str]):
    def program() -> None:
        for url in urls:
            pulumi.export(url, Webhook(url.split("/")[-1], webhook_url=url).signing_secret)

    return program


def _held(emulator) -> dict[str, str]:
    return {
        row["webhookUrl"]: emulator.project.webhooks.secrets(row["id"])["signingSecret"]
        for row in emulator.project.webhooks
    }


def _round(stack, emulator, urls: list[str], *faults: dict) -> None:
    """Register some more URLs at once while faults occur."""
    urls += [f"https://inbox.example.com/{len(urls) + number}" for number in range(AT_ONCE)]
    emulator.faults.add(*[Fault(method="POST", path="*/webhooks/", **fault) for fault in faults])
    stack.program = _declare(urls)
    stack.up()
    assert emulator.faults.pending() == []


def test_lost_response_to_registration(spectrum, make_stack):
    """However a response is lost, with several registrations in flight, each URL has one webhook and none is lost."""
    existing = spectrum.project.webhooks.add(webhookUrl="https://existing.example.com/hook")
    stack = make_stack(_declare([]))
    urls: list[str] = []
    for faults in ROUNDS:
        _round(stack, spectrum, urls, *faults)
        rows = [row["webhookUrl"] for row in spectrum.project.webhooks]
        assert (faults, sorted(rows)) == (faults, sorted([existing["webhookUrl"], *urls]))
    held = _held(spectrum)
    assert stack.outputs() == {url: held[url] for url in urls}
    assert existing in spectrum.project.webhooks.rows
    stack.assert_no_drift()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_registration_that_times_out(spectrum, make_stack, moment):
    """After a time-out each URL has one webhook, even if the service registers it only after the time-out."""
    stack = make_stack(_declare([]), config={"spectrum:timeoutSeconds": "1"})
    urls: list[str] = []
    late = {"delay": 1.3, "delay_when": moment}
    _round(stack, spectrum, urls, late, late)
    assert stack.outputs() == _held(spectrum)
    assert sorted(row["webhookUrl"] for row in spectrum.project.webhooks) == sorted(urls)


def test_lost_response_and_a_late_list(spectrum, make_stack):
    """After a lost response a webhook that the list does not show yet is found once the service reports a conflict."""
    spectrum.switch(listing_delay_seconds=0.7)
    stack = make_stack(_declare([]))
    urls: list[str] = []
    _round(stack, spectrum, urls, {"drop": "after"}, {"drop": "after"})
    assert stack.outputs() == _held(spectrum)
    assert sorted(row["webhookUrl"] for row in spectrum.project.webhooks) == sorted(urls)


def test_lost_response_and_a_normalised_url(spectrum, make_stack):
    """After a lost response the webhook is found under the URL as the service normalised it."""
    spectrum.switch(normalised_urls=True)
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", drop="after"))

    def program() -> None:
        hook = Webhook("inbox", webhook_url="https://B\u00fccher.Example/a/../\u00e9")
        pulumi.export("https://xn--bcher-kva.example/%C3%A9", hook.signing_secret)

    stack = make_stack(program)
    stack.up()
    assert stack.outputs() == _held(spectrum)
    stack.assert_no_drift()


def test_every_response_to_registration_lost(spectrum, make_stack):
    """If every response is lost, the last error is shown, and no webhook remains whose secret is unknown."""
    existing = spectrum.project.webhooks.add(webhookUrl="https://existing.example.com/hook")
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", drop="after", times=3))
    stack = make_stack(_declare(["https://inbox.example.com/0"]))
    run = stack.up(fails=True)
    assert "the connection to" in run.messages[0]
    assert spectrum.project.webhooks.rows == [existing]
    assert stack.up().summary == {"0": ("create",)}
