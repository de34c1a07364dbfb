"""Reading, changing, rotating and deleting webhooks."""

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_spectrum.client import AnswerLost, Conflict, CredentialsRefused, NotFound, ServiceFailed, SpectrumError
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.webhooks import RotatedSecret, WebhookExists, WebhookRow, Webhooks
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

URL = "https://app.example.com/spectrum"
Operations = Callable[[], list[str]]


@pytest.fixture
def webhooks(live_transport: Transport, slept: list[float]) -> Webhooks:
    return Webhooks(live_transport, sleep=slept.append)


@pytest.fixture
def hook(project: ProjectHandle) -> dict[str, Any]:
    """A webhook that is there."""
    return project.webhooks.add(webhookUrl=URL)


def test_webhooks_are_listed_oldest_first(webhooks: Webhooks, project: ProjectHandle) -> None:
    """All webhooks come as the service tells them."""
    ids = [project.webhooks.add(webhookUrl=f"{URL}/{number}")["id"] for number in range(3)]

    assert [each.id for each in webhooks.all()] == ids
    assert webhooks.all()[0] == WebhookRow.model_validate(project.webhooks.rows[0])


@pytest.mark.parametrize("fields", [{}, {"schemaVersion": "raw-inbound.v1", "enabled": False, "added": "later"}])
def test_rows_of_either_generation_are_read(fields: dict[str, Any]) -> None:
    """An older deployment tells four fields, a newer one more: what is not told is not set."""
    row = {"id": "w", "webhookUrl": URL, "createdAt": "2026-05-01T00:00:00Z", "updatedAt": "2026-05-01T00:00:00Z"}
    read = WebhookRow.model_validate({**row, **fields})

    fields.pop("added", None)
    assert read.model_dump(by_alias=True, exclude_unset=True) == {**row, **fields}


def test_a_url_in_another_spelling_is_registered_already(webhooks: Webhooks, project: ProjectHandle) -> None:
    """A row of exactly the text is preferred, since the service compares texts; else the one that means the same."""
    spellings = ["https://b\u00fccher.example/\u00e9", "https://xn--bcher-kva.example/%C3%A9"]
    for url in reversed(spellings):
        made = project.webhooks.add(webhookUrl=url)["id"]
        with pytest.raises(WebhookExists) as caught:
            webhooks.register(spellings[0])

        assert caught.value.existing_id == made


def test_a_change_is_sent_and_remembered(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator, operations: Operations
) -> None:
    """A change sends what is given, null included, and later reads show it without asking again."""
    webhooks.all()
    changed = webhooks.change(hook["id"], enabled=False, failureNotificationEmail=None)

    assert emulator.requests[-1].body == {"enabled": False, "failureNotificationEmail": None}
    assert changed.enabled is False
    assert webhooks.find(hook["id"]) == changed
    assert operations() == ["listWebhooks", "updateWebhook"]


@pytest.mark.parametrize("fault", [Fault(method="PATCH", drop="after"), Fault(method="PATCH", status=503)])
def test_a_change_is_repeated(fault: Fault, webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator) -> None:
    """A change whose answer was lost is made again: twice is once."""
    emulator.faults.add(fault)

    assert webhooks.change(hook["id"], enabled=False).enabled is False


def test_a_change_can_be_refused(webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator) -> None:
    """What the service does not do in this state is its own conflict."""
    emulator.switch(normalized_webhooks_locked=True)

    with pytest.raises(Conflict):
        webhooks.change(hook["id"], enabled=False)


def test_a_rotation_tells_the_new_secret_once(
    webhooks: Webhooks, hook: dict[str, Any], project: ProjectHandle, emulator: Emulator
) -> None:
    """A rotation makes a new standard secret, leaves the signing secret alone, and shows neither in a repr."""
    before = project.webhooks.secrets(hook["id"])
    rotated = webhooks.rotate_secret(hook["id"], overlap_seconds=60)
    after = project.webhooks.secrets(hook["id"])

    assert isinstance(rotated, RotatedSecret)
    assert rotated.standard_signing_secret == after["standardSigningSecret"] != before["standardSigningSecret"]
    assert after["signingSecret"] == before["signingSecret"]
    assert rotated.standard_signing_secret not in repr(rotated)
    assert emulator.requests[-1].body == {"overlapSeconds": 60}


def test_a_rotation_leaves_the_overlap_to_the_service(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator
) -> None:
    """Without an overlap the body is empty, but there is one."""
    webhooks.rotate_secret(hook["id"])

    assert emulator.requests[-1].body == {}


def test_a_rotation_is_never_repeated(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator, operations: Operations
) -> None:
    """A second rotation would end the overlap of the first, so a lost answer is an error."""
    emulator.faults.add(Fault(path="*/secret/rotate", drop="after"))

    with pytest.raises(AnswerLost):
        webhooks.rotate_secret(hook["id"])

    assert operations() == ["rotateWebhookSecret"]


def test_a_registration_never_shows_its_secrets(webhooks: Webhooks) -> None:
    """The secrets of a webhook are in no repr."""
    made = webhooks.register(URL)

    assert made.signing_secret not in f"{made!r} {made} {webhooks.all()}"
    assert (made.standard_signing_secret or "") not in f"{made!r}"


def test_a_deletion_shows_at_once(webhooks: Webhooks, hook: dict[str, Any], operations: Operations) -> None:
    """A deleted webhook is gone from later reads without asking again."""
    webhooks.all()
    webhooks.delete(hook["id"])

    assert webhooks.all() == []
    assert operations() == ["listWebhooks", "deleteWebhook"]


def test_what_is_gone_already_is_deleted(
    webhooks: Webhooks, hook: dict[str, Any], project: ProjectHandle, operations: Operations
) -> None:
    """The 404 of a webhook that the list lacks is a success."""
    project.webhooks.remove(hook["id"])
    webhooks.delete(hook["id"])

    assert operations() == ["deleteWebhook", "listWebhooks"]


def test_a_404_of_what_the_list_still_has_is_an_error(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator, project: ProjectHandle
) -> None:
    """A webhook that the list shows is not gone because a deletion answers 404."""
    emulator.faults.add(Fault(method="DELETE", status=404))

    with pytest.raises(NotFound):
        webhooks.delete(hook["id"])

    assert project.webhooks.ids == [hook["id"]]


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (401, CredentialsRefused), (500, ServiceFailed), (403, SpectrumError)]
)
def test_a_404_is_not_believed_unless_the_project_answers(
    status: int, kind: type[SpectrumError], webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator
) -> None:
    """A 404 may also mean that the project is not found: without its list nothing is known to be gone."""
    emulator.faults.add(
        Fault(method="DELETE", status=404), Fault(method="GET", path="*/webhooks/", status=status, times=None)
    )

    with pytest.raises(kind):
        webhooks.delete(hook["id"])


def test_a_deletion_whose_answer_was_lost_is_one(
    webhooks: Webhooks, emulator: Emulator, project: ProjectHandle
) -> None:
    """The second try of a deletion that was carried out answers 404, also just after the webhook was registered."""
    made = webhooks.register(URL)
    emulator.faults.add(Fault(method="DELETE", drop="after"))
    webhooks.delete(made.id)

    assert project.webhooks.rows == []
    assert webhooks.find(made.id) is None


def test_egress_addresses(webhooks: Webhooks) -> None:
    """The addresses that deliveries come from are plain texts."""
    addresses = webhooks.egress_ips()

    assert addresses
    assert all(address.count(".") == 3 for address in addresses)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_nothing_is_gone_when_the_list_fails(
    status: int, webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator
) -> None:
    """A list that fails, whatever with, is an error and never an empty list."""
    emulator.faults.add(Fault(method="GET", path="*/webhooks/", status=status, times=None))

    with pytest.raises(SpectrumError) as caught:
        webhooks.find(hook["id"])

    assert caught.value.status == status


@pytest.mark.parametrize("body", ["<html>", {"succeed": True, "data": {}}, {"succeed": True, "data": [{}]}, {}])
def test_nothing_is_gone_when_the_list_is_garbage(
    body: Any, webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator
) -> None:
    """A 200 that holds no list of webhooks is an error and never an empty list."""
    emulator.faults.add(Fault(method="GET", path="*/webhooks/", status=200, body=body, times=None))

    with pytest.raises(ServiceFailed):
        webhooks.find(hook["id"])
