"""The requests of each operation, and its message where one of them is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from part_fixtures import open_client, refusal
from pulumi.dynamic import ConfigureRequest

from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.line import LIFECYCLE as LINES
from pulumi_spectrum.providers.project_access import ProjectAccess

URL = "https://app.example.com/spectrum"
PHONE = "+14155550123"
WEBHOOK = {"webhookUrl": URL, "enabled": True, "onConflict": "fail"}
USER = {"phoneNumber": PHONE, "type": "shared", "onConflict": "fail"}
Operations = Callable[[], list[str]]


def sent(emulator: Emulator, project: ProjectHandle, method: str) -> list[Any]:
    return [request.body for request in emulator.requests.matching(method, project_id=project.id)]


def test_webhook_is_disabled_after_its_registration(live: Any, operations: Operations) -> None:
    """A webhook that is created disabled is registered first and then disabled: the registration has no such field."""
    made = live("webhook").create({**WEBHOOK, "enabled": False})

    assert made.outs["status"] == "disabled"
    assert operations() == ["listWebhooks", "createWebhook", "updateWebhook"]


def test_registered_url_is_refused(live: Any, project: ProjectHandle) -> None:
    """A URL that is registered already is refused with its id and the ways on, and the webhook is left alone."""
    theirs = project.webhooks.add(webhookUrl=URL)
    message = refusal(lambda: live("webhook").create(dict(WEBHOOK)))

    assert message.startswith(f"This webhook_url is registered already (id {theirs['id']})")
    assert 'on_conflict="replace"' in message
    assert project.webhooks.ids == [theirs["id"]]


def test_on_conflict_replace_registers_again(live: Any, project: ProjectHandle, operations: Operations) -> None:
    """With on_conflict="replace" the existing webhook is deleted and registered again, the only way to a secret."""
    theirs = project.webhooks.add(webhookUrl=URL)
    made = live("webhook").create({**WEBHOOK, "onConflict": "replace"})

    assert project.webhooks.ids == [made.id] != [theirs["id"]]
    assert made.outs["signingSecret"] == project.webhooks.secrets(made.id)["signingSecret"]
    assert operations() == ["listWebhooks", "deleteWebhook", "listWebhooks", "createWebhook"]


def test_failed_replacement_says_what_is_deleted(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """If the registration after the deletion fails, the message says that the old webhook is deleted."""
    theirs = project.webhooks.add(webhookUrl=URL)
    emulator.faults.add(Fault(method="POST", path="*/webhooks/", status=422))
    message = refusal(lambda: live("webhook").create({**WEBHOOK, "onConflict": "replace"}))

    assert f"The registration that was there (id {theirs['id']}) is deleted already" in message


def test_schema_upgrade_is_sent_alone_and_first(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """A schema upgrade is a request of its own before the other settings, which an older row might refuse."""
    emulator.switch(normalized_webhooks_locked=True)
    provider = live("webhook")
    made = provider.create(dict(WEBHOOK))
    provider.update(
        made.id,
        made.outs,
        {**WEBHOOK, "schemaVersion": "raw-inbound.v1", "failureNotificationEmail": "a@b.example.com"},
    )

    assert sent(emulator, project, "PATCH") == [
        {"schemaVersion": "raw-inbound.v1"},
        {"failureNotificationEmail": "a@b.example.com"},
    ]


def test_refusal_of_an_older_row_names_the_upgrade(live: Any, emulator: Emulator) -> None:
    """The message of a conflict of a row that was not upgraded names the upgrade."""
    emulator.switch(normalized_webhooks_locked=True)
    provider = live("webhook")
    made = provider.create(dict(WEBHOOK))
    message = refusal(lambda: provider.update(made.id, made.outs, {**WEBHOOK, "enabled": False}))

    assert message.startswith(f"PATCH /webhooks/{made.id} failed (HTTP 409): ")
    assert 'schema_version="raw-inbound.v1"' in message


@pytest.mark.parametrize(
    "unsupported",
    [
        ({"enabled": False}, "*/webhooks/*", "change webhooks in place"),
        ({"secretRotation": "2"}, "*/secret/rotate", "rotate secrets"),
    ],
)
@pytest.mark.parametrize("is_there", [True, False])
def test_404_to_a_change_of_a_webhook(
    unsupported: tuple[dict[str, Any], str, str], is_there: bool, live: Any, project: ProjectHandle, emulator: Emulator
) -> None:
    """After a 404 to a change, a webhook that is still listed means a service that is too old; else it is gone."""
    news, path, ability = unsupported
    row = project.webhooks.add(webhookUrl=URL)
    if not is_there:
        project.webhooks.remove(row["id"])
    emulator.faults.add(Fault(path=path, status=404))
    olds = {**WEBHOOK, "secretRotation": "1"}
    message = refusal(lambda: live("webhook").update(row["id"], olds, {**olds, **news}))

    assert message.startswith(
        f"This Spectrum deployment is too old to {ability}" if is_there else "This webhook no longer"
    )


def test_existing_user_is_refused(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """A phone that a user has already is refused before a request is sent that would change that user."""
    theirs = project.users.add(phoneNumber=PHONE, firstName="Alice")
    message = refusal(lambda: live("user").create({**USER, "firstName": "Eve"}))

    assert theirs["id"] in message
    assert 'on_conflict="adopt"' in message
    assert project.users.rows[0]["firstName"] == "Alice"
    assert sent(emulator, project, "POST") == []


def test_on_conflict_adopt_keeps_the_user(live: Any, project: ProjectHandle) -> None:
    """With on_conflict="adopt" the user keeps its id and every field that the program does not set."""
    theirs = project.users.add(phoneNumber=PHONE, firstName="Alice", lastName="A")
    made = live("user").create({**USER, "onConflict": "adopt", "firstName": "Eve"})

    assert made.id == theirs["id"]
    assert (made.outs["firstName"], made.outs["lastName"]) == ("Eve", "A")


def test_user_update_sends_changed_fields(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """An update posts the key with the changed fields, and sends nothing if none has changed."""
    provider = live("user")
    made = provider.create({**USER, "firstName": "Alice", "lastName": "A"})
    emulator.requests.clear()
    provider.update(made.id, made.outs, {**USER, "firstName": "Eve", "lastName": "A"})
    provider.update(made.id, made.outs, {**USER, "onConflict": "adopt", "firstName": "Alice", "lastName": "A"})

    assert sent(emulator, project, "POST") == [{"type": "shared", "phoneNumber": PHONE, "firstName": "Eve"}]


@pytest.mark.parametrize(
    ("kind", "olds", "news"),
    [
        ("user", USER, {**USER, "firstName": "Eve"}),
        ("line", {"platform": "imessage"}, {"platform": "imessage", "firstName": "Acme"}),
    ],
)
def test_update_of_a_deleted_object_is_refused(
    kind: str, olds: dict[str, Any], news: dict[str, Any], live: Any, project: ProjectHandle
) -> None:
    """An update of an object that no longer exists creates none, and the message says how to get it back."""
    message = refusal(lambda: live(kind).update("gone", olds, news))

    assert message.startswith(f"This {kind} no longer exists")
    assert "`pulumi refresh`" in message
    assert project.users.rows == project.lines.rows == []


def test_empty_names_are_not_sent_for_a_new_line(live: Any, operations: Operations) -> None:
    """A new line has no names, so there is nothing to clear."""
    live("line").create({"platform": "imessage", "firstName": ""})

    assert operations() == ["listLines", "createLine"]


def test_lost_response_to_an_allocation_without_a_new_line(
    live_configuration: ConfigureRequest, emulator: Emulator
) -> None:
    """If there is no new line, the message says why the allocation is not repeated, and what to do."""
    provider = SpectrumProvider(LINES, project=ProjectAccess(open_client))
    provider.configure(live_configuration)
    emulator.faults.add(Fault(method="POST", path="*/lines/", drop="before"))
    message = refusal(lambda: provider.create({"platform": "imessage"}))

    assert "A line is billed, so the allocation is never sent twice" in message
    assert "there is no new line" in message


@pytest.mark.parametrize(
    "turn",
    [
        ({}, {"enabled": True}, [{"platform": "imessage", "enabled": True}]),
        ({"enabled": True}, {"enabled": True}, []),
        ({}, {"enabled": False}, []),
        ({"enabled": True}, {"enabled": False}, [{"platform": "imessage", "enabled": False}]),
        ({"enabled": True}, {"enabled": True, "autoScale": True}, [{"autoScale": True}]),
        ({"enabled": True, "autoScale": True}, {"enabled": True, "autoScale": True}, []),
        (
            {},
            {"enabled": True, "autoScale": True},
            [{"platform": "imessage", "enabled": True}, {"autoScale": True}],
        ),
        (
            {"enabled": False},
            {"enabled": False, "autoScale": True},
            [
                {"platform": "imessage", "enabled": True},
                {"autoScale": True},
                {"platform": "imessage", "enabled": False},
            ],
        ),
    ],
)
def test_platform_requests(
    turn: tuple[dict[str, bool], dict[str, bool], list[Any]], live: Any, project: ProjectHandle, emulator: Emulator
) -> None:
    """A platform is turned on before its settings are set, off again if wanted, and nothing else is sent."""
    before, wanted, requests = turn
    project.platforms.set("imessage", **before)
    made = live("platform").create({"platform": "imessage", **wanted})

    assert sent(emulator, project, "PATCH") == requests
    assert {name: made.outs[name] for name in wanted} == wanted
