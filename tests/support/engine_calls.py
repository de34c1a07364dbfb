"""The engine and the SDK's host, as a provider sees them: the request, its context, and where lines are logged."""

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2, json_format
from google.rpc import status_pb2
from pulumi.dynamic import ResourceProvider
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2

from pulumi_spectrum.providers.host import CleanFailure

T = TypeVar("T")


class PartiallyCreated(Exception):
    """The provider has reported an object that exists, and is not as wanted.

    Attributes:
        id: The object's id.
        outputs: What the engine records.
        message: What the CLI shows.
    """

    def __init__(self, object_id: str, outputs: dict[str, Any], message: str) -> None:
        super().__init__(object_id, outputs, message)
        self.id = object_id
        self.outputs = outputs
        self.message = message


class Context(grpc.ServicerContext):  # type: ignore[misc]  # grpc has no types
    """The context of a request, as far as a provider uses it. A mock of it would take longer to make than most calls.

    Attributes:
        metadata: The trailing metadata that was set.
    """

    def __init__(self) -> None:
        self.metadata: Any = None

    def set_trailing_metadata(self, trailing_metadata: Any) -> None:
        self.metadata = trailing_metadata


Context.__abstractmethods__ = frozenset()


def call_for(urn: str, method: Callable[..., T], *arguments: Any, **fields: Any) -> T:
    """Return what a provider's method returns when the host calls it for a resource.

    The provider finds the request, with the fields that are given, and its context among the local variables of its
    callers.

    Raises:
        PartiallyCreated: The provider has reported a partially created object.
        CleanFailure: The provider has reported any other failure.
    """
    request, context = SimpleNamespace(urn=urn, **fields), Context()
    assert request.urn == urn
    try:
        return method(*arguments)
    except CleanFailure:
        status = _status_in(context.metadata) if context.metadata else None
        partially_created = provider_pb2.ErrorResourceInitFailed()
        if status is None or not any(each.Unpack(partially_created) for each in status.details):
            raise
    outputs = json_format.MessageToDict(partially_created.properties)
    raise PartiallyCreated(partially_created.id, outputs, status.message)


def calls_for(urn: str, provider: ResourceProvider) -> Any:
    """Return the methods of a provider, each of which is called as the host calls it for a resource."""
    names = ("check", "diff", "create", "read", "update", "delete")
    return SimpleNamespace(**{name: partial(call_for, urn, getattr(provider, name)) for name in names})


def reported_status(context: Any) -> status_pb2.Status | None:
    """Return the status that a provider has set in a request's context, if it has."""
    if not context.set_trailing_metadata.called:
        return None
    return _status_in(*context.set_trailing_metadata.call_args.args)


def _status_in(metadata: Any) -> status_pb2.Status:
    ((name, serialized),) = metadata
    assert name == "grpc-status-details-bin"
    return status_pb2.Status.FromString(serialized)


class RecordingEngine(engine_pb2_grpc.EngineServicer):
    """Records what is logged.

    Attributes:
        logged: The requests, in their order.
        lines: Their messages, each with whether it is a warning.
    """

    def __init__(self) -> None:
        self.logged: list[engine_pb2.LogRequest] = []
        self.lines: list[tuple[str, bool]] = []

    def forget(self) -> None:
        """Forget what was logged."""
        self.logged.clear()
        self.lines.clear()

    def Log(self, request: Any, _context: Any) -> Any:  # noqa: N802  # the name in the protocol
        self.logged.append(request)
        self.lines.append((request.message, request.severity == engine_pb2.WARNING))
        return empty_pb2.Empty()


@contextmanager
def serve_engine() -> Iterator[tuple[RecordingEngine, str]]:
    """Run an engine on loopback; yield it and its address."""
    engine = RecordingEngine()
    server = grpc.server(futures.ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield engine, f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
