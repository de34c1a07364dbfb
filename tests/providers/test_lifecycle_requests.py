"""Which requests each operation makes, and what it says where one of them is refused."""

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


def test_a_webhook_is_disabled_after_its_registration(live: Any, operations: Operations) -> None:
    """A registration cannot say that it is off, so that is a step of its own."""
    made = live("webhook").create({**WEBHOOK, "enabled": False})

    assert made.outs["status"] == "disabled"
    assert operations() == ["listWebhooks", "createWebhook", "updateWebhook"]


def test_a_webhook_of_others_is_left_alone(live: Any, project: ProjectHandle) -> None:
    """A URL that somebody has registered is refused with the id and the ways on."""
    theirs = project.webhooks.add(webhookUrl=URL)
    message = refusal(lambda: live("webhook").create(dict(WEBHOOK)))

    assert message.startswith(f"This webhook_url is registered already (id {theirs['id']})")
    assert 'on_conflict="replace"' in message
    assert project.webhooks.ids == [theirs["id"]]


def test_a_webhook_of_others_is_replaced_where_the_program_says_so(
    live: Any, project: ProjectHandle, operations: Operations
) -> None:
    """The only way to a secret is to delete the registration that is there, and to register anew."""
    theirs = project.webhooks.add(webhookUrl=URL)
    made = live("webhook").create({**WEBHOOK, "onConflict": "replace"})

    assert project.webhooks.ids == [made.id] != [theirs["id"]]
    assert made.outs["signingSecret"] == project.webhooks.secrets(made.id)["signingSecret"]
    assert operations() == ["listWebhooks", "deleteWebhook", "listWebhooks", "createWebhook"]


def test_a_replacement_that_fails_says_what_is_gone(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """Between the deletion and the registration nobody gets events: a failure there says so."""
    theirs = project.webhooks.add(webhookUrl=URL)
    emulator.faults.add(Fault(method="POST", path="*/webhooks/", status=422))
    message = refusal(lambda: live("webhook").create({**WEBHOOK, "onConflict": "replace"}))

    assert f"The registration that was there (id {theirs['id']}) is deleted already" in message


def test_a_schema_is_upgraded_alone_and_first(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """The upgrade stands alone in its request; the settings follow, which an older row might have refused."""
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


def test_an_older_row_that_refuses_says_how_to_go_on(live: Any, emulator: Emulator) -> None:
    """The conflict of a row that was not upgraded names the upgrade."""
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
def test_a_404_of_a_change_is_looked_into(
    unsupported: tuple[dict[str, Any], str, str], is_there: bool, live: Any, project: ProjectHandle, emulator: Emulator
) -> None:
    """A webhook that is still listed lives on a service that is too old; one that is not is gone."""
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


def test_a_user_of_others_is_left_alone(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """A phone that somebody has is refused before anything is sent that would change them."""
    theirs = project.users.add(phoneNumber=PHONE, firstName="Alice")
    message = refusal(lambda: live("user").create({**USER, "firstName": "Eve"}))

    assert theirs["id"] in message
    assert 'on_conflict="adopt"' in message
    assert project.users.rows[0]["firstName"] == "Alice"
    assert sent(emulator, project, "POST") == []


def test_a_user_of_others_is_adopted_where_the_program_says_so(live: Any, project: ProjectHandle) -> None:
    """An adopted user keeps its id and what the program does not set."""
    theirs = project.users.add(phoneNumber=PHONE, firstName="Alice", lastName="A")
    made = live("user").create({**USER, "onConflict": "adopt", "firstName": "Eve"})

    assert made.id == theirs["id"]
    assert (made.outs["firstName"], made.outs["lastName"]) == ("Eve", "A")


def test_only_what_has_changed_is_sent_for_a_user(live: Any, project: ProjectHandle, emulator: Emulator) -> None:
    """An update posts the key with the fields that differ, and nothing where none of them does."""
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
def test_what_is_gone_is_not_made_by_an_update(
    kind: str, olds: dict[str, Any], news: dict[str, Any], live: Any, project: ProjectHandle
) -> None:
    """An update of what is no longer there makes nothing, and says how to get it back."""
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
def test_a_platform_is_turned_as_wanted(
    turn: tuple[dict[str, bool], dict[str, bool], list[Any]], live: Any, project: ProjectHandle, emulator: Emulator
) -> None:
    """Settings are set while the platform is on, for which it is turned on if need be, and nothing else is sent."""
    before, wanted, requests = turn
    project.platforms.set("imessage", **before)
    made = live("platform").create({"platform": "imessage", **wanted})

    assert sent(emulator, project, "PATCH") == requests
    assert {name: made.outs[name] for name in wanted} == wanted
