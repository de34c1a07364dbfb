"""What a provider reports to the engine past the SDK, and what happens without a host or an engine."""

import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import grpc
import pytest
from engine_calls import RecordingEngine, reported_status
from google.protobuf import struct_pb2
from google.rpc import status_pb2
from pulumi.runtime.proto import engine_pb2, provider_pb2

from pulumi_spectrum.providers import host


def make_context() -> Any:
    """Return what the gRPC server passes to the host's method, which keeps it in a local variable `context`."""
    return Mock(spec=grpc.ServicerContext)


def test_failure_is_one_message() -> None:
    """The engine gets the message alone, in the status that it shows without a traceback."""
    context = make_context()

    with pytest.raises(host.CleanFailure, match=r"^No\.$"):
        host.fail("No.")

    assert reported_status(context) == status_pb2.Status(code=2, message="No.")


def test_nearest_context_gets_the_status() -> None:
    """The status is set in the context of the request that failed, and not of one that called it."""
    outer = context = make_context()

    def inner() -> Any:
        context = make_context()
        with pytest.raises(host.CleanFailure):
            host.fail("No.")
        return context

    status = reported_status(inner())
    assert status is not None
    assert status.message == "No."
    assert not outer.set_trailing_metadata.called
    assert context is outer


def test_partially_created_object_is_reported_with_its_id() -> None:
    """The engine gets the outputs, the id and the reason of a partially created object, and can record it."""
    context = make_context()
    outputs = struct_pb2.Struct()
    outputs.update({"phoneNumber": "+1", "__provider": "pickled"})

    with pytest.raises(host.CleanFailure):
        host.fail_partially_created("No.", "line-1", outputs)

    status = reported_status(context)
    assert status is not None
    partially_created = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(partially_created)
    assert (status.code, status.message) == (2, "No.")
    assert (partially_created.id, partially_created.reasons, partially_created.properties) == (
        "line-1",
        ["No."],
        outputs,
    )


def test_failure_without_a_context_is_a_plain_exception() -> None:
    """Without a context, as in a host that is built otherwise, the message is raised as an exception."""
    with pytest.raises(host.CleanFailure, match=r"^No\.$"):
        host.fail("No.")


def test_running_urn_is_read_from_the_request() -> None:
    """The URN of the running request is found among the callers' local variables."""
    request = SimpleNamespace(urn="urn:pulumi:dev::app::spectrum:Webhook::inbox")

    assert host.running_urn() == request.urn


def test_running_urn_is_read_from_a_request_that_a_function_keeps() -> None:
    """A variable that an inner function of the host uses too is found as well."""
    request = SimpleNamespace(urn="urn:pulumi:dev::app::spectrum:Webhook::inbox")

    def inner() -> str:
        return str(request.urn)

    assert host.running_urn() == inner()


def test_request_without_a_urn_is_ignored() -> None:
    """A local variable `request` without a URN names no resource."""
    request = SimpleNamespace(url="https://example.com", urn="")

    assert host.running_urn() == ""
    assert request.urn == ""


def test_inputs_that_the_engine_compares_are_read_from_the_request() -> None:
    """The old inputs are found among the callers' local variables, with the names that `ignore_changes` begins with."""
    request = provider_pb2.DiffRequest(urn="urn:inbox", ignoreChanges=["parts[0].text", "name.first", "size"])
    request.old_inputs.update({"name": "A", "size": 3.0})

    assert host.compared_inputs() == host.ComparedInputs(
        {"name": "A", "size": 3.0}, frozenset({"parts", "name", "size"})
    )
    assert request.urn == "urn:inbox"


@pytest.mark.parametrize(
    ("inputs", "names", "expected"),
    [
        ({"name": "A", "size": 3.0}, ["name", "size"], True),
        ({"name": "A", "size": 3.0}, ["name"], False),
        ({"name": "A"}, ["name", "size"], False),
        ({"name": "B", "size": 3.0}, ["name", "size"], False),
        ({"name": "A", "__import": "t-1"}, ["name"], False),
        ({"name": "A", "left": None}, ["name", "left"], False),
    ],
)
def test_recorded_inputs_are_read_from_the_request(inputs: dict[str, Any], names: list[str], expected: bool) -> None:
    """The state has these inputs if it has exactly their names, and each is equal to the output of its name."""
    request = provider_pb2.ReadRequest(urn="urn:inbox")
    request.inputs.update({"__provider": "pickled", **inputs})
    request.properties.update({"name": "A", "size": 3.0, "status": "new"})

    assert host.are_recorded_inputs(names) is expected
    assert request.urn == "urn:inbox"


@pytest.mark.parametrize("request_made", [provider_pb2.ReadRequest(urn="urn:inbox"), SimpleNamespace(urn="urn:inbox")])
def test_inputs_of_an_import_are_not_recorded(request_made: Any) -> None:
    """Where the host does not say what the state holds, as for an import, nothing counts as recorded."""
    request = request_made

    assert not host.are_recorded_inputs(["name"])
    assert request.urn == "urn:inbox"


@pytest.mark.parametrize("request_made", [provider_pb2.DiffRequest(urn="urn:inbox"), SimpleNamespace(urn="urn:inbox")])
def test_engine_that_sends_no_old_inputs(request_made: Any) -> None:
    """Of an engine, or a host, that does not say what it compares, nothing is known."""
    request = request_made

    assert host.compared_inputs() is None
    assert request.urn == "urn:inbox"


def test_warning_stays_on_the_resources_line(engine: RecordingEngine) -> None:
    """A warning is logged for the running resource, and is not ephemeral."""
    request = SimpleNamespace(urn="urn:inbox")
    host.log("Take care.", warning=True)

    assert engine.logged == [
        engine_pb2.LogRequest(severity=engine_pb2.WARNING, message="Take care.", urn=request.urn, ephemeral=False)
    ]


def test_status_is_ephemeral(engine: RecordingEngine) -> None:
    """A status is logged as an ephemeral line."""
    host.log("waiting for the API's rate limit, about 3 s")

    assert [(each.severity, each.ephemeral) for each in engine.logged] == [(engine_pb2.INFO, True)]


@pytest.mark.parametrize("arguments", [["host"], ["host", "127.0.0.1:1"]])
def test_log_without_an_engine_fails_nothing(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an engine, or with one that cannot be reached, logging a line does nothing."""
    monkeypatch.setattr(sys, "argv", arguments)

    host.log("Take care.", warning=True)
