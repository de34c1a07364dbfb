"""Responses to writes are compared with what was sent: nothing is reported as done that was not."""

from collections.abc import Callable
from typing import Any

import pytest
from kind_samples import SAMPLES
from part_fixtures import refusal

from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers.base import SpectrumProvider

PHONE, LINE = "+14155550123", "+16285550001"
SHARED = {**SAMPLES["user"].fresh(1), "phoneNumber": PHONE, "firstName": "Ann"}
DEDICATED = {**SHARED, "type": "dedicated", "assignedPhoneNumber": LINE}
WEBHOOK = SAMPLES["webhook"].fresh(1)
OTHER_ID = "5f0c2b7e-9d1a-4c3b-8e6f-2a7d4b9c1e03"

Answer = Callable[..., None]


@pytest.fixture
def answer(emulator: Emulator) -> Answer:
    """Has the service answer the next write of a method and path with other values than it has written."""

    def script(method: str, path: str, **data: Any) -> None:
        emulator.faults.add(Fault(method=method, path=path, status=200, body={"succeed": True, "data": data}))

    return script


@pytest.fixture
def made(live: Callable[[str], SpectrumProvider], project: ProjectHandle) -> Callable[..., Any]:
    """Creates an object, and returns its provider, its id and its state."""

    def make(kind: str, inputs: dict[str, Any]) -> tuple[SpectrumProvider, str, dict[str, Any]]:
        provider = live(kind)
        result = provider.create(dict(inputs))
        return provider, result.id, result.outs

    return make


def test_user_deleted_during_an_update(made: Any, answer: Answer, project: ProjectHandle) -> None:
    """An update whose response has another id has changed another user: it fails, and names both."""
    provider, user_id, state = made("user", SHARED)
    answer("POST", "*/users/", **{**project.users[user_id], "id": OTHER_ID, "assignedPhoneNumber": LINE})
    message = refusal(lambda: provider.update(user_id, state, {**SHARED, "firstName": "Eve"}))

    assert message.startswith(f"This user (id {user_id}) was deleted while it was being changed.")
    assert f"(id {OTHER_ID})" in message
    assert "Run `pulumi refresh`" in message


@pytest.mark.parametrize(
    "other", [{"phoneNumber": "+14155550999"}, {"type": "shared"}, {"assignedPhoneNumber": "+16285550999"}]
)
@pytest.mark.parametrize("operation", ["create", "update"])
def test_response_about_another_user_is_refused(
    operation: str, other: dict[str, str], live: Any, answer: Answer, project: ProjectHandle
) -> None:
    """A user with another phone, type or line than was sent is never recorded."""
    project.lines.add(phoneNumber=LINE)
    provider = live("user")
    row = {"id": OTHER_ID, "type": "dedicated", "phoneNumber": PHONE, "assignedPhoneNumber": LINE, **other}
    if operation == "create":
        answer("POST", "*/users/", **row)
        message = refusal(lambda: provider.create(dict(DEDICATED)))
    else:
        made = provider.create(dict(DEDICATED))
        answer("POST", "*/users/", **{**row, "id": made.id})
        message = refusal(lambda: provider.update(made.id, made.outs, {**DEDICATED, "firstName": "Eve"}))

    assert message.startswith("The service answered with another user (id ")
    assert "Nothing is recorded." in message
    assert PHONE not in message


def test_new_user_without_a_line_is_recorded(live: Any, answer: Answer, project: ProjectHandle) -> None:
    """A user that was just created may have no line in the response, and is still recorded."""
    project.lines.add(phoneNumber=LINE)
    answer("POST", "*/users/", id=OTHER_ID, type="dedicated", phoneNumber=PHONE, assignedPhoneNumber=None)

    assert live("user").create(dict(DEDICATED)).id == OTHER_ID


@pytest.mark.parametrize("operation", ["create", "update"])
def test_names_that_the_api_did_not_take_give_a_warning(
    operation: str, live: Any, answer: Answer, project: ProjectHandle, logged: list[tuple[str, bool]]
) -> None:
    """A user whose names the API left unchanged gets a warning, and the state shows what the API holds."""
    project.lines.add(phoneNumber=LINE)
    provider = live("user")
    row = {
        "type": "dedicated",
        "phoneNumber": PHONE,
        "assignedPhoneNumber": LINE,
        "firstName": "Old",
        "email": "A@b.co",
    }
    news = {**DEDICATED, "firstName": "New", "email": "a@b.co"}
    if operation == "create":
        answer("POST", "*/users/", id=OTHER_ID, **row)
        outputs = provider.create(dict(news)).outs
    else:
        made = provider.create(dict(DEDICATED))
        answer("POST", "*/users/", id=made.id, **row)
        outputs = provider.update(made.id, made.outs, dict(news)).outs

    assert (outputs["firstName"], outputs["email"]) == ("Old", "a@b.co")
    [(warning, stays)] = logged
    assert warning.startswith("The service did not take first_name as given: its answer holds something else.")
    assert stays
    assert provider.diff(OTHER_ID, outputs, dict(news)).changes is None


@pytest.mark.parametrize("kind", ["webhook", "platform", "line"])
def test_values_that_the_api_did_not_take_give_a_warning(
    kind: str, live: Any, answer: Answer, logged: list[tuple[str, bool]], project: ProjectHandle
) -> None:
    """An update of any kind that the API did not carry out gives a warning, and the state shows what the API holds."""
    inputs = SAMPLES[kind].fresh(1)
    changes = {"webhook": {"enabled": False}, "platform": {"enabled": False}, "line": {"firstName": "Acme"}}
    provider = live(kind)
    made = provider.create(dict(inputs))
    if kind == "webhook":
        answer("PATCH", "*/webhooks/*", id=made.id, webhookUrl=WEBHOOK["webhookUrl"], enabled=True)
    elif kind == "platform":
        answer("PATCH", "*/platforms/", voice={"enabled": True})
    else:
        answer("PATCH", "*/profile", lineId=made.id, firstName="Other")
    news = {**inputs, **changes[kind]}
    outputs = provider.update(made.id, made.outs, news).outs

    [name] = changes[kind]
    assert outputs[name] != changes[kind][name]
    assert len(logged) == 1


def test_answer_without_what_was_sent(live: Any, answer: Answer, logged: list[tuple[str, bool]]) -> None:
    """What the answer to the last step of a creation leaves out is as it was sent, not as it was before that."""
    answer("POST", "*/webhooks/", id=OTHER_ID, webhookUrl=WEBHOOK["webhookUrl"], signingSecret="s3cr3t", enabled=True)
    answer("PATCH", "*/webhooks/*", id=OTHER_ID, webhookUrl=WEBHOOK["webhookUrl"])
    made = live("webhook").create({**WEBHOOK, "enabled": False})

    assert made.outs["enabled"] is False
    assert logged == []


def test_change_by_others_gives_no_warning(
    live: Any, answer: Answer, logged: list[tuple[str, bool]], project: ProjectHandle
) -> None:
    """An update does not warn of properties that others have changed and that it did not send."""
    provider = live("user")
    made = provider.create({**SHARED, "lastName": "Lee"})
    project.users.change(made.id, firstName="Mallory")
    outputs = provider.update(made.id, made.outs, {**SHARED, "lastName": "Li"}).outs

    assert outputs["firstName"] == "Mallory"
    assert logged == []


@pytest.mark.parametrize(
    ("method", "path", "kind", "inputs", "change", "answered"),
    [
        ("PATCH", "*/webhooks/*", "webhook", WEBHOOK, {"enabled": False}, {"webhookUrl": WEBHOOK["webhookUrl"]}),
        (
            "POST",
            "*/secret/rotate",
            "webhook",
            {**WEBHOOK, "secretRotation": "1"},
            {"secretRotation": "2"},
            {"standardSigningSecret": "whsec_x"},
        ),
        ("PATCH", "*/profile", "line", SAMPLES["line"].fresh(1), {"firstName": "Acme"}, {"lineId": OTHER_ID}),
    ],
)
def test_response_about_another_object_is_refused(  # noqa: PLR0917
    method: str,
    path: str,
    kind: str,
    inputs: dict[str, Any],
    change: dict[str, Any],
    answered: dict[str, Any],
    made: Any,
    answer: Answer,
) -> None:
    """A response with another id than was requested fails the change."""
    provider, object_id, state = made(kind, inputs)
    answer(method, path, id=OTHER_ID, **answered)
    message = refusal(lambda: provider.update(object_id, state, {**inputs, **change}))

    assert f"the answer is about another {kind} (id {OTHER_ID})" in message
