"""What a provider tells the host and the engine behind its back, and what happens where neither is there."""

import sys
import threading
from concurrent import futures
from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from google.rpc import status_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2

from pulumi_spectrum.providers import host


def make_context() -> Any:
    """What the gRPC server hands to the host's method, and that method keeps in a local variable of this name."""
    return create_autospec(grpc.ServicerContext, instance=True)


def status_in(context: Any) -> status_pb2.Status:
    [((name, serialized),)] = context.set_trailing_metadata.call_args.args
    assert name == "grpc-status-details-bin"
    return status_pb2.Status.FromString(serialized)


def test_a_failure_is_told_in_one_message() -> None:
    """The engine gets the message alone, as the status that it shows without the traceback beside it."""
    context = make_context()

    with pytest.raises(host.CleanFailure, match=r"^No\.$"):
        host.fail("No.")

    assert status_in(context) == status_pb2.Status(code=2, message="No.")


def test_the_nearest_context_is_told() -> None:
    """The request that failed is told of, and not one that called it."""
    outer = context = make_context()

    def inner() -> Any:
        context = make_context()
        with pytest.raises(host.CleanFailure):
            host.fail("No.")
        return context

    assert status_in(inner()).message == "No."
    assert not outer.set_trailing_metadata.called
    assert context is outer


def test_a_half_made_object_is_told_with_its_id() -> None:
    """The engine gets what exists, with its id and the reason, so that it can be recorded."""
    context = make_context()
    outputs = struct_pb2.Struct()
    outputs.update({"phoneNumber": "+1", "__provider": "pickled"})

    with pytest.raises(host.CleanFailure):
        host.fail_partially_created("No.", "line-1", outputs)

    status = status_in(context)
    half_made = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(half_made)
    assert (status.code, status.message) == (2, "No.")
    assert (half_made.id, half_made.reasons, half_made.properties) == ("line-1", ["No."], outputs)


def test_without_a_context_a_failure_is_a_plain_exception() -> None:
    """Where the host is built in another way, the message still comes out, as an exception."""
    with pytest.raises(host.CleanFailure, match=r"^No\.$"):
        host.fail("No.")


def test_the_running_resource_is_known_by_the_request() -> None:
    """The URN of the request that is being answered is found among the callers."""
    request = SimpleNamespace(urn="urn:pulumi:dev::app::spectrum:Webhook::inbox")

    assert host.running_urn() == request.urn


def test_a_request_without_a_urn_is_none() -> None:
    """What is merely called a request names no resource."""
    request = SimpleNamespace(url="https://example.com", urn="")

    assert host.running_urn() == ""
    assert request.urn == ""


class Engine(engine_pb2_grpc.EngineServicer):
    """Collects what is logged."""

    def __init__(self) -> None:
        self.logged: list[engine_pb2.LogRequest] = []
        self.arrived = threading.Event()

    def Log(self, request: Any, _context: Any) -> Any:  # noqa: N802  # the name in the protocol
        self.logged.append(request)
        self.arrived.set()
        return empty_pb2.Empty()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An engine whose address is the last argument of this process."""
    servicer = Engine()
    server = grpc.server(futures.ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setattr(sys, "argv", ["host", f"127.0.0.1:{port}"])
    monkeypatch.setattr(host, "_stub", None)
    yield servicer
    server.stop(None).wait()


def test_a_warning_stays_on_the_resources_line(engine: Engine) -> None:
    """A warning is logged for the resource that is being worked on, and stays."""
    request = SimpleNamespace(urn="urn:inbox")
    host.log("Take care.", warning=True)

    assert engine.logged == [
        engine_pb2.LogRequest(severity=engine_pb2.WARNING, message="Take care.", urn=request.urn, ephemeral=False)
    ]


def test_a_status_is_replaced_by_the_next(engine: Engine) -> None:
    """A status is an ephemeral line."""
    host.log("waiting for the API's rate limit, about 3 s")

    assert [(each.severity, each.ephemeral) for each in engine.logged] == [(engine_pb2.INFO, True)]


@pytest.mark.parametrize("arguments", [["host"], ["host", "127.0.0.1:1"]])
def test_without_an_engine_nothing_is_lost_but_the_line(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is a courtesy: without an engine, or with one that is gone, the operation goes on."""
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(host, "_stub", None)

    host.log("Take care.", warning=True)
