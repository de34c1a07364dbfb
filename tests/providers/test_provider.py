"""What every kind of resource has in common, shown with a kind that does as a test tells it."""

import traceback
from collections.abc import Callable
from typing import Any
from unittest.mock import create_autospec

import grpc
import pytest
from google.protobuf import json_format
from google.rpc import status_pb2
from pulumi.runtime.proto import provider_pb2

from pulumi_spectrum.client import AnswerLost, RequestRefused
from pulumi_spectrum.client.wait_reports import report_wait
from pulumi_spectrum.messages.failures import Refusal, explain
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import BOOKKEEPING, Bookkeeping, bookkeeping_of
from pulumi_spectrum.providers.lifecycle import Live, Method

INPUTS = {"__provider": "pickled", "name": "n", "sizeLimit": 3.0}
BUG = "This is a bug in pulumi-spectrum ({} of a thing). Please report it, with the traceback above."


def call(method: Callable[..., Any], *arguments: Any) -> tuple[Exception, status_pb2.Status | None]:
    """Call a method as the host does, and return how it fails and what the engine is told."""
    context = create_autospec(grpc.ServicerContext, instance=True)
    with pytest.raises(Exception) as caught:
        method(*arguments)
    told = context.set_trailing_metadata.call_args
    return caught.value, None if told is None else status_pb2.Status.FromString(told.args[0][0][1])


def test_a_creation_records_what_is_there(provider: SpectrumProvider, things: Any) -> None:
    """The state gets what the service told over all steps, the inputs, the project, and what is managed."""
    things.steps = [Live("t-1", {"name": "n", "status": "new", "secret": "once"}), Live("t-1", {"status": "ready"})]
    made = provider.create(dict(INPUTS))

    assert made.id == "t-1"
    bookkeeping = bookkeeping_of(made.outs)
    assert bookkeeping is not None
    assert (set(bookkeeping.managed), bool(bookkeeping.creation)) == ({"name", "sizeLimit"}, True)
    outputs = {name: value for name, value in made.outs.items() if name != BOOKKEEPING}
    assert outputs == {
        "name": "n",
        "sizeLimit": 3.0,
        "status": "ready",
        "secret": "once",
        "projectId": "p-1",
    }
    [(_, wanted)] = things.asked
    assert (wanted.name, wanted.size_limit) == ("n", 3.0)


def test_an_update_carries_over_what_is_told_once(provider: SpectrumProvider, things: Any) -> None:
    """An update replaces all outputs, so what the service does not tell again comes from the old ones."""
    things.steps = [Live("t-1", {"status": "changed"})]
    olds = {
        **INPUTS,
        "secret": "once",
        "status": "ready",
        "projectId": "p-1",
        **Bookkeeping(frozenset(["name", "sizeLimit"])).as_output(),
    }
    result = provider.update("t-1", olds, {"__provider": "pickled", "name": "n2"})

    assert result.outs == {
        "name": "n2",
        "sizeLimit": 3.0,
        "status": "changed",
        "secret": "once",
        "projectId": "p-1",
        **Bookkeeping(frozenset(["name"])).as_output(),
    }
    [(_, current, wanted, changed)] = things.asked
    assert (current.id, current.properties["secret"]) == ("t-1", "once")
    assert (wanted.name, wanted.size_limit, changed) == ("n2", None, {"name"})


def test_an_input_that_is_managed_from_now_on_is_compared_with_the_service(
    provider: SpectrumProvider, things: Any
) -> None:
    """What the state holds of a property that nobody managed may be old: the service is asked, and wins."""
    things.found = Live("t-1", {"name": "n", "sizeLimit": 9.0})
    olds = {**INPUTS, "projectId": "p-1", **Bookkeeping(frozenset(["name"])).as_output()}
    provider.update("t-1", olds, dict(INPUTS))

    assert things.asked[0] == ("read", "t-1")
    assert things.asked[1][-1] == {"sizeLimit"}


def test_a_refresh_returns_the_inputs_that_are_managed(provider: SpectrumProvider, things: Any) -> None:
    """The engine compares with the inputs that a refresh returns: those that the program had set, as they are now."""
    things.found = Live("t-1", {"name": "drifted", "sizeLimit": None, "status": "ready", "extra": 1})
    olds = {**INPUTS, "secret": "once", "projectId": "p-1", **Bookkeeping(frozenset(["name", "sizeLimit"])).as_output()}
    result = provider.read("t-1", olds)

    assert result.id == "t-1"
    assert result.inputs == {"name": "drifted"}
    assert result.outs == {
        "name": "drifted",
        "status": "ready",
        "extra": 1,
        "secret": "once",
        "projectId": "p-1",
        **Bookkeeping(frozenset(["name", "sizeLimit"])).as_output(),
    }


def test_what_is_gone_has_no_id(provider: SpectrumProvider) -> None:
    """An object that is proven gone is told with an empty id, which takes it out of the state."""
    result = provider.read("t-1", {**INPUTS, "projectId": "p-1", **Bookkeeping(frozenset(["name"])).as_output()})

    assert (result.id, result.outs) == ("", {})


def test_a_look_up_of_what_is_not_there_fails(provider: SpectrumProvider) -> None:
    """A program that looks up what nobody has is told so, with the id and the project."""
    raised, status = call(provider.read, "t-1", {"__provider": "pickled"})

    assert isinstance(raised, host.CleanFailure)
    assert status is not None
    assert status.message == (
        "There is no thing with the id t-1 in project p-1. Check the id, and whether spectrum:projectId names the "
        "project that it belongs to."
    )


def test_a_look_up_manages_nothing(provider: SpectrumProvider, things: Any) -> None:
    """An object that a program only reads has no inputs, so that nothing of it is ever changed."""
    things.found = Live("t-1", {"name": "n", "status": "ready"})
    result = provider.read("t-1", {"__provider": "pickled"})

    assert result.outs == {"name": "n", "status": "ready", "projectId": "p-1"}
    assert result.inputs is None


def test_a_warning_is_shown_when_it_is_read(
    provider: SpectrumProvider, things: Any, logged: list[tuple[str, bool]]
) -> None:
    """What a person should know of an object stands beside it, and stays."""
    things.found, things.said = Live("t-1", {"name": "n"}), {Method.READ: "Take care."}
    provider.read("t-1", {**INPUTS, **Bookkeeping(frozenset(["name"])).as_output()})

    assert logged == [("Take care.", True)]


def test_a_wait_is_shown_while_it_lasts(
    provider: SpectrumProvider, things: Any, logged: list[tuple[str, bool]]
) -> None:
    """A resource's own line says what it waits for, once."""

    def wait(*_: Any) -> None:
        report_wait("the API's rate limit", 3.4)
        report_wait("the API's rate limit", 8.0)

    things.delete = wait
    provider.delete("t-1", {"__provider": "pickled"})

    assert logged == [("waiting for the API's rate limit, about 3 s", False)]


REFUSED = RequestRefused("No", method="POST", path="/things/", status=422)


@pytest.mark.parametrize("error", [REFUSED, Refusal("No, because."), AnswerLost("lost", method="GET", path="/x")])
@pytest.mark.parametrize("operation", ["create", "read", "update", "delete"])
def test_a_failure_that_a_person_can_cause_is_one_message(
    operation: str, error: Exception, provider: SpectrumProvider, things: Any
) -> None:
    """The engine is told the message, and shows it without a traceback."""
    things.steps = [error]
    arguments = {"create": [INPUTS], "read": ["t", INPUTS], "update": ["t", INPUTS, INPUTS], "delete": ["t", INPUTS]}
    raised, status = call(getattr(provider, operation), *arguments[operation])

    assert isinstance(raised, host.CleanFailure)
    assert status == status_pb2.Status(code=2, message=explain(error, operation))


@pytest.mark.parametrize("operation", ["create", "read", "update", "delete"])
@pytest.mark.parametrize("error", [ZeroDivisionError("of ours"), SystemExit(3), KeyboardInterrupt()])
def test_a_bug_keeps_its_traceback_and_asks_for_a_report(
    operation: str, error: BaseException, provider: SpectrumProvider, things: Any
) -> None:
    """A failure of our own is no clean message: the traceback stays, and even an exit is answered as an exception."""
    things.steps = [error]
    arguments = {"create": [INPUTS], "read": ["t", INPUTS], "update": ["t", INPUTS, INPUTS], "delete": ["t", INPUTS]}
    raised, status = call(getattr(provider, operation), *arguments[operation])

    text = "".join(traceback.format_exception(raised))
    assert isinstance(raised, Exception)
    assert status is None
    assert type(error).__name__ in text
    assert "in take" in text
    assert text.rstrip().endswith(BUG.format(operation))


def half_made(status: status_pb2.Status | None) -> provider_pb2.ErrorResourceInitFailed:
    assert status is not None
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert detail.reasons == [status.message]
    return detail


def test_a_creation_that_fails_half_way_is_recorded(provider: SpectrumProvider, things: Any) -> None:
    """What exists already is in the state, with its id and its provider, and with nothing that was not reached."""
    things.steps = [Live("t-1", {"status": "new", "secret": "once"}), REFUSED]
    _, status = call(provider.create, dict(INPUTS))

    recorded = json_format.MessageToDict(half_made(status).properties)
    assert half_made(status).id == "t-1"
    bookkeeping = bookkeeping_of(recorded)
    assert bookkeeping is not None
    assert (set(bookkeeping.managed), bool(bookkeeping.creation)) == ({"name", "sizeLimit"}, True)
    recorded.pop(BOOKKEEPING)
    assert recorded == {
        "status": "new",
        "secret": "once",
        "projectId": "p-1",
        "__provider": "pickled",
    }
    assert status is not None
    assert status.message == (
        "POST /things/ failed (HTTP 422): No. The thing exists (id t-1) and is recorded in the state. Run `pulumi "
        "up` to finish setting it up."
    )


def test_an_update_that_fails_half_way_is_recorded(provider: SpectrumProvider, things: Any) -> None:
    """The steps that an update has taken are in the state, and those that it has not are still to be taken."""
    things.steps = [Live("t-1", {"name": "n2"}), REFUSED]
    olds = {**INPUTS, "secret": "once", "projectId": "p-1", **Bookkeeping(frozenset(["name", "sizeLimit"])).as_output()}
    _, status = call(provider.update, "t-1", olds, {**INPUTS, "name": "n2", "sizeLimit": 9.0})

    recorded = half_made(status).properties
    assert (recorded["name"], recorded["sizeLimit"], recorded["secret"]) == ("n2", 3.0, "once")


def test_an_update_that_fails_at_its_first_step_changes_nothing(provider: SpectrumProvider, things: Any) -> None:
    """Where nothing was done, the state stays as it is."""
    things.steps = [REFUSED]
    _, status = call(provider.update, "t-1", INPUTS, {**INPUTS, "name": "n2"})

    assert status is not None
    assert list(status.details) == []


@pytest.mark.parametrize("error", [ZeroDivisionError("of ours"), SystemExit("of ours")])
def test_a_bug_half_way_loses_nothing(error: BaseException, provider: SpectrumProvider, things: Any) -> None:
    """Also where the failure is our own, what exists is recorded, and the message holds the traceback."""
    things.steps = [Live("t-1", {"status": "new"}), error]
    _, status = call(provider.create, dict(INPUTS))

    assert half_made(status).id == "t-1"
    assert status is not None
    assert f"{type(error).__name__}: of ours" in status.message
    assert status.message.endswith(BUG.format("create"))
