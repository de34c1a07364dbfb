"""After any response to any write, the next `pulumi up` ends with one object, as wanted, whose id is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from engine_calls import RecordingEngine
from fake_time import FakeTime
from kind_samples import SAMPLES
from one_resource_stack import OneResourceStack

from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

PAGE = "<html>Welcome</html>"


def envelope(data: Any = None, *, succeed: bool = True) -> dict[str, Any]:
    return {"succeed": succeed, "data": data, "message": "No."}


UNCLEAR: dict[str, dict[str, Any]] = {
    "200 page": {"status": 200, "body": PAGE},
    "200 that did not succeed": {"status": 200, "body": envelope(succeed=False)},
    "204 empty": {"status": 204, "body": ""},
    "303": {"status": 303, "headers": {"Location": "https://login.example.com/"}, "body": envelope({})},
    "403 page": {"status": 403, "body": PAGE},
    "404 page": {"status": 404, "body": PAGE},
    "500": {"status": 500},
    "502 page": {"status": 502, "body": PAGE},
}
"""Answers that do not prove whether the request was carried out."""
USER, WEBHOOK, LINE, VOICE, TEMPLATE = (
    SAMPLES[key].fresh(1) for key in ("user", "webhook", "line", "platform", "whatsapp-template")
)
WITH_AN_EMPTY_ID = {**WEBHOOK, "signingSecret": "0" * 64, **USER, "line": {"id": "", **LINE}, "id": ""}
OF_ANOTHER_FORM: dict[str, dict[str, Any]] = {
    "200 null": {"status": 200, "body": envelope()},
    "200 list": {"status": 200, "body": envelope([1])},
    "200 without an id": {"status": 200, "body": envelope({"enabled": 5, "firstName": 5, "line": {}})},
    "200 with an empty id": {"status": 200, "body": envelope(WITH_AN_EMPTY_ID)},
    "200 of wrong types": {"status": 200, "body": envelope({"id": 5, "line": {"id": 5}, "voice": {"enabled": {}}})},
}
"""Answers of the service that this release cannot read."""
DONE: dict[str, dict[str, Any]] = {
    **{f"{name}, done": {**answer, "after": True} for name, answer in {**UNCLEAR, **OF_ANOTHER_FORM}.items()},
    "lost, done": {"drop": "after"},
    "reset, done": {"drop": "after", "reset": True},
    "truncated, done": {"truncate": True},
    "garbage, done": {"garbage": True},
}
ANSWERS: dict[str, dict[str, Any]] = {
    **DONE,
    **{f"{name}, not done": answer for name, answer in UNCLEAR.items()},
    "lost, not done": {"drop": "before"},
    **{f"refused with {status}": {"status": status} for status in (401, 404, 409, 422)},
}


@dataclass(frozen=True)
class Write:
    """One write of a kind.

    Args:
        kind: The kind.
        strikes: Which request gets the answer.
        wanted: The arguments that `pulumi up` is to reach.
        before: The arguments that an earlier one has reached; None where the object is to be created.
        gone: Whether the object is to be deleted instead.
    """

    kind: str
    strikes: dict[str, str]
    wanted: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    gone: bool = False


WRITES = {
    "create a user": Write("user", {"method": "POST", "path": "*/users/"}, {**USER, "firstName": "Ann"}),
    "update a user": Write("user", {"method": "POST", "path": "*/users/"}, {**USER, "firstName": "Ann"}, USER),
    "delete a user": Write("user", {"method": "DELETE"}, before=USER, gone=True),
    "register a webhook": Write("webhook", {"method": "POST", "path": "*/webhooks/"}, WEBHOOK),
    "disable a new webhook": Write("webhook", {"method": "PATCH"}, {**WEBHOOK, "enabled": False}),
    "change a webhook": Write("webhook", {"method": "PATCH"}, {**WEBHOOK, "enabled": False}, WEBHOOK),
    "rotate a secret": Write(
        "webhook", {"path": "*/rotate"}, {**WEBHOOK, "secretRotation": "2"}, {**WEBHOOK, "secretRotation": "1"}
    ),
    "delete a webhook": Write("webhook", {"method": "DELETE"}, before=WEBHOOK, gone=True),
    "allocate a line": Write("line", {"method": "POST"}, LINE),
    "name a new line": Write("line", {"method": "PATCH"}, {**LINE, "firstName": "Acme"}),
    "name a line": Write("line", {"method": "PATCH"}, {**LINE, "firstName": "Acme"}, LINE),
    "release a line": Write("line", {"method": "DELETE"}, before=LINE, gone=True),
    "create a template": Write("whatsapp-template", {"method": "POST"}, TEMPLATE),
    "change a template": Write(
        "whatsapp-template",
        {"method": "PATCH"},
        {**TEMPLATE, "components": [{"type": "BODY", "text": "Bye"}]},
        TEMPLATE,
    ),
    "delete a template": Write("whatsapp-template", {"method": "DELETE"}, before=TEMPLATE, gone=True),
    "turn a platform on": Write("platform", {"method": "PATCH"}, VOICE),
    "set a platform": Write(
        "platform", {"method": "PATCH", "path": "*/platforms/voice"}, {**VOICE, "imessageEnabled": True}, VOICE
    ),
    "turn a platform off": Write("platform", {"method": "PATCH"}, before=VOICE, gone=True),
}


@pytest.fixture
def make_stack(
    live_settings: ClientSettings, engine: RecordingEngine, tmp_path: Path
) -> Callable[[str], OneResourceStack]:
    """Makes a stack with one resource of a kind, in the project on the emulator."""
    journal, time = CreationJournal(lambda: tmp_path), FakeTime(tick=0.001)
    return lambda kind: OneResourceStack(kind, live_settings, journal, time)


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        *(pytest.param(WRITES[write], ANSWERS[each], id=f"{write}: {each}") for write in WRITES for each in ANSWERS),
        *(
            pytest.param(WRITES[write], {**ANSWERS[each], "times": 1}, id=f"{write}: {each}, once")
            for write in ("create a user", "register a webhook", "allocate a line", "create a template")
            for each in ANSWERS
        ),
    ],
)
def test_next_up_converges(
    one: Write, answer: dict[str, Any], make_stack: Any, emulator: Emulator, project: ProjectHandle
) -> None:
    """Whatever response a write gets, after one more `up` there is one object, as wanted, whose id is known."""
    stack = make_stack(one.kind)
    project.whatsapp_accounts.add(id=TEMPLATE["accountId"], wabaId="1234")
    if one.before is not None:
        assert stack.up(one.before) is None
    for template_id in project.whatsapp_templates.ids:
        project.whatsapp_templates.change(template_id, status="APPROVED")
    emulator.faults.add(Fault(**{"times": None, **one.strikes, **answer}))
    wanted = None if one.gone else one.wanted
    stack.up(wanted)
    emulator.faults.clear()

    assert stack.up(wanted) is None
    areas = {
        "user": project.users,
        "webhook": project.webhooks,
        "line": project.lines,
        "whatsapp-template": project.whatsapp_templates,
    }
    held = areas.get(one.kind)
    if held is not None:
        assert held.ids == ([] if one.gone else [stack.id.rpartition("/")[2]])
    if one.gone:
        assert one.kind != "platform" or not project.platforms["voice"]["enabled"]
        return
    assert stack.refresh() is None
    assert {name: stack.state[name] for name in one.wanted} == one.wanted
    if one.kind == "webhook":
        assert {name: stack.state[name] for name in ("signingSecret", "standardSigningSecret")} == (
            project.webhooks.secrets(stack.id)
        )


@pytest.mark.parametrize("answer", DONE)
def test_created_user_is_never_lost(answer: str, make_stack: Any, emulator: Emulator, project: ProjectHandle) -> None:
    """A user whose creation was carried out is recorded by the same `up`, even if no response to it can be read."""
    stack = make_stack("user")
    emulator.faults.add(Fault(method="POST", **DONE[answer], times=None))

    assert stack.up({**USER, "firstName": "Ann"}) is None
    assert project.users.ids == [stack.id]
