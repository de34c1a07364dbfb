"""Creations of WhatsApp templates: arguments, conflicts, lost answers, and which requests are sent."""

from typing import Any

import pytest
from part_fixtures import open_client, refusal
from whatsapp_templates import BODY, OTHER, Operations

from pulumi_spectrum.client import AlreadyExists, ClientSettings, SpectrumClient
from pulumi_spectrum.client.checked_requests import CreationWatch, watch_creations
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.lifecycle import AlreadyThere
from pulumi_spectrum.providers.whatsapp_template import LIFECYCLE


def test_template_of_others_is_left_alone(
    provider: SpectrumProvider, inputs: dict[str, Any], project: ProjectHandle, operations: Operations
) -> None:
    """A name and language that the account has are refused before anything is sent, with the id and the ways on."""
    theirs = project.whatsapp_templates.add(**{**inputs, "components": OTHER})
    message = refusal(lambda: provider.create(dict(inputs)))

    assert message.startswith(
        f"A WhatsApp template with this name and language is there already (id {inputs['accountId']}/{theirs['id']})"
    )
    assert "resource option import_" in message
    assert operations() == ["listWhatsAppTemplates"]


@pytest.mark.parametrize("status", [400, 409, 422])
def test_name_of_a_deleted_template(
    status: int, provider: SpectrumProvider, inputs: dict[str, Any], emulator: Emulator, project: ProjectHandle
) -> None:
    """A name that Meta keeps taken after a deletion is refused with the service's words, and with what to do."""
    emulator.switch(deleted_template_seconds=3600, taken_template_status=status)
    made = provider.create(dict(inputs))
    provider.delete(made.id, made.outs)
    message = refusal(lambda: provider.create(dict(inputs)))

    assert f"(HTTP {status}): A template with this" in message.replace("[name]", "this")
    assert ("Give this one another name, or run `pulumi up` again later." in message) is (status == 409)
    assert project.whatsapp_templates.ids == []


def test_unknown_account(provider: SpectrumProvider, inputs: dict[str, Any]) -> None:
    """An account that the project does not have is named by the argument, and by the look-up that has the right one."""
    message = refusal(lambda: provider.create({**inputs, "accountId": "1234"}))

    assert "(HTTP 404)" in message
    assert "Check account_id: it is the id of a WhatsApp Business account of this project" in message


LOST: list[dict[str, Any]] = [
    {"drop": "after"},
    {"drop": "before"},
    {"status": 502},
    {"status": 502, "after": True},
    {"truncate": True},
    {"status": 200, "body": {"succeed": True, "data": {}}, "after": True},
]


@pytest.mark.parametrize("lost", [Fault(method="POST", times=times, **lost) for lost in LOST for times in (1, 2)])
def test_lost_answer_to_a_creation(
    lost: Fault, provider: SpectrumProvider, inputs: dict[str, Any], emulator: Emulator, project: ProjectHandle
) -> None:
    """However an answer is lost, there is one template, and its id is recorded."""
    emulator.faults.add(lost)
    made = provider.create(dict(inputs))

    assert made.id == f"{inputs['accountId']}/{project.whatsapp_templates.ids[0]}"
    assert len(project.whatsapp_templates) == 1
    assert provider.diff(made.id, made.outs, inputs).changes is False


def test_template_that_appears_late_in_the_list(
    inputs: dict[str, Any], emulator: Emulator, project: ProjectHandle, live_settings: Any
) -> None:
    """A template whose answer was lost, and which the list does not have yet, is not made twice."""
    emulator.switch(listing_delay_seconds=60)
    emulator.faults.add(Fault(method="POST", drop="after"))
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            emulator.switch(listing_delay_seconds=0)

    with SpectrumClient(live_settings, sleep=pause) as spectrum:
        row = spectrum.whatsapp.create_template(
            inputs["accountId"], "hello", "en_US", category="UTILITY", components=[BODY]
        )

    assert project.whatsapp_templates.ids == [row.id]


def test_creation_that_may_have_been_made_says_so(
    provider: SpectrumProvider, inputs: dict[str, Any], emulator: Emulator, project: ProjectHandle
) -> None:
    """A second try that is refused does not prove that the first one, which no list shows, was not carried out."""
    emulator.switch(listing_delay_seconds=60)
    emulator.faults.add(Fault(method="POST", drop="after"))
    message = refusal(lambda: provider.create(dict(inputs)))

    assert "(HTTP 409)" in message
    assert message.endswith(
        "It is safe to run the command again: should the object be there by then, the message names the ways on."
    )
    assert len(project.whatsapp_templates) == 1


def test_template_that_another_client_makes_meanwhile(
    inputs: dict[str, Any], project: ProjectHandle, live_settings: ClientSettings
) -> None:
    """A name that is taken between the list and the creation is another client's, and is never counted as own."""
    watch = CreationWatch(lambda: None, lambda _before: project.whatsapp_templates.add(**inputs))
    with open_client(live_settings) as spectrum, watch_creations(watch), pytest.raises(AlreadyExists) as there:
        spectrum.whatsapp.create_template(inputs["accountId"], "hello", "en_US", category="UTILITY", components=[BODY])

    assert [there.value.existing.id] == project.whatsapp_templates.ids


def test_names_of_large_accounts_are_listed_alone(
    inputs: dict[str, Any], project: ProjectHandle, live_settings: Any, emulator: Emulator
) -> None:
    """In an account of several pages a creation lists the templates of its name only."""
    for number in range(101):
        project.whatsapp_templates.add(**{**inputs, "name": f"t{number}"})
    with open_client(live_settings) as spectrum:
        for name in ("one", "two"):
            spectrum.whatsapp.create_template(inputs["accountId"], name, "de", category="UTILITY", components=[BODY])
    queries = [request.query for request in emulator.requests.matching("GET", project_id=project.id)]

    assert ["name" in query for query in queries] == [False, False, True]


def test_template_is_taken_over_where_its_owner_leaves_it(
    inputs: dict[str, Any], project: ProjectHandle, live_settings: Any, emulator: Emulator
) -> None:
    """A template that another resource moves away from keeps its id and is changed; one that is gone is made anew."""
    theirs = project.whatsapp_templates.add(**{**inputs, "components": OTHER, "status": "APPROVED"})
    wanted = LIFECYCLE.parse(inputs)
    object_id = f"{inputs['accountId']}/{theirs['id']}"
    with open_client(live_settings) as spectrum:
        with pytest.raises(AlreadyThere) as there:
            list(LIFECYCLE.create(spectrum, wanted))
        assert (there.value.object_id, there.value.may_be_adopted) == (object_id, False)
        steps = list(LIFECYCLE.adopt(spectrum, wanted, object_id))
        assert {step.id for step in steps} == {object_id}
        assert project.whatsapp_templates[theirs["id"]]["components"] == [BODY]

        named = LIFECYCLE.parse({**inputs, "parameterFormat": "NAMED"})
        with pytest.raises(Exception, match="with another parameter_format, which cannot be changed"):
            list(LIFECYCLE.adopt(spectrum, named, object_id))

    project.whatsapp_templates.clear()
    with open_client(live_settings) as spectrum:
        (made,) = LIFECYCLE.adopt(spectrum, wanted, object_id)
    assert made.id.split("/")[1] in project.whatsapp_templates.ids


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "x" * 513}, "name must have 1 to 512 characters."),
        ({"name": ""}, "name must have 1 to 512 characters."),
        ({"language": "e"}, "language must have 2 to 20 characters."),
        ({"category": "SPAM"}, "category must be 'MARKETING', 'UTILITY' or 'AUTHENTICATION'."),
        ({"components": []}, "components must not be empty."),
        ({"components": {"type": "BODY"}}, "components must be a list."),
        ({"components": ["BODY"]}, "components[0] must be a dictionary."),
        ({"components": [BODY, {"text": "Hi"}]}, "components[1].type is required."),
        ({"components": [BODY, {"type": "FOOTER", "text": 5.0}]}, "components[1].text must be text."),
        ({"parameterFormat": "OTHER"}, "parameter_format must be 'POSITIONAL' or 'NAMED'."),
        ({"messageSendTtlSeconds": 1.5}, "message_send_ttl_seconds must be a whole number."),
        ({"allowCategoryChange": "yes"}, "allow_category_change must be true or false."),
    ],
)
def test_wrong_arguments(
    wrong: dict[str, Any], sentence: str, provider: SpectrumProvider, inputs: dict[str, Any]
) -> None:
    """A wrong argument is one sentence, which names the place inside components."""
    assert [each.reason for each in provider.check({}, {**inputs, **wrong}).failures] == [sentence]
