"""Reading, changing, rotating and deleting webhooks."""

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_spectrum.client import AnswerLost, Conflict, CredentialsRefused, NotFound, ServiceFailed, SpectrumError
from pulumi_spectrum.client.errors import AlreadyExists
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.webhooks import RotatedSecret, WebhookRow, Webhooks
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
    """Webhooks are returned in the API's order."""
    ids = [project.webhooks.add(webhookUrl=f"{URL}/{number}")["id"] for number in range(3)]

    assert [each.id for each in webhooks.all()] == ids
    assert webhooks.all()[0] == WebhookRow.model_validate(project.webhooks.rows[0])


@pytest.mark.parametrize("fields", [{}, {"schemaVersion": "raw-inbound.v1", "enabled": False, "added": "later"}])
def test_rows_of_both_generations_are_read(fields: dict[str, Any]) -> None:
    """An older deployment returns four fields and a newer one more; fields that are missing are not set."""
    row = {"id": "w", "webhookUrl": URL, "createdAt": "2026-05-01T00:00:00Z", "updatedAt": "2026-05-01T00:00:00Z"}
    read = WebhookRow.model_validate({**row, **fields})

    fields.pop("added", None)
    assert read.model_dump(by_alias=True, exclude_unset=True) == {**row, **fields}


def test_url_in_another_spelling_is_a_conflict(webhooks: Webhooks, project: ProjectHandle) -> None:
    """Of several registrations that mean the same URL, the one with exactly this text is named."""
    spellings = ["https://b\u00fccher.example/\u00e9", "https://xn--bcher-kva.example/%C3%A9"]
    for url in reversed(spellings):
        made = project.webhooks.add(webhookUrl=url)["id"]
        with pytest.raises(AlreadyExists) as caught:
            webhooks.register(spellings[0])

        assert caught.value.existing.id == made


def test_change_is_sent_and_cached(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator, operations: Operations
) -> None:
    """A change sends the given fields, null included, and later reads return it without a request."""
    webhooks.all()
    changed = webhooks.change(hook["id"], enabled=False, failureNotificationEmail=None)

    assert emulator.requests[-1].body == {"enabled": False, "failureNotificationEmail": None}
    assert changed.enabled is False
    assert webhooks.find(hook["id"]) == changed
    assert operations() == ["listWebhooks", "updateWebhook"]


@pytest.mark.parametrize("fault", [Fault(method="PATCH", drop="after"), Fault(method="PATCH", status=503)])
def test_change_with_a_lost_response_is_repeated(
    fault: Fault, webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator
) -> None:
    """A change whose response was lost is sent again."""
    emulator.faults.add(fault)

    assert webhooks.change(hook["id"], enabled=False).enabled is False


def test_change_can_be_a_conflict(webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator) -> None:
    """A change that the API refuses in the webhook's present state raises Conflict."""
    emulator.switch(normalized_webhooks_locked=True)

    with pytest.raises(Conflict):
        webhooks.change(hook["id"], enabled=False)


def test_rotation_returns_the_new_standard_secret(
    webhooks: Webhooks, hook: dict[str, Any], project: ProjectHandle, emulator: Emulator
) -> None:
    """A rotation returns a new standard secret, keeps the signing secret, and shows neither in a repr."""
    before = project.webhooks.secrets(hook["id"])
    rotated = webhooks.rotate_secret(hook["id"], overlap_seconds=60)
    after = project.webhooks.secrets(hook["id"])

    assert isinstance(rotated, RotatedSecret)
    assert rotated.standard_signing_secret == after["standardSigningSecret"] != before["standardSigningSecret"]
    assert after["signingSecret"] == before["signingSecret"]
    assert rotated.standard_signing_secret not in repr(rotated)
    assert emulator.requests[-1].body == {"overlapSeconds": 60}


def test_rotation_without_an_overlap_sends_an_empty_body(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator
) -> None:
    """Without an overlap the body of a rotation is an empty object."""
    webhooks.rotate_secret(hook["id"])

    assert emulator.requests[-1].body == {}


def test_rotation_is_never_repeated(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator, operations: Operations
) -> None:
    """A rotation whose response was lost raises an error, since a second one would end the first one's overlap."""
    emulator.faults.add(Fault(path="*/secret/rotate", drop="after"))

    with pytest.raises(AnswerLost):
        webhooks.rotate_secret(hook["id"])

    assert operations() == ["rotateWebhookSecret"]


def test_repr_of_a_registration_hides_its_secrets(webhooks: Webhooks) -> None:
    """The repr of a registered webhook holds no secret."""
    made = webhooks.register(URL)

    assert made.signing_secret not in f"{made!r} {made} {webhooks.all()}"
    assert (made.standard_signing_secret or "") not in f"{made!r}"


def test_deleted_webhook_is_gone_from_later_reads(
    webhooks: Webhooks, hook: dict[str, Any], operations: Operations
) -> None:
    """A deleted webhook is gone from later reads without a request."""
    webhooks.all()
    webhooks.delete(hook["id"])

    assert webhooks.all() == []
    assert operations() == ["listWebhooks", "deleteWebhook"]


def test_deletion_of_a_webhook_that_is_gone_succeeds(
    webhooks: Webhooks, hook: dict[str, Any], project: ProjectHandle, operations: Operations
) -> None:
    """A 404 for a webhook that the list lacks is a success."""
    project.webhooks.remove(hook["id"])
    webhooks.delete(hook["id"])

    assert operations() == ["deleteWebhook", "listWebhooks"]


def test_404_for_a_listed_webhook_is_an_error(
    webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator, project: ProjectHandle
) -> None:
    """A 404 to the deletion of a webhook that the list still has is an error."""
    emulator.faults.add(Fault(method="DELETE", status=404))

    with pytest.raises(NotFound):
        webhooks.delete(hook["id"])

    assert project.webhooks.ids == [hook["id"]]


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (401, CredentialsRefused), (500, ServiceFailed), (403, SpectrumError)]
)
def test_404_without_a_list_is_an_error(
    status: int, kind: type[SpectrumError], webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator
) -> None:
    """A 404 to a deletion is an error when no list of the same project can be read."""
    emulator.faults.add(
        Fault(method="DELETE", status=404), Fault(method="GET", path="*/webhooks/", status=status, times=None)
    )

    with pytest.raises(kind):
        webhooks.delete(hook["id"])


def test_deletion_with_a_lost_response_succeeds(webhooks: Webhooks, emulator: Emulator, project: ProjectHandle) -> None:
    """After a lost response the repeated deletion gets a 404, and succeeds, also right after the registration."""
    made = webhooks.register(URL)
    emulator.faults.add(Fault(method="DELETE", drop="after"))
    webhooks.delete(made.id)

    assert project.webhooks.rows == []
    assert webhooks.find(made.id) is None


def test_egress_ips(webhooks: Webhooks) -> None:
    """The addresses that deliveries come from are returned as text."""
    addresses = webhooks.egress_ips()

    assert addresses
    assert all(address.count(".") == 3 for address in addresses)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_failed_list_is_an_error(status: int, webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator) -> None:
    """A list that fails in any way raises an error, and is never read as an empty list."""
    emulator.faults.add(Fault(method="GET", path="*/webhooks/", status=status, times=None))

    with pytest.raises(SpectrumError) as caught:
        webhooks.find(hook["id"])

    assert caught.value.status == status


@pytest.mark.parametrize("body", ["<html>", {"succeed": True, "data": {}}, {"succeed": True, "data": [{}]}, {}])
def test_unreadable_list_is_an_error(body: Any, webhooks: Webhooks, hook: dict[str, Any], emulator: Emulator) -> None:
    """A 200 that holds no list of webhooks raises an error, and is never read as an empty list."""
    emulator.faults.add(Fault(method="GET", path="*/webhooks/", status=200, body=body, times=None))

    with pytest.raises(ServiceFailed):
        webhooks.find(hook["id"])
