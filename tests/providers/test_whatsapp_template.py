"""WhatsApp templates: what each status lets be changed, conflicts, lost answers, and which requests are sent."""

from collections.abc import Callable
from typing import Any

import pytest
from part_fixtures import configuration

from pulumi_spectrum.client import ClientSettings, SpectrumClient, WhatsAppTemplateExists
from pulumi_spectrum.client.checked_requests import CreationWatch, watch_creations
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.lifecycle import AlreadyThere
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.providers.whatsapp_template import LIFECYCLE

BODY = {"type": "BODY", "text": "Hi"}
OTHER = [{"type": "BODY", "text": "Bye"}]
INPUTS = ("accountId", "name", "language", "category", "components", "allowCategoryChange")
Operations = Callable[[], list[str]]


def open_client(settings: ClientSettings) -> SpectrumClient:
    """Return a client with lists of its own, as in a new process, that never sleeps."""
    return SpectrumClient(settings, sleep=lambda _seconds: None)


@pytest.fixture
def inputs(project: ProjectHandle) -> dict[str, Any]:
    """The least that a program gives a template, in an account that is there."""
    return {
        "accountId": project.whatsapp_accounts.add(wabaId="1234")["accountId"],
        "name": "hello",
        "language": "en_US",
        "category": "UTILITY",
        "components": [BODY],
        "allowCategoryChange": False,
    }


@pytest.fixture
def provider(live_settings: ClientSettings) -> SpectrumProvider:
    """The provider of WhatsApp templates. Each call of it reads lists of its own."""
    provider = SpectrumProvider(LIFECYCLE, project=ProjectAccess(open_client))
    config = {"projectId": live_settings.project_id, "projectSecret": live_settings.project_secret}
    given = {f"spectrum:{name}": value for name, value in {**config, "baseUrl": live_settings.base_url}.items()}
    provider.configure(configuration(**given, **{"spectrum:requestsPerSecond": "1000"}))
    return provider


@pytest.fixture
def held(provider: SpectrumProvider, inputs: dict[str, Any], project: ProjectHandle) -> Callable[..., Any]:
    """Creates the template, gives it a status by hand, and returns its id and its state as last read."""

    def make(status: str, **more: Any) -> tuple[str, dict[str, Any]]:
        made = provider.create({**inputs, **more})
        project.whatsapp_templates.change(project.whatsapp_templates.ids[0], status=status)
        return made.id, {**made.outs, "status": status}

    return make


@pytest.fixture
def review(project: ProjectHandle) -> Callable[..., Any]:
    """Changes the template by hand, as Meta's review does."""
    return lambda **fields: project.whatsapp_templates.change(project.whatsapp_templates.ids[0], **fields)


@pytest.fixture
def patches(emulator: Emulator, project: ProjectHandle) -> Callable[[], list[Any]]:
    """Returns the bodies of all changes of the project that were sent."""
    return lambda: [request.body for request in emulator.requests.matching("PATCH", project_id=project.id)]


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(host.CleanFailure) as caught:
        act()
    return str(caught.value)


CHANGES: dict[str, dict[str, Any]] = {
    "components": {"components": OTHER},
    "category": {"category": "MARKETING"},
    "both": {"components": OTHER, "category": "MARKETING"},
}


TAKEN = {
    "APPROVED": {"components": "APPROVED", "category": "PENDING", "both": "PENDING"},
    "REJECTED": {"components": "PENDING", "category": "PENDING", "both": "PENDING"},
    "PAUSED": {"components": "PAUSED"},
    "PENDING": {},
    "IN_APPEAL": {},
}
"""The changes that Meta takes in each status, with the status afterwards."""


@pytest.mark.parametrize(("status", "change"), [(status, change) for status in TAKEN for change in TAKEN[status]])
def test_change_that_a_status_allows(
    status: str, change: str, provider: SpectrumProvider, held: Any, project: ProjectHandle
) -> None:
    """A change that the status allows is sent once, and the state then has the status that follows from it."""
    template_id, state = held(status)
    news = {**{name: state[name] for name in INPUTS}, **CHANGES[change]}
    outs = provider.update(template_id, state, news).outs

    row = project.whatsapp_templates.rows[0]
    assert row.items() >= CHANGES[change].items()
    assert outs.items() >= {**CHANGES[change], "currentCategory": news["category"]}.items()
    assert outs["status"] == row["status"] == TAKEN[status][change]
    assert provider.diff(template_id, outs, news).changes is False


@pytest.mark.parametrize(
    ("status", "change"),
    [(status, change) for status in TAKEN for change in CHANGES if change not in TAKEN[status]],
)
def test_change_that_a_status_rules_out(
    status: str, change: str, provider: SpectrumProvider, held: Any, operations: Operations
) -> None:
    """A change that the status rules out is refused before it is sent, in words that say when it can be made."""
    template_id, state = held(status)
    news = {**{name: state[name] for name in INPUTS}, **CHANGES[change]}
    operations()
    message = refusal(lambda: provider.update(template_id, state, news))

    assert message.startswith("This WhatsApp template is ")
    assert f" ({status}), and Meta takes no change of " in message
    assert message.endswith("Run `pulumi up` again once its status is another, which `pulumi refresh` shows.")
    assert set(operations()) == {"listWhatsAppTemplates"}


@pytest.mark.parametrize(("status", "change"), [(status, change) for status in TAKEN for change in CHANGES])
def test_preview_of_a_change(status: str, change: str, provider: SpectrumProvider, held: Any, logged: Any) -> None:
    """The preview warns of a change that the last status rules out, and leaves the change to `up`."""
    template_id, state = held(status)

    assert (
        provider.diff(template_id, state, {**{name: state[name] for name in INPUTS}, **CHANGES[change]}).changes is None
    )
    assert [f"({status})" in message for message, _ in logged] == ([] if change in TAKEN[status] else [True])


def test_review_that_has_ended_meanwhile(inputs: dict[str, Any], project: ProjectHandle, live_settings: Any) -> None:
    """A change is not refused by the status in a list that was read before the review ended."""
    with open_client(live_settings) as spectrum:
        wanted = LIFECYCLE.inputs.model_validate(inputs)
        (made,) = LIFECYCLE.create(spectrum, wanted)
        project.whatsapp_templates.change(project.whatsapp_templates.ids[0], status="APPROVED")
        changed = LIFECYCLE.inputs.model_validate({**inputs, "components": OTHER})
        list(LIFECYCLE.update(spectrum, made, changed, frozenset({"components"})))

    assert project.whatsapp_templates.rows[0]["components"] == OTHER


def test_disabled_template_is_refused_at_preview(provider: SpectrumProvider, held: Any, inputs: dict[str, Any]) -> None:
    """A template that Meta has disabled takes no change any more: the preview says so, with the ways on."""
    template_id, state = held("DISABLED")
    expected = (
        "This WhatsApp template is disabled by Meta (DISABLED), and Meta takes no change of it any more, so nothing was"
        " sent. Give it another name, which makes a new template before this one is deleted; or have it enabled again "
        "at Meta, and run `pulumi refresh`."
    )
    assert refusal(lambda: provider.diff(template_id, state, {**inputs, "components": OTHER})) == expected
    assert refusal(lambda: provider.update(template_id, state, {**inputs, "components": OTHER})) == expected
    assert provider.diff(template_id, state, {**inputs, "name": "other", "components": OTHER}).replaces == ["name"]


def test_service_that_refuses_a_change_says_what_to_do(
    provider: SpectrumProvider, held: Any, inputs: dict[str, Any], emulator: Emulator
) -> None:
    """Where the status does not rule a change out, the service's own words are shown, with the ways on."""
    template_id, state = held("LIMIT_EXCEEDED")
    message = refusal(lambda: provider.update(template_id, state, {**inputs, "components": OTHER}))

    assert "(HTTP 409): components cannot be changed while the template is LIMIT_EXCEEDED." in message
    assert message.endswith(
        "Undo the change in the program, or try it again later. Give it another name, which makes a new template "
        "before this one is deleted."
    )


def test_time_to_live_waits_for_the_review(
    provider: SpectrumProvider, held: Any, inputs: dict[str, Any], patches: Callable[[], list[Any]], review: Any
) -> None:
    """A new template is under review, so the time to live is a change until the first `up` after it sends it."""
    news = {**inputs, "messageSendTtlSeconds": 600}
    template_id, state = held("PENDING", messageSendTtlSeconds=600)
    for _ in range(2):
        assert "messageSendTtlSeconds" not in state
        assert provider.diff(template_id, state, news).changes is None
        state = provider.update(template_id, state, news).outs
    assert patches() == []

    review(status="APPROVED")
    state = provider.update(template_id, state, news).outs
    assert patches() == [{"messageSendTtlSeconds": 600}]
    assert provider.diff(template_id, state, news).changes is False

    review(status="PENDING")
    outs = provider.update(template_id, state, {**news, "messageSendTtlSeconds": 900}).outs
    assert outs["messageSendTtlSeconds"] == 600
    assert "messageSendTtlSeconds" not in provider.update(template_id, state, inputs).outs


def test_time_to_live_that_waits_is_said(held: Any, logged: list[tuple[str, bool]]) -> None:
    """A creation warns that the time to live is not set yet, and of nothing else."""
    held("PENDING", messageSendTtlSeconds=600)

    warning = (
        "message_send_ttl_seconds is not set yet: this WhatsApp template is under review (PENDING), and Meta takes no "
        "change of it then. The next previews show it as a change, and `pulumi up` makes it once the status is another."
    )
    assert logged == [(warning, True)]


def test_what_meta_holds_already_is_not_sent(
    provider: SpectrumProvider, held: Any, inputs: dict[str, Any], project: ProjectHandle, operations: Operations
) -> None:
    """A change that was made by hand meanwhile is not made again, since it could be reviewed again."""
    template_id, state = held("APPROVED")
    project.whatsapp_templates.change(template_id.split("/")[1], components=OTHER, category="MARKETING")
    operations()
    provider.update(template_id, state, {**inputs, "components": OTHER, "category": "MARKETING"})

    assert "updateWhatsAppTemplate" not in operations()


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
    with open_client(live_settings) as spectrum, watch_creations(watch), pytest.raises(WhatsAppTemplateExists) as there:
        spectrum.whatsapp.create_template(inputs["accountId"], "hello", "en_US", category="UTILITY", components=[BODY])

    assert [there.value.existing.id] == project.whatsapp_templates.ids


def test_lost_answer_to_a_change_that_cannot_be_made_twice(
    provider: SpectrumProvider, held: Any, inputs: dict[str, Any], emulator: Emulator, project: ProjectHandle
) -> None:
    """A new category begins a review, which refuses the second try: the list shows that the first one was made."""
    template_id, state = held("APPROVED")
    emulator.faults.add(Fault(method="PATCH", drop="after"))
    outs = provider.update(template_id, state, {**inputs, "category": "MARKETING"}).outs

    assert (outs["category"], outs["status"]) == ("MARKETING", "PENDING")
    assert len(emulator.requests.matching("PATCH", project_id=project.id)) == 2


def test_change_of_a_template_that_is_gone(
    provider: SpectrumProvider, held: Any, inputs: dict[str, Any], project: ProjectHandle
) -> None:
    """A template that was deleted by hand is not made by an update, which says how to get it back."""
    template_id, state = held("APPROVED")
    project.whatsapp_templates.clear()
    message = refusal(lambda: provider.update(template_id, state, {**inputs, "components": OTHER}))

    assert message.startswith("This WhatsApp template no longer exists. Run `pulumi refresh`")


@pytest.mark.parametrize("removed", [True, False])
def test_template_of_an_account_that_is_gone(
    removed: bool, provider: SpectrumProvider, held: Any, project: ProjectHandle, emulator: Emulator
) -> None:
    """A template is gone with its account, once the project's list of accounts lacks that, and not by a 404 alone."""
    template_id, state = held("APPROVED")
    if removed:
        project.whatsapp_accounts.clear()
        assert provider.read(template_id, state).id == ""
        provider.delete(template_id, state)
    else:
        emulator.faults.add(Fault(path="*/templates/", status=404))
        assert "HTTP 404" in refusal(lambda: provider.read(template_id, state))


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
    wanted = LIFECYCLE.inputs.model_validate(inputs)
    object_id = f"{inputs['accountId']}/{theirs['id']}"
    with open_client(live_settings) as spectrum:
        with pytest.raises(AlreadyThere) as there:
            list(LIFECYCLE.create(spectrum, wanted))
        assert (there.value.object_id, there.value.may_be_adopted) == (object_id, False)
        steps = list(LIFECYCLE.adopt(spectrum, wanted, object_id))
        assert {step.id for step in steps} == {object_id}
        assert project.whatsapp_templates[theirs["id"]]["components"] == [BODY]

        named = LIFECYCLE.inputs.model_validate({**inputs, "parameterFormat": "NAMED"})
        with pytest.raises(Exception, match="with another parameter_format, which cannot be changed"):
            list(LIFECYCLE.adopt(spectrum, named, object_id))

    project.whatsapp_templates.clear()
    with open_client(live_settings) as spectrum:
        (made,) = LIFECYCLE.adopt(spectrum, wanted, object_id)
    assert made.id.split("/")[1] in project.whatsapp_templates.ids


@pytest.mark.parametrize("status", [403, 404])
def test_project_without_whatsapp_has_no_templates(
    status: int, live_settings: Any, emulator: Emulator, project: ProjectHandle
) -> None:
    """Where the plan or the deployment has no accounts there is nothing to adopt; a project that fails is an error."""
    with open_client(live_settings) as spectrum:
        emulator.faults.add(Fault(path="*/accounts", status=status, times=2))
        assert LIFECYCLE.read_all(spectrum) == []
        emulator.faults.add(Fault(path=f"/projects/{project.id}/", status=404))
        with pytest.raises(Exception, match="HTTP 404"):
            LIFECYCLE.read_all(spectrum)


def test_templates_of_all_accounts_are_listed(
    live_settings: Any, inputs: dict[str, Any], project: ProjectHandle
) -> None:
    """Every account's templates are found, by ids of both."""
    other = project.whatsapp_accounts.add(wabaId="5678")["accountId"]
    for account in (other, inputs["accountId"]):
        project.whatsapp_templates.add(**{**inputs, "accountId": account})
    with open_client(live_settings) as spectrum:
        found = LIFECYCLE.read_all(spectrum)

    assert [live.id for live in found] == [
        f"{each}/{project.whatsapp_templates.ids[place]}" for each, place in ((inputs["accountId"], 1), (other, 0))
    ]
    assert found[0].properties["accountId"] == inputs["accountId"]


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


def test_change_that_replaces_in_place_of_itself_is_warned_of(
    provider: SpectrumProvider, held: Any, inputs: dict[str, Any], logged: list[tuple[str, bool]]
) -> None:
    """A new format deletes first and may lose the name for a while, which the preview says, unless that changes too."""
    template_id, state = held("APPROVED")
    state["parameterFormat"] = "POSITIONAL"
    diff = provider.diff(template_id, state, {**inputs, "parameterFormat": "NAMED"})
    assert (diff.replaces, diff.delete_before_replace) == (["parameterFormat"], True)
    assert "Meta keeps the name and language of a deleted template taken for some time" in logged.pop()[0]
    diff = provider.diff(template_id, state, {**inputs, "parameterFormat": "NAMED", "name": "other"})
    assert (diff.replaces, diff.delete_before_replace, logged) == (["name", "parameterFormat"], False, [])
