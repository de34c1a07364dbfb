"""After a lost response, a webhook that another client registered is never deleted."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from fake_time import FakeTime

from pulumi_spectrum.client import AnswerLost, ClientSettings, ServiceFailed
from pulumi_spectrum.client.errors import AlreadyExists
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.webhooks import Webhooks

URL = "https://app.example.com/spectrum"
LIST = "https://spectrum.example.com/projects/project-1/webhooks/"
LOST, REFUSED, CARRIED_OUT = "lost before it arrived", "429", "carried out, and the answer lost"


class Service:
    """A service with webhooks, whose answers to registrations a test lays out, and beside which a stranger works."""

    def __init__(self, mock: responses.RequestsMock, time: Any) -> None:
        self.rows: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        self.asked: list[str] = []
        self.outcomes: list[str] = []
        self.before: dict[int, Callable[[], Any]] = {}
        self.failing_lists = 0
        self._time = time
        self._made = 0
        mock.assert_all_requests_are_fired = False
        mock.add_callback("GET", LIST, self.list)
        mock.add_callback("POST", LIST, self.register)
        for name in ("ours-1", "ours-2", "ours-3", "stranger"):
            mock.add_callback("DELETE", f"{LIST}{name}", self.delete)

    def stranger_registers(self) -> None:
        self.rows.append({"id": "stranger", "webhookUrl": URL})

    def _note(self, what: str) -> None:
        act = self.before.pop(len(self.asked), None)
        self.asked.append(what)
        if act is not None:
            act()

    def list(self, _request: Any) -> tuple[int, dict[str, str], str]:
        self._note("list")
        if self.failing_lists:
            self.failing_lists -= 1
            return 500, {}, json.dumps({"succeed": False})
        return self._answer(self.rows)

    def register(self, _request: Any) -> tuple[int, dict[str, str], str]:
        self._note("register")
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome == REFUSED:
            return 429, {"Retry-After": "5"}, json.dumps({"succeed": False})
        if outcome == LOST:
            raise requests.ConnectionError("Connection aborted.")
        if any(row["webhookUrl"] == URL for row in self.rows):
            return 409, {}, json.dumps({"succeed": False})
        self._made += 1
        row = {"id": f"ours-{self._made}", "webhookUrl": URL}
        self.rows.append(row)
        if outcome == CARRIED_OUT:
            raise requests.ConnectionError("Connection aborted.")
        return self._answer({**row, "signingSecret": "f00"})

    def delete(self, request: Any) -> tuple[int, dict[str, str], str]:
        webhook_id = request.url.removeprefix(LIST)
        self._note("delete")
        self.rows = [row for row in self.rows if row["id"] != webhook_id]
        self.deleted.append(webhook_id)
        return self._answer({"id": webhook_id})

    def _answer(self, data: Any) -> tuple[int, dict[str, str], str]:
        self._time.now += 0.05
        return 200, {}, json.dumps({"succeed": True, "data": data})


@pytest.fixture
def spectrum(service: responses.RequestsMock, fake_time: FakeTime) -> Service:
    return Service(service, fake_time)


@pytest.fixture
def webhooks(transport: Transport, fake_time: FakeTime) -> Webhooks:
    return Webhooks(transport, sleep=fake_time.sleep)


def assert_stays(spectrum: Service, webhooks: Webhooks) -> None:
    with pytest.raises(AlreadyExists) as caught:
        webhooks.register(URL)
    assert caught.value.existing.id == "stranger"
    assert [row["id"] for row in spectrum.rows] == ["stranger"]
    assert "stranger" not in spectrum.deleted


@pytest.mark.parametrize("seconds", [0.0, 1.5, 9.0])
def test_webhook_registered_after_the_list_was_read_stays(
    seconds: float, spectrum: Service, webhooks: Webhooks, fake_time: FakeTime
) -> None:
    """A webhook that another client registers after the list was read stays, even if the client's response is lost."""
    webhooks.all()
    spectrum.stranger_registers()
    fake_time.now += seconds
    spectrum.outcomes = [LOST]

    assert_stays(spectrum, webhooks)


def test_list_is_read_again_after_a_rate_limit(spectrum: Service, webhooks: Webhooks) -> None:
    """When a registration waits after a 429, the list is read again, so that another client's webhook is noticed."""
    spectrum.outcomes = [REFUSED, LOST]
    spectrum.before[1] = spectrum.stranger_registers

    assert_stays(spectrum, webhooks)
    assert spectrum.asked == ["list", "register", "list"]


def test_webhook_stays_when_every_request_waits(
    spectrum: Service, settings: ClientSettings, fake_time: FakeTime
) -> None:
    """When each request is sent long after its list, a new row may be another client's webhook, and is not deleted."""
    limiter = fake_time.limiter(0.5)  # a request every two seconds
    transport = Transport(settings, limiter, clock=fake_time.clock, sleep=fake_time.sleep)
    webhooks = Webhooks(transport, sleep=fake_time.sleep)
    spectrum.outcomes = [LOST]
    spectrum.before[3] = spectrum.stranger_registers

    assert_stays(spectrum, webhooks)
    assert spectrum.asked == ["list", "list", "list", "register", "list"]


def test_webhook_registered_between_two_tries_stays(spectrum: Service, webhooks: Webhooks, fake_time: FakeTime) -> None:
    """A webhook that another client registers more than a second after a lost request, and before the retry, stays."""
    spectrum.outcomes = [LOST, REFUSED, LOST]
    spectrum.before[3] = spectrum.stranger_registers

    assert_stays(spectrum, webhooks)


def test_webhook_registered_after_a_deletion_stays(spectrum: Service, webhooks: Webhooks) -> None:
    """The webhook of a lost request is deleted once; a 409 to the next request is another client's webhook."""
    spectrum.outcomes = [CARRIED_OUT]
    spectrum.before[4] = spectrum.stranger_registers

    assert_stays(spectrum, webhooks)
    assert spectrum.deleted == ["ours-1"]


@pytest.mark.parametrize("outcomes", [[CARRIED_OUT], [CARRIED_OUT, CARRIED_OUT], [LOST, CARRIED_OUT], [REFUSED, LOST]])
def test_lost_registration_is_made_again(outcomes: list[str], spectrum: Service, webhooks: Webhooks) -> None:
    """Without another client, lost responses still end in one webhook whose secret is known."""
    spectrum.outcomes = list(outcomes)
    made = webhooks.register(URL)

    assert [row["id"] for row in spectrum.rows] == [made.id]
    assert made.signing_secret == "f00"


def test_failed_list_deletes_nothing(spectrum: Service, webhooks: Webhooks) -> None:
    """When the list before the request fails, no registration is sent and no webhook is deleted."""
    spectrum.failing_lists = 6

    with pytest.raises(ServiceFailed) as caught:
        webhooks.register(URL)

    assert caught.value.method == "GET"
    assert set(spectrum.asked) == {"list"}


def test_requests_that_never_arrive_delete_nothing(spectrum: Service, webhooks: Webhooks) -> None:
    """Three lost requests that registered nothing end in an error, and nothing is deleted for them."""
    spectrum.outcomes = [LOST] * 3

    with pytest.raises(AnswerLost):
        webhooks.register(URL)

    assert spectrum.deleted == []
