"""Registrations whose answer never came: each URL ends with one webhook, and its secret is in the state."""

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
    """Register some more URLs at once while faults strike."""
    urls += [f"https://inbox.example.com/{len(urls) + number}" for number in range(AT_ONCE)]
    emulator.faults.add(*[Fault(method="POST", path="*/webhooks/", **fault) for fault in faults])
    stack.program = _declare(urls)
    stack.up()
    assert emulator.faults.pending() == []


def test_lost_answers(spectrum, make_stack):
    """Whatever happens to an answer, with several registrations in flight, nothing is lost and nothing is doubled."""
    others = spectrum.project.webhooks.add(webhookUrl="https://others.example.com/hook")
    stack = make_stack(_declare([]))
    urls: list[str] = []
    for faults in ROUNDS:
        _round(stack, spectrum, urls, *faults)
        rows = [row["webhookUrl"] for row in spectrum.project.webhooks]
        assert (faults, sorted(rows)) == (faults, sorted([others["webhookUrl"], *urls]))
    held = _held(spectrum)
    assert stack.outputs() == {url: held[url] for url in urls}
    assert others in spectrum.project.webhooks.rows
    stack.assert_no_drift()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_answers_that_come_too_late(spectrum, make_stack, moment):
    """A time-out leaves it open whether the URL was registered, even when that happens only afterwards."""
    stack = make_stack(_declare([]), config={"spectrum:timeoutSeconds": "1"})
    urls: list[str] = []
    late = {"delay": 1.3, "delay_when": moment}
    _round(stack, spectrum, urls, late, late)
    assert stack.outputs() == _held(spectrum)
    assert sorted(row["webhookUrl"] for row in spectrum.project.webhooks) == sorted(urls)


def test_a_list_that_lags_behind(spectrum, make_stack):
    """A registration that the list does not show yet is found all the same once the service refuses a second one."""
    spectrum.switch(listing_delay_seconds=0.7)
    stack = make_stack(_declare([]))
    urls: list[str] = []
    _round(stack, spectrum, urls, {"drop": "after"}, {"drop": "after"})
    assert stack.outputs() == _held(spectrum)
    assert sorted(row["webhookUrl"] for row in spectrum.project.webhooks) == sorted(urls)


def test_a_url_that_is_written_as_a_parser_writes_it(spectrum, make_stack):
    """A registration whose answer was lost is found under the URL that the service made of it."""
    spectrum.switch(normalised_urls=True)
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", drop="after"))

    def program() -> None:
        hook = Webhook("inbox", webhook_url="https://B\u00fccher.Example/a/../\u00e9")
        pulumi.export("https://xn--bcher-kva.example/%C3%A9", hook.signing_secret)

    stack = make_stack(program)
    stack.up()
    assert stack.outputs() == _held(spectrum)
    stack.assert_no_drift()


def test_answers_lost_at_every_try(spectrum, make_stack):
    """When every answer is lost, the last error is shown, and no registration without a known secret stays behind."""
    others = spectrum.project.webhooks.add(webhookUrl="https://others.example.com/hook")
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", drop="after", times=3))
    stack = make_stack(_declare(["https://inbox.example.com/0"]))
    run = stack.up(fails=True)
    assert "the connection to" in run.messages[0]
    assert spectrum.project.webhooks.rows == [others]
    assert stack.up().summary == {"0": ("create",)}
