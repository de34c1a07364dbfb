"""One process of the SDK's dynamic host, in this process: its own code, providers that share nothing, and a fake time.

The host's module is run as it stands, without its last line, which would serve until the end of time. So properties
reach the providers exactly as the real host hands them over: numbers as floats, unknown values as placeholders, secrets
as plain text, and a failure with whatever the provider puts into the request's context.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import grpc
from fake_time import FakeTime
from google.protobuf import json_format, struct_pb2
from google.rpc import status_pb2
from kind_samples import KINDS
from pulumi.runtime.proto import provider_pb2
from stack_records import Properties

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.providers import stack_state
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.declarations import Declarations
from pulumi_spectrum.providers.duplicates import Duplicates
from pulumi_spectrum.providers.ownership import Ownership
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.settings import read_settings

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine sends a value that is not known yet."""


class Failure(Exception):
    """A failed call, as the engine sees it.

    Attributes:
        message: What the CLI shows.
        partially_done: The object that exists although the call failed, if the provider says so.
    """

    def __init__(self, message: str, partially_done: provider_pb2.ErrorResourceInitFailed | None) -> None:
        super().__init__(message)
        self.message = message
        self.partially_done = partially_done


class Surroundings:
    """What the processes of one machine share, and where they find the service.

    Args:
        time: The time that they live in.
        folder: Where their small shared files are.
        config: The configuration of the stack.
    """

    def __init__(self, time: FakeTime, folder: Path, config: Mapping[str, str]) -> None:
        self.time = time
        self.folder = folder
        self.config = config

    def unix_time(self) -> float:
        """Return the time as the service's clock has it, in Unix seconds."""
        return self.time.now

    def wait(self, _condition: Any, seconds: float | None) -> None:
        """Let the time go by for which a creation waits for other calls. There are none: one call is made at a time."""
        assert seconds is not None, "a creation would wait for ever"
        self.time.now += max(seconds, 0.001)


class HostProcess:
    """A host that has just been started.

    Args:
        surroundings: The machine that it runs on.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings
        module: dict[str, Any] = {"__name__": "pulumi.dynamic.__main__"}
        exec(_host_code(), module)  # noqa: S102  # the SDK's own module
        self._servicer = module["DynamicResourceProviderServicer"]()
        # What a process knows of the state it reads once.
        stack_state._read_once.cache_clear()
        self._clients: dict[ClientSettings, SpectrumClient] = {}
        journal = CreationJournal(lambda: surroundings.folder, surroundings.unix_time)
        self._declarations = declarations = Declarations(lambda: surroundings.folder)
        self._call("Configure", provider_pb2.ConfigureRequest(args=struct(surroundings.config)))
        config = self._servicer._config
        for kind in KINDS.values():
            provider = SpectrumProvider(
                kind._lifecycle,
                kind.secret_outputs,
                Ownership(surroundings.time.clock, surroundings.wait),
                journal,
                project=ProjectAccess(self._client),
                duplicates=Duplicates(kind._lifecycle, lambda: declarations),
            )
            provider.configure(module["ConfigureRequest"](config=module["Config"](config, "app")))
            module["_PROVIDER_CACHE"][kind.reference()] = provider

    def client(self) -> SpectrumClient:
        """Return a client of the project, as the process's providers have it."""
        return self._client(read_settings(self._around.config.get))

    def _client(self, settings: ClientSettings) -> SpectrumClient:
        if settings not in self._clients:
            time = self._around.time
            limiter = time.limiter(settings.requests_per_second)
            self._clients[settings] = SpectrumClient(settings, limiter=limiter, clock=time.clock, sleep=time.sleep)
        return self._clients[settings]

    def close(self) -> None:
        """End the process."""
        if self._declarations._lock_file is not None:
            self._declarations._lock_file.close()
        for client in self._clients.values():
            client.close()

    def check(self, urn: str, olds: Properties | None, news: Properties) -> tuple[Properties, list[str]]:
        """Return the inputs to go on with, and the sentences of the failures."""
        request = provider_pb2.CheckRequest(urn=urn, olds=struct(olds or {}), news=struct(news))
        answer = self._call("Check", request)
        assert [each.property for each in answer.failures if each.property] == [], "the engine would print the value"
        return plain(answer.inputs), [each.reason for each in answer.failures]

    def diff(self, urn: str, object_id: str, olds: Properties, news: Properties) -> Any:
        """Return the response to a diff of outputs and new inputs."""
        return self._call("Diff", provider_pb2.DiffRequest(id=object_id, urn=urn, olds=struct(olds), news=struct(news)))

    def create(self, urn: str, news: Properties) -> tuple[str, Properties]:
        """Return the id and the outputs of a new object."""
        answer = self._call("Create", provider_pb2.CreateRequest(urn=urn, properties=struct(news)))
        return answer.id, plain(answer.properties)

    def read(self, urn: str, object_id: str, olds: Properties, inputs: Properties) -> tuple[str, Properties, Any]:
        """Return the id, the outputs and the inputs of an object, with an empty id where it is gone."""
        request = provider_pb2.ReadRequest(id=object_id, urn=urn, properties=struct(olds), inputs=struct(inputs))
        answer = self._call("Read", request)
        return answer.id, plain(answer.properties), plain(answer.inputs) if answer.HasField("inputs") else None

    def update(self, urn: str, object_id: str, olds: Properties, news: Properties) -> Properties:
        """Return the outputs of an object that was changed in place."""
        request = provider_pb2.UpdateRequest(id=object_id, urn=urn, olds=struct(olds), news=struct(news))
        return plain(self._call("Update", request).properties)

    def delete(self, urn: str, object_id: str, olds: Properties) -> None:
        """Delete an object."""
        self._call("Delete", provider_pb2.DeleteRequest(id=object_id, urn=urn, properties=struct(olds)))

    def _call(self, method: str, request: Any) -> Any:
        context = _Context()
        try:
            return getattr(self._servicer, method)(request, context)
        except _Aborted as aborted:
            raise context.failure(str(aborted)) from None


class _Aborted(Exception):
    """The host has ended a call."""


class _Context(grpc.ServicerContext):  # type: ignore[misc]
    """The context of one request, as far as the host and the providers use it."""

    def __init__(self) -> None:
        self.trailing: dict[str, bytes] = {}

    def set_trailing_metadata(self, trailing_metadata: Any) -> None:
        self.trailing = dict(trailing_metadata)

    def abort(self, _code: Any, details: str) -> Any:
        raise _Aborted(details)

    def failure(self, traceback: str) -> Failure:
        """Return the failure as the engine reads it. One without a status would be shown with a traceback."""
        details = self.trailing.get("grpc-status-details-bin")
        assert details is not None, f"the CLI would show this: {traceback}"
        status = status_pb2.Status.FromString(details)
        for each in status.details:
            partially_done = provider_pb2.ErrorResourceInitFailed()
            if each.Unpack(partially_done):
                return Failure(status.message, partially_done)
        return Failure(status.message, None)


def _unused(*_: Any, **__: Any) -> Any:
    raise NotImplementedError


_Context.__abstractmethods__ = frozenset()
for _name in grpc.ServicerContext.__abstractmethods__ - vars(_Context).keys():
    setattr(_Context, _name, _unused)


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return properties as they are sent."""
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


def plain(values: struct_pb2.Struct) -> Properties:
    """Return properties as JSON values. Numbers are floats, as in the protocol."""
    return dict(json_format.MessageToDict(values))


@cache
def _host_code() -> CodeType:
    """Return the code of the SDK's host without the call that serves."""
    spec = importlib.util.find_spec("pulumi.dynamic.__main__")
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text())
    assert ast.unparse(tree.body[-1]) == "main()"
    tree.body.pop()
    return compile(tree, spec.origin, "exec")
