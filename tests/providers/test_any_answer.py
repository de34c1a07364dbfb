"""After any answer to any write, the next `pulumi up` ends with what the program wants, once, and with its id known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NoReturn

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.config import Config

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers import base, host, project_access

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
OF_ANOTHER_FORM: dict[str, dict[str, Any]] = {
    "200 null": {"status": 200, "body": envelope()},
    "200 list": {"status": 200, "body": envelope([1])},
    "200 without an id": {"status": 200, "body": envelope({"enabled": 5, "firstName": 5, "line": {}})},
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


USER = {"phoneNumber": "+14155550123", "type": "shared", "onConflict": "fail"}
WEBHOOK = {"webhookUrl": "https://app.example.com/in", "enabled": True, "onConflict": "fail"}
LINE = {"platform": "imessage"}
VOICE = {"platform": "voice", "enabled": True}
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
    "turn a platform on": Write("platform", {"method": "PATCH"}, VOICE),
    "set a platform": Write(
        "platform", {"method": "PATCH", "path": "*/platforms/voice"}, {**VOICE, "imessageEnabled": True}, VOICE
    ),
    "turn a platform off": Write("platform", {"method": "PATCH"}, before=VOICE, gone=True),
}


class Stack:
    """A state of one resource, and what `pulumi up` makes of it, each time with a provider that knows nothing yet."""

    def __init__(self, kind: str, settings: ClientSettings, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kind = kind
        self.id: str | None = None
        self.state: dict[str, Any] = {}
        self._settings = settings
        self._monkeypatch = monkeypatch

    def up(self, wanted: Mapping[str, Any], *, gone: bool = False) -> bool:
        """Create, update or delete the resource, and record what the engine would. Return whether that succeeded."""
        provider = self._provider()
        try:
            if gone:
                if self.id is not None:
                    provider.delete(self.id, self.state)
                self.id, self.state = None, {}
            elif self.id is None:
                made = provider.create({**wanted, "__provider": "p"})
                self.id, self.state = made.id, made.outs
            elif provider.diff(self.id, self.state, {**wanted, "__provider": "p"}).changes is not False:
                self.state = provider.update(self.id, self.state, {**wanted, "__provider": "p"}).outs
        except PartlyDone as done:
            self.id, self.state = done.args
            return False
        except host.CleanFailure:
            return False
        return True

    def read(self) -> Any:
        return self._provider().read(self.id, self.state)

    def _provider(self) -> base.SpectrumProvider:
        client = SpectrumClient(self._settings)
        client.users._transport._sleep = client.webhooks._sleep = client.lines._sleep = lambda _seconds: None
        self._monkeypatch.setattr(project_access, "client_for", lambda _settings: client)
        provider = base.SpectrumProvider(import_module(f"pulumi_spectrum.providers.{self.kind}").LIFECYCLE)
        config = {
            "spectrum:projectId": self._settings.project_id,
            "spectrum:projectSecret": self._settings.project_secret,
            "spectrum:baseUrl": self._settings.base_url,
        }
        provider.configure(ConfigureRequest(config=Config(config, "app")))
        return provider


class PartlyDone(host.CleanFailure):
    """What the engine is told of a resource that is there and not as wanted."""


@pytest.fixture
def make_stack(live_settings: ClientSettings, logged: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Stack]:
    def record(_message: str, resource_id: str, outputs: struct_pb2.Struct) -> NoReturn:
        raise PartlyDone(resource_id, json_format.MessageToDict(outputs))

    monkeypatch.setattr(host, "fail_partially_created", record)
    return lambda kind: Stack(kind, live_settings, monkeypatch)


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        *(pytest.param(WRITES[write], ANSWERS[each], id=f"{write}: {each}") for write in WRITES for each in ANSWERS),
        *(
            pytest.param(WRITES[write], {**ANSWERS[each], "times": 1}, id=f"{write}: {each}, once")
            for write in ("create a user", "register a webhook", "allocate a line")
            for each in ANSWERS
        ),
    ],
)
def test_the_next_up_converges(
    one: Write, answer: dict[str, Any], make_stack: Any, emulator: Emulator, project: ProjectHandle
) -> None:
    """Whatever a write is answered with, one `up` later the service has one object, as wanted, whose id is known."""
    stack = make_stack(one.kind)
    if one.before is not None:
        assert stack.up(one.before)
    emulator.faults.add(Fault(**{"times": None, **one.strikes, **answer}))
    stack.up(one.wanted, gone=one.gone)
    emulator.faults.clear()

    assert stack.up(one.wanted, gone=one.gone)
    held = {"user": project.users, "webhook": project.webhooks, "line": project.lines}.get(one.kind)
    if held is not None:
        assert held.ids == ([] if one.gone else [stack.id])
    if one.gone:
        assert one.kind != "platform" or not project.platforms["voice"]["enabled"]
        return
    seen = stack.read()
    assert {name: seen.outs[name] for name in one.wanted} == one.wanted
    if one.kind == "webhook":
        assert {name: stack.state[name] for name in ("signingSecret", "standardSigningSecret")} == (
            project.webhooks.secrets(stack.id)
        )


@pytest.mark.parametrize("answer", DONE)
def test_a_user_that_was_made_is_never_lost(
    answer: str, make_stack: Any, emulator: Emulator, project: ProjectHandle
) -> None:
    """A user whose creation was carried out is recorded by the same `up`, even if no answer to it can ever be read."""
    stack = make_stack("user")
    emulator.faults.add(Fault(method="POST", **DONE[answer], times=None))

    assert stack.up({**USER, "firstName": "Ann"})
    assert project.users.ids == [stack.id]
