"""Changes of WhatsApp templates: what each status lets be changed, what is sent, lost answers."""

from collections.abc import Callable
from typing import Any

import pytest
from part_fixtures import open_client, refusal
from whatsapp_templates import INPUTS, OTHER, Operations

from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.whatsapp_template import LIFECYCLE

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
        wanted = LIFECYCLE.parse(inputs)
        (made,) = LIFECYCLE.create(spectrum, wanted)
        project.whatsapp_templates.change(project.whatsapp_templates.ids[0], status="APPROVED")
        changed = LIFECYCLE.parse({**inputs, "components": OTHER})
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
    provider: SpectrumProvider,
    held: Any,
    inputs: dict[str, Any],
    project: ProjectHandle,
    operations: Operations,
) -> None:
    """A change that was made by hand meanwhile is not made again, since it could be reviewed again."""
    template_id, state = held("APPROVED")
    project.whatsapp_templates.change(template_id.split("/")[1], components=OTHER, category="MARKETING")
    operations()
    provider.update(template_id, state, {**inputs, "components": OTHER, "category": "MARKETING"})

    assert "updateWhatsAppTemplate" not in operations()


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
