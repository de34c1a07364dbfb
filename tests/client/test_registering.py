"""Registering a webhook with lost responses: in the end there is one, and its secret is known."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from fake_time import FakeTime

from pulumi_spectrum.client import (
    AnswerLost,
    Conflict,
    CredentialsRefused,
    RequestRefused,
    ServiceFailed,
    SpectrumError,
)
from pulumi_spectrum.client.errors import AlreadyExists
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.webhooks import RegisteredWebhook, Webhooks
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

URL = "https://app.example.com/spectrum"
REGISTER = {"method": "POST", "path": "*/webhooks/"}
LIST = "https://spectrum.example.com/projects/project-1/webhooks/"

NOT_CARRIED_OUT = {
    "dropped-before": Fault(**REGISTER, drop="before"),
    "502-before": Fault(**REGISTER, status=502),
    "503": Fault(**REGISTER, status=503),
    "html-before": Fault(**REGISTER, status=502, body="<html>bad gateway"),
}
CARRIED_OUT = {
    "dropped-after": Fault(**REGISTER, drop="after"),
    "reset-after": Fault(**REGISTER, drop="after", reset=True),
    "502-after": Fault(**REGISTER, status=502, after=True),
    "truncated": Fault(**REGISTER, truncate=True),
    "garbage": Fault(**REGISTER, garbage=True),
    "html-after": Fault(**REGISTER, status=200, after=True, body="<html>welcome"),
    "without-a-secret": Fault(**REGISTER, status=200, after=True, body={"succeed": True, "data": {"id": "w"}}),
}
LOST = {**NOT_CARRIED_OUT, **CARRIED_OUT}


@pytest.fixture
def webhooks(live_transport: Transport, slept: list[float]) -> Webhooks:
    return Webhooks(live_transport, sleep=slept.append)


@pytest.fixture
def scripted(transport: Transport, fake_time: FakeTime) -> Webhooks:
    """Webhooks of the service that answers from a script."""
    return Webhooks(transport, sleep=fake_time.sleep)


def assert_is_the_only_one(made: RegisteredWebhook, project: ProjectHandle) -> None:
    """The server holds this webhook and no other of its URL, with these secrets."""
    assert [row["id"] for row in project.webhooks if row["webhookUrl"] == made.webhook_url] == [made.id]
    held = project.webhooks.secrets(made.id)
    assert (made.signing_secret, made.standard_signing_secret) == (
        held["signingSecret"],
        held["standardSigningSecret"],
    )


def test_registration_returns_secrets(
    webhooks: Webhooks, project: ProjectHandle, operations: Callable[[], list[str]]
) -> None:
    """A registration returns its secrets, takes one list request and one POST, and shows in later reads."""
    made = webhooks.register(URL)

    assert_is_the_only_one(made, project)
    assert [webhooks.find(made.id)] == webhooks.all()
    assert operations() == ["listWebhooks", "createWebhook"]


def test_arguments_left_out_are_not_sent(webhooks: Webhooks, emulator: Emulator, project: ProjectHandle) -> None:
    """An argument that is left out is not sent, so the service uses its own default."""
    webhooks.register(URL)
    webhooks.register(
        f"{URL}/2",
        schema_version="raw-inbound.v1",
        event_types=("message.received",),
        failure_notification_email="ops@example.com",
    )

    assert [request.body for request in emulator.requests.matching("POST", project_id=project.id)] == [
        {"webhookUrl": URL},
        {
            "webhookUrl": f"{URL}/2",
            "schemaVersion": "raw-inbound.v1",
            "eventTypes": ["message.received"],
            "failureNotificationEmail": "ops@example.com",
        },
    ]


@pytest.mark.parametrize("shape", LOST)
def test_one_lost_response(shape: str, webhooks: Webhooks, emulator: Emulator, project: ProjectHandle) -> None:
    """After one lost response there is one webhook, and its secrets are known, however the response was lost."""
    emulator.faults.add(LOST[shape])

    assert_is_the_only_one(webhooks.register(URL), project)


@pytest.mark.parametrize("shape", CARRIED_OUT)
def test_registration_with_lost_secret_is_repeated(
    shape: str, webhooks: Webhooks, emulator: Emulator, project: ProjectHandle, operations: Callable[[], list[str]]
) -> None:
    """A webhook whose secret was lost with the response is deleted and registered again."""
    emulator.faults.add(LOST[shape])
    webhooks.register(URL)

    tried = ["listWebhooks", "createWebhook"]
    assert operations() == [*tried, "listWebhooks", "deleteWebhook", *tried]
    assert len(project.webhooks.deleted) == 1


@pytest.mark.parametrize("first", LOST)
@pytest.mark.parametrize("second", ["dropped-before", "dropped-after"])
def test_two_lost_responses(
    first: str, second: str, webhooks: Webhooks, emulator: Emulator, project: ProjectHandle
) -> None:
    """After two lost responses in a row there is still one webhook, and its secrets are known."""
    emulator.faults.add(LOST[first], LOST[second])

    assert_is_the_only_one(webhooks.register(URL), project)


@pytest.mark.parametrize("shape", LOST)
def test_every_response_lost(shape: str, webhooks: Webhooks, emulator: Emulator, project: ProjectHandle) -> None:
    """When every response is lost the registration fails, and no webhook stays on the server."""
    emulator.faults.add(LOST[shape].model_copy(update={"times": None}))

    with pytest.raises((AnswerLost, ServiceFailed)):
        webhooks.register(URL)

    assert project.webhooks.rows == []


def test_lost_responses_of_concurrent_registrations(
    webhooks: Webhooks, emulator: Emulator, project: ProjectHandle, in_threads: Callable[..., list[Any]]
) -> None:
    """Concurrent registrations with lost responses never delete each other's webhooks."""
    emulator.faults.add(*[LOST[shape] for shape in LOST], *[LOST["dropped-after"]] * 4)
    urls = [f"https://app.example.com/{number}" for number in range(12)]

    made = in_threads(*[lambda url=url: webhooks.register(url) for url in urls])

    assert [type(each) for each in made] == [RegisteredWebhook] * 12
    for each in made:
        assert_is_the_only_one(each, project)
    assert len(project.webhooks) == 12


def test_registered_url_is_a_conflict(webhooks: Webhooks, project: ProjectHandle) -> None:
    """A URL that is already registered is a conflict that names the webhook's id, and the webhook stays."""
    theirs = project.webhooks.add(webhookUrl=URL)

    with pytest.raises(AlreadyExists) as caught:
        webhooks.register(URL)

    assert caught.value.existing.id == theirs["id"]
    assert isinstance(caught.value, Conflict)
    assert (caught.value.method, caught.value.path) == ("POST", "/webhooks/")
    assert project.webhooks.ids == [theirs["id"]]


def test_url_missing_from_a_cached_list_is_a_conflict(webhooks: Webhooks, project: ProjectHandle) -> None:
    """A 409 without an earlier lost response is a conflict, even if the cached list is too old to show the webhook."""
    assert webhooks.all() == []
    theirs = project.webhooks.add(webhookUrl=URL)

    with pytest.raises(AlreadyExists) as caught:
        webhooks.register(URL)

    assert caught.value.existing.id == theirs["id"]
    assert project.webhooks.ids == [theirs["id"]]


@pytest.mark.parametrize("shape", LOST)
def test_existing_webhook_is_never_deleted_after_a_lost_response(
    shape: str, webhooks: Webhooks, emulator: Emulator, project: ProjectHandle
) -> None:
    """A webhook that was in the list before the registration is never deleted, even if the response is lost."""
    theirs = project.webhooks.add(webhookUrl=URL)
    emulator.faults.add(LOST[shape])

    with pytest.raises(AlreadyExists) as caught:
        webhooks.register(URL)

    assert caught.value.existing.id == theirs["id"]
    assert project.webhooks.ids == [theirs["id"]]
    assert project.webhooks.deleted == []


def row(webhook_id: str) -> dict[str, Any]:
    return {"id": webhook_id, "webhookUrl": URL}


def answer(data: Any, status: int = 200) -> dict[str, Any]:
    return {"json": {"succeed": status == 200, "data": data, "message": "No."}, "status": status}


def script_conflict_with_own_row(service: responses.RequestsMock) -> None:
    """Answer a 409, the list with the row of the lost response, its deletion, and the new registration."""
    service.post(LIST, **answer(None, 409))
    service.get(LIST, **answer([row("lost")]))
    service.delete(f"{LIST}lost", **answer({"id": "lost"}))
    service.post(LIST, **answer({**row("new"), "signingSecret": "f00"}))


def test_409_after_a_lost_response_registers_again(service: responses.RequestsMock, scripted: Webhooks) -> None:
    """When the list is late, a 409 to the retry shows that the first request succeeded: the URL is registered again."""
    service.get(LIST, **answer([]))
    service.post(LIST, body=requests.ConnectionError("Connection aborted."))
    service.get(LIST, **answer([]))
    service.get(LIST, **answer([]))
    script_conflict_with_own_row(service)

    assert scripted.register(URL).id == "new"


def test_409_at_the_last_try_allows_one_more(service: responses.RequestsMock, scripted: Webhooks) -> None:
    """After two lost responses, a 409 that leads to the webhook they created allows one more try."""
    service.get(LIST, **answer([]))
    service.post(LIST, body=requests.ConnectionError("Connection aborted."))
    service.post(LIST, body=requests.ConnectionError("Connection aborted."))
    for _ in range(4):
        service.get(LIST, **answer([]))
    script_conflict_with_own_row(service)

    assert scripted.register(URL).id == "new"


def test_response_after_the_timeout(service: responses.RequestsMock, scripted: Webhooks) -> None:
    """A registration whose response came after the timeout is repeated like any other lost one."""
    service.get(LIST, **answer([]))
    service.post(LIST, body=requests.ReadTimeout("Read timed out."))
    service.get(LIST, **answer([row("lost")]))
    service.delete(f"{LIST}lost", **answer({"id": "lost"}))
    service.post(LIST, **answer({**row("new"), "signingSecret": "f00"}))

    assert scripted.register(URL).id == "new"


def test_409_whose_webhook_is_never_listed(service: responses.RequestsMock, scripted: Webhooks) -> None:
    """After three tries the 409 is raised, though no list shows the webhook."""
    service.get(LIST, **answer([]))
    service.post(LIST, body=requests.ConnectionError("Connection aborted."))
    service.post(LIST, **answer(None, 409))

    with pytest.raises(Conflict) as caught:
        scripted.register(URL)

    assert caught.value.message == "No."
    assert caught.value.maybe_done
    assert [call.request.method for call in service.calls].count("POST") == 3


def test_conflict_missing_from_the_list_has_no_id(service: responses.RequestsMock, scripted: Webhooks) -> None:
    """A 409 is a conflict even when the list does not show the other webhook."""
    service.get(LIST, **answer([]))
    service.post(LIST, **answer(None, 409))

    with pytest.raises(AlreadyExists) as caught:
        scripted.register(URL)

    assert caught.value.existing is None


@pytest.mark.parametrize(("status", "kind"), [(400, RequestRefused), (422, RequestRefused), (401, CredentialsRefused)])
def test_refused_registration_is_not_repeated(
    status: int, kind: type[SpectrumError], webhooks: Webhooks, emulator: Emulator, operations: Callable[[], list[str]]
) -> None:
    """A registration that the service refuses is not sent again, and no list is requested after it."""
    emulator.faults.add(Fault(**REGISTER, status=status))

    with pytest.raises(kind):
        webhooks.register(URL)

    assert operations() == ["listWebhooks", "createWebhook"]


def test_no_registration_without_a_list(
    webhooks: Webhooks, emulator: Emulator, operations: Callable[[], list[str]]
) -> None:
    """When the list before a registration fails, no registration is sent: its webhook could not be recognized later."""
    emulator.faults.add(Fault(method="GET", path="*/webhooks/", status=404))

    with pytest.raises(RequestRefused):
        webhooks.register(URL)

    assert operations() == ["listWebhooks"]


def test_failed_list_after_a_lost_response(
    webhooks: Webhooks, emulator: Emulator, operations: Callable[[], list[str]]
) -> None:
    """When the list after a lost response fails, the registration is not sent again, and may have been carried out."""
    emulator.faults.add(
        Fault(**REGISTER, drop="after"), Fault(method="GET", path="*/webhooks/", status=401, skip=1, times=None)
    )

    with pytest.raises(AnswerLost) as caught:
        webhooks.register(URL)

    assert caught.value.maybe_done
    assert operations() == ["listWebhooks", "createWebhook", "listWebhooks"]


@pytest.mark.parametrize("status", [401, 503])
def test_own_webhook_that_cannot_be_deleted_may_be_there(
    status: int, webhooks: Webhooks, emulator: Emulator, project: ProjectHandle
) -> None:
    """When the webhook of a lost response cannot be deleted, the error says that the registration was carried out."""
    emulator.faults.add(Fault(**REGISTER, drop="after"), Fault(method="DELETE", status=status, times=None))

    with pytest.raises(AnswerLost) as caught:
        webhooks.register(URL)

    assert caught.value.maybe_done
    assert len(project.webhooks.ids) == 1
