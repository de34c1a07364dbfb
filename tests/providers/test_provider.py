"""What every kind of resource has in common, tested with a kind whose steps each test sets."""

import traceback
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import grpc
import pytest
from engine_calls import reported_status
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
    context = Mock(spec=grpc.ServicerContext)
    with pytest.raises(Exception) as caught:
        method(*arguments)
    return caught.value, reported_status(context)


def test_creation_records_all_outputs(provider: SpectrumProvider, things: Any) -> None:
    """The state gets what the API returned over all steps, the inputs, the project, and which inputs are managed."""
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


def test_update_carries_over_one_time_outputs(provider: SpectrumProvider, things: Any) -> None:
    """An update replaces all outputs, so what the API does not return again is carried over from the old ones."""
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


def test_newly_managed_input_is_compared_with_the_object(provider: SpectrumProvider, things: Any) -> None:
    """An input that was not managed until now is compared with the object, since the state may hold an old value."""
    things.found = Live("t-1", {"name": "n", "sizeLimit": 9.0})
    olds = {**INPUTS, "projectId": "p-1", **Bookkeeping(frozenset(["name"])).as_output()}
    provider.update("t-1", olds, dict(INPUTS))

    assert things.asked[0] == ("read", "t-1")
    assert things.asked[1][-1] == {"sizeLimit"}


def test_refresh_returns_the_managed_inputs(provider: SpectrumProvider, things: Any) -> None:
    """A refresh returns the inputs that the program had set, with the values that the object has now."""
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


def test_refresh_of_a_deleted_object_returns_no_id(provider: SpectrumProvider) -> None:
    """A refresh returns an empty id for an object that is proven gone, which removes it from the state."""
    result = provider.read("t-1", {**INPUTS, "projectId": "p-1", **Bookkeeping(frozenset(["name"])).as_output()})

    assert (result.id, result.outs) == ("", {})


def test_look_up_of_a_missing_object_fails(provider: SpectrumProvider) -> None:
    """A look-up of an object that does not exist fails, with the id and the project in the message."""
    raised, status = call(provider.read, "t-1", {"__provider": "pickled"})

    assert isinstance(raised, host.CleanFailure)
    assert status is not None
    assert status.message == (
        "There is no thing with the id t-1 in project p-1. Check the id, and whether spectrum:projectId names the "
        "project that it belongs to."
    )


def test_look_up_manages_no_input(provider: SpectrumProvider, things: Any) -> None:
    """An object that a program only looks up has no managed inputs, so nothing of it is ever changed."""
    things.found = Live("t-1", {"name": "n", "status": "ready"})
    result = provider.read("t-1", {"__provider": "pickled"})

    assert result.outs == {"name": "n", "status": "ready", "projectId": "p-1"}
    assert result.inputs is None


def test_notice_is_shown_as_a_warning_on_read(
    provider: SpectrumProvider, things: Any, logged: list[tuple[str, bool]]
) -> None:
    """The warning that a kind gives for an object is logged when the object is read, and stays."""
    things.found, things.said = Live("t-1", {"name": "n"}), {Method.READ: "Take care."}
    provider.read("t-1", {**INPUTS, **Bookkeeping(frozenset(["name"])).as_output()})

    assert logged == [("Take care.", True)]


@pytest.mark.parametrize("props", [{}, {"projectId": "p-1", "name": "n"}])
def test_look_up_gives_no_notice(
    provider: SpectrumProvider, things: Any, logged: list[tuple[str, bool]], props: dict[str, Any]
) -> None:
    """An object that is only looked up by `get` gives no notice, since a program cannot follow the advice in it."""
    things.found, things.said = Live("t-1", {"name": "n"}), {Method.READ: "Take care."}
    provider.read("t-1", {"__provider": "pickled", **props})

    assert logged == []


def test_hint_of_a_step_is_shown_and_is_no_warning(
    provider: SpectrumProvider, things: Any, logged: list[tuple[str, bool]]
) -> None:
    """What a step of a creation or an update says beside its work is a line that stays, and no warning."""
    things.steps = [Live("t-1", {"name": "n"}, hint="By the way.")]
    provider.create(dict(INPUTS))

    assert logged == [("By the way.", False)]


def test_long_wait_is_shown_once(provider: SpectrumProvider, things: Any, logged: list[tuple[str, bool]]) -> None:
    """The resource's line shows what the operation waits for, once for each operation."""

    def wait(*_: Any) -> None:
        report_wait("the API's rate limit", 3.4)
        report_wait("the API's rate limit", 8.0)

    things.delete = wait
    provider.delete("t-1", {"__provider": "pickled"})

    assert logged == [("waiting for the API's rate limit, about 3 s", False)]


REFUSED = RequestRefused("No", method="POST", path="/things/", status=422)


@pytest.mark.parametrize("error", [REFUSED, Refusal("No, because."), AnswerLost("lost", method="GET", path="/x")])
@pytest.mark.parametrize("operation", ["create", "read", "update", "delete"])
def test_failure_is_reported_as_one_message(
    operation: str, error: Exception, provider: SpectrumProvider, things: Any
) -> None:
    """A failure that a person can cause reaches the engine as one message, without a traceback."""
    things.steps = [error]
    arguments = {"create": [INPUTS], "read": ["t", INPUTS], "update": ["t", INPUTS, INPUTS], "delete": ["t", INPUTS]}
    raised, status = call(getattr(provider, operation), *arguments[operation])

    assert isinstance(raised, host.CleanFailure)
    assert status == status_pb2.Status(code=2, message=explain(error, operation))


@pytest.mark.parametrize("operation", ["create", "read", "update", "delete"])
@pytest.mark.parametrize("error", [ZeroDivisionError("of ours"), SystemExit(3), KeyboardInterrupt()])
def test_bug_is_raised_with_its_traceback(
    operation: str, error: BaseException, provider: SpectrumProvider, things: Any
) -> None:
    """A bug is raised with its traceback and asks for a report; even SystemExit is turned into an exception."""
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


def test_partial_creation_is_recorded(provider: SpectrumProvider, things: Any) -> None:
    """When a later step of a creation fails, what exists is recorded with its id, and nothing that was not reached."""
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


def test_partial_update_is_recorded(provider: SpectrumProvider, things: Any) -> None:
    """When a later step of an update fails, the steps before it are recorded, and the rest is left to the next run."""
    things.steps = [Live("t-1", {"name": "n2"}), REFUSED]
    olds = {**INPUTS, "secret": "once", "projectId": "p-1", **Bookkeeping(frozenset(["name", "sizeLimit"])).as_output()}
    _, status = call(provider.update, "t-1", olds, {**INPUTS, "name": "n2", "sizeLimit": 9.0})

    recorded = half_made(status).properties
    assert (recorded["name"], recorded["sizeLimit"], recorded["secret"]) == ("n2", 3.0, "once")


def test_update_that_fails_at_its_first_step_records_nothing(provider: SpectrumProvider, things: Any) -> None:
    """When no step of an update was done, the state stays as it is."""
    things.steps = [REFUSED]
    _, status = call(provider.update, "t-1", INPUTS, {**INPUTS, "name": "n2"})

    assert status is not None
    assert list(status.details) == []


@pytest.mark.parametrize("error", [ZeroDivisionError("of ours"), SystemExit("of ours")])
def test_bug_in_a_later_step_records_what_exists(error: BaseException, provider: SpectrumProvider, things: Any) -> None:
    """When a bug ends a creation, what exists is recorded, and the message holds the traceback."""
    things.steps = [Live("t-1", {"status": "new"}), error]
    _, status = call(provider.create, dict(INPUTS))

    assert half_made(status).id == "t-1"
    assert status is not None
    assert f"{type(error).__name__}: of ours" in status.message
    assert status.message.endswith(BUG.format("create"))
