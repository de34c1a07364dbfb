"""The real dynamic host, `python -m pulumi.dynamic`, run as a process and called as the engine calls it."""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from google.rpc import status_pb2
from kind_samples import SAMPLES
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers import serialized_reference

# Channels share connections: without this, a failed connection to an earlier process on the port would be reused.
OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]

HANG_GUARD_SECONDS = 60

NUMBERS = itertools.count(1)

RUN_THE_HOST = "import runpy\nrunpy.run_module('pulumi.dynamic', run_name='__main__', alter_sys=True)\n"


class Engine(engine_pb2_grpc.EngineServicer):
    """The engine's end of a host's connection, which collects the log lines that the host sends."""

    def __init__(self) -> None:
        self.lines: list[Any] = []
        self.arrived = threading.Semaphore(0)

    def Log(self, request: Any, _context: Any) -> Any:  # noqa: N802  # the name in the protocol
        self.lines.append(request)
        self.arrived.release()
        return empty_pb2.Empty()


class Failure(Exception):
    """A failed call, as the engine sees it.

    Attributes:
        details: The host's traceback, which the CLI shows if there is no status.
        status: The status from the provider, whose message the CLI shows instead of the details.
        partially_created: The object that exists although the call failed.
    """

    def __init__(self, error: Any) -> None:
        super().__init__(error.details())
        self.code: grpc.StatusCode = error.code()
        self.details: str = error.details()
        details = dict(error.trailing_metadata()).get("grpc-status-details-bin")
        self.status = None if details is None else status_pb2.Status.FromString(details)
        self.partially_created: provider_pb2.ErrorResourceInitFailed | None = None
        for detail in self.status.details if self.status else ():
            self.partially_created = provider_pb2.ErrorResourceInitFailed()
            assert detail.Unpack(self.partially_created)

    @property
    def message(self) -> str:
        """The message that the CLI shows."""
        assert self.status is not None, f"the CLI would show this: {self.details}"
        return str(self.status.message)


class Host:
    """A running host and a gRPC client of it.

    Args:
        code: Python code that runs in the host's process before it serves.
        config: The provider's configuration.
        environment: Environment variables to add to the usual ones.
        engine_address: The engine's address.
        folder: The folder for the host's output.
    """

    def __init__(
        self, code: str, config: Mapping[str, str], environment: Mapping[str, str], engine_address: str, folder: Path
    ) -> None:
        usual = {name: value for name, value in os.environ.items() if not name.startswith("SPECTRUM_")}
        self._errors = folder / "stderr"
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-c", code + RUN_THE_HOST, engine_address],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**usual, "PULUMI_PROJECT": "app", **environment},
                cwd=folder,
            )
        assert self.process.stdout is not None
        port = self.process.stdout.readline().strip()
        assert port.isdigit(), self._errors.read_text()
        self.port = int(port)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", OWN_CONNECTION)
        self.calls = provider_pb2_grpc.ResourceProviderStub(self.channel)
        self.calls.Configure(provider_pb2.ConfigureRequest(args=struct(config)), timeout=HANG_GUARD_SECONDS)

    def call(self, method: str, request: Any) -> Any:
        return self.result(self.start(method, request))

    def start(self, method: str, request: Any) -> Any:
        """Begin a call, without waiting for its response."""
        return getattr(self.calls, method).future(request, timeout=HANG_GUARD_SECONDS)

    def result(self, call: Any) -> Any:
        try:
            return call.result()
        except grpc.RpcError as error:
            raise Failure(error) from None

    @staticmethod
    def properties(kind: str, values: Mapping[str, Any]) -> struct_pb2.Struct:
        """Return properties as a program sends them, with the serialised provider among them."""
        return struct({"__provider": serialized_reference(kind), **values})

    @staticmethod
    def plain(values: struct_pb2.Struct) -> dict[str, Any]:
        """Return properties as JSON values."""
        return dict(json.loads(json_format.MessageToJson(values)))

    def check(self, kind: str, news: Mapping[str, Any], name: str = "thing") -> Any:
        return self.call("Check", provider_pb2.CheckRequest(urn=urn(kind, name), news=Host.properties(kind, news)))

    def diff(
        self,
        kind: str,
        olds: Mapping[str, Any],
        news: Mapping[str, Any],
        resource_id: str = "id-1",
        name: str = "thing",
    ) -> Any:
        request = provider_pb2.DiffRequest(
            id=resource_id, urn=urn(kind, name), olds=Host.properties(kind, olds), news=Host.properties(kind, news)
        )
        return self.call("Diff", request)

    def create(self, kind: str, news: Mapping[str, Any], name: str = "thing") -> tuple[str, dict[str, Any]]:
        made = self.result(self.start_create(kind, news, name))
        return made.id, self.plain(made.properties)

    def start_create(self, kind: str, news: Mapping[str, Any], name: str = "thing") -> Any:
        """Begin a creation, without waiting for its response."""
        request = provider_pb2.CreateRequest(urn=urn(kind, name), properties=Host.properties(kind, news))
        return self.start("Create", request)

    def read(self, kind: str, resource_id: str, olds: Mapping[str, Any] | None = None) -> Any:
        """Refresh a resource of the state, or without old properties look an object up as `get` does."""
        request = provider_pb2.ReadRequest(id=resource_id, urn=urn(kind))
        if olds is None:
            request.inputs.CopyFrom(Host.properties(kind, {}))
        else:
            request.properties.CopyFrom(Host.properties(kind, olds))
        return self.call("Read", request)

    def update(self, kind: str, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(
            id=resource_id, urn=urn(kind), olds=Host.properties(kind, olds), news=Host.properties(kind, news)
        )
        return self.plain(self.call("Update", request).properties)

    def delete(self, kind: str, resource_id: str, olds: Mapping[str, Any], name: str = "thing") -> None:
        request = provider_pb2.DeleteRequest(
            id=resource_id, urn=urn(kind, name), properties=Host.properties(kind, olds)
        )
        self.call("Delete", request)

    def stop(self, how: int = signal.SIGTERM) -> str:
        """End the process, and return its output."""
        self.channel.close()
        printed = None
        for _ in range(HANG_GUARD_SECONDS):
            # A signal delivered to another thread does not wake the main one, so send it again.
            self.process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                printed, _ = self.process.communicate(timeout=1)
                break
        self.process.kill()
        assert printed is not None, "the host did not end"
        return str(printed) + self._errors.read_text()


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


def urn(kind: str, name: str = "thing") -> str:
    return f"urn:pulumi:dev::app::pulumi-python:dynamic/spectrum:{kind.title()}::{name}"


@pytest.fixture(scope="session")
def running_engine() -> Iterator[tuple[Engine, str]]:
    engine = Engine()
    server = grpc.server(futures.ThreadPoolExecutor(4))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield engine, f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def engine(running_engine: tuple[Engine, str]) -> Engine:
    """The engine's end of the connection, without log lines of earlier tests."""
    running_engine[0].__init__()  # type: ignore[misc]
    return running_engine[0]


@pytest.fixture(scope="session")
def start_any_host(
    running_engine: tuple[Engine, str], running_emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Host]]:
    """Return a function that starts a host with any configuration; at teardown, end all and check for secrets."""
    hosts: list[Host] = []

    def start(code: str = "", *, config: Mapping[str, str], environment: Mapping[str, str] | None = None) -> Host:
        host = Host(code, config, environment or {}, running_engine[1], tmp_path_factory.mktemp("host"))
        hosts.append(host)
        return host

    yield start
    printed = "".join(host.stop() for host in hosts if host.process.poll() is None)
    leaked = [secret for secret in running_emulator.given_secrets if secret in printed]
    assert not leaked, "a host has printed a secret"


def configuration(project: ProjectHandle) -> dict[str, str]:
    """Return the configuration of a stack that manages this project."""
    return {
        "spectrum:projectId": project.id,
        "spectrum:projectSecret": project.secret,
        "spectrum:baseUrl": project.environment["SPECTRUM_CLOUD_URL"],
        "spectrum:requestsPerSecond": "1000",
    }


@pytest.fixture
def start_host(start_any_host: Callable[..., Host], emulator: Emulator) -> Callable[..., tuple[Host, ProjectHandle]]:
    """Return a function that starts a host, which may run code first, for a new project."""

    def start(code: str = "", **options: Any) -> tuple[Host, ProjectHandle]:
        project = emulator.add_project()
        options.setdefault("config", configuration(project))
        return start_any_host(code, **options), project

    return start


@pytest.fixture(scope="session")
def running_host(start_any_host: Callable[..., Host], running_emulator: Emulator) -> Host:
    return start_any_host(config=configuration(running_emulator.project))


@pytest.fixture
def project(emulator: Emulator) -> ProjectHandle:
    """The project of the session's host, with objects of earlier tests, which the host may have in its cached lists."""
    return emulator.project


@pytest.fixture
def inputs() -> dict[str, dict[str, Any]]:
    """Arguments of each kind, for objects that no other test creates."""
    number = next(NUMBERS)
    return {key: sample.fresh(number) for key, sample in SAMPLES.items()}


@pytest.fixture(scope="session")
def host_without_credentials(start_any_host: Callable[..., Host]) -> Host:
    return start_any_host(config={})


@pytest.fixture
def host(running_host: Host, project: ProjectHandle, engine: Engine) -> Host:
    """The session's host, for the emulator's first project."""
    return running_host
