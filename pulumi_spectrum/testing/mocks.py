"""Unit tests without an engine: Pulumi's mocks, backed by the real providers and an emulated service."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Self
from urllib.parse import urlsplit

import pulumi
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ConfigureRequest, ResourceProvider
from pulumi.dynamic.config import Config
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.stack import wait_for_rpcs
from pulumi.runtime.sync_await import _sync_await

from pulumi_spectrum import client
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.spelling.urls import is_loopback
from pulumi_spectrum.spelling.urns import PROVIDER_TYPE
from pulumi_spectrum.testing.sdk_state import own_event_loop, sdk_state_restored

STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference"
STACK_TYPE = "pulumi:pulumi:Stack"
NAMES = ("projectId", "projectSecret", "baseUrl", "requestsPerSecond", "timeoutSeconds")
PICKLED = "__provider"


class SpectrumMocks(pulumi.runtime.Mocks):
    """Creates and reads the resources of a program as the engine and the service would.

    Each Spectrum resource is checked and created by its real provider, at an emulated service: a wrong argument or a
    conflict fails the test, and every output has the value that the service gave it. `get` reads the object, and fails
    where there is none. `opts.provider` and the configuration of the `spectrum` namespace decide which project of the
    emulator a resource belongs to. Outputs are secret where the engine makes them secret. Other resources are given an
    id and keep their inputs.

    It is a context manager: the mocks are set in its block, in an event loop of their own, and what was set before is
    restored at its end.

    Attributes:
        resources: What the program declared so far.
        calls: The answer to a call of another provider's function, by its token, such as
            `{"aws:index/getRegion:getRegion": {"name": "eu-central-1"}}`. A call without one fails the test.
        stack_references: The outputs of other stacks, by the name that the program gives a `StackReference`.

    Args:
        spectrum: The emulated service.
    """

    def __init__(self, spectrum: Emulator) -> None:
        self.resources: list[pulumi.runtime.MockResourceArgs] = []
        self.calls: dict[str, dict[str, Any]] = {}
        self.stack_references: dict[str, dict[str, Any]] = {}
        self._defaults = {
            "spectrum:projectId": spectrum.project_id,
            "spectrum:projectSecret": spectrum.project_secret,
        }
        self._everywhere = {"spectrum:baseUrl": spectrum.url, "spectrum:requestsPerSecond": "1000"}
        # All modules are loaded here, in the test's own thread: `new_resource` is called in several at once.
        self._kinds = {kind.type_token: kind for kind in load_kinds()}
        for kind in self._kinds.values():
            kind.problems_of({})
        for module in iter_modules(client.__path__):
            import_module(f"{client.__name__}.{module.name}")
        self._explicit: dict[str, dict[str, Any]] = {}
        self._providers: dict[tuple[Any, ...], ResourceProvider] = {}
        self._lock = threading.Lock()
        self._restore = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as restore:
            restore.enter_context(sdk_state_restored())
            restore.enter_context(own_event_loop())
            pulumi.runtime.set_mocks(self, monitor=_Monitor(self))
            # The stack is registered now, so that the test may go on in another event loop.
            _sync_await(wait_for_rpcs())
            self._restore = restore.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._restore.close()

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Create or read a resource.

        Raises:
            ValueError: An argument is wrong; the message is the one that a preview would show.
        """
        self.resources.append(args)
        kind = self._kinds.get(args.typ)
        if kind is not None:
            return self._spectrum_resource(args)
        if args.typ == PROVIDER_TYPE:
            resource_id = str(uuid.uuid4())
            self._explicit[resource_id] = _plain(args.inputs)
            return resource_id, dict(args.inputs)
        if args.typ == STACK_REFERENCE_TYPE:
            return self._stack_reference(_plain(args.inputs))
        return args.resource_id or f"{args.name}-id", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Return the result of a call of another provider's function, as `calls` gives it.

        Raises:
            ValueError: `calls` has no result for the function.
        """
        if args.token not in self.calls:
            raise ValueError(
                f"The program calls `{args.token}`, to which the mocks have no answer. Say in the test what it "
                f'returns: spectrum_mocks.calls["{args.token}"] = {{…}}'
            )
        return self.calls[args.token], []

    def _spectrum_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        provider = self._provider(args)
        inputs = _plain(args.inputs)
        if args.resource_id and args.custom is None:
            found = provider.read(args.resource_id, inputs)
            return found.id, _with_secrets(args.inputs, found.outs or {})
        checked = provider.check({}, inputs)
        if checked.failures:
            raise ValueError(" ".join(failure.reason for failure in checked.failures))
        created = provider.create({**checked.inputs, PICKLED: inputs[PICKLED]})
        return created.id, _with_secrets(args.inputs, created.outs or {})

    def _stack_reference(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        name = inputs["name"]
        if name not in self.stack_references:
            raise ValueError(
                f"The program refers to the stack `{name}`, which the mocks do not know. Say in the test what its "
                f'outputs are: spectrum_mocks.stack_references["{name}"] = {{…}}'
            )
        outputs = self.stack_references[name]
        return name, {"name": name, "outputs": outputs, "secretOutputNames": []}

    def _provider(self, args: pulumi.runtime.MockResourceArgs) -> ResourceProvider:
        """Return the provider of a resource. As in the engine, there is one for each kind and configuration."""
        explicit = self._explicit.get((args.provider or "").rpartition("::")[2])
        if explicit is None:
            keys = [f"spectrum:{name}" for name in NAMES]
            given = {**self._defaults, **{key: value for key in keys if (value := pulumi.runtime.get_config(key))}}
        else:
            given = explicit
        config = {**self._everywhere, **given}
        if not is_loopback(urlsplit(config["spectrum:baseUrl"]).hostname or ""):
            raise ValueError(
                f"`{args.name}` would be created at {config['spectrum:baseUrl']}, and mocks send nothing off this "
                "machine. Leave out spectrum:baseUrl, or base_url, in a test: the emulator answers then."
            )
        key = (args.typ, *sorted(config.items()))
        with self._lock:
            if key not in self._providers:
                provider = self._kinds[args.typ].provider()
                provider.configure(ConfigureRequest(Config(config, "test")))
                self._providers[key] = provider
            return self._providers[key]


class _Monitor(MockMonitor):
    """The SDK's mock of the engine, with what it leaves out: URNs, duplicate names, secret outputs."""

    def __init__(self, answers: SpectrumMocks) -> None:
        super().__init__(answers)
        self._urns: set[str] = set()
        self._lock = threading.Lock()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN as the engine makes it, with the types of all parents in it."""
        parents = parent.split("::")[2] if parent else STACK_TYPE
        qualified = type_ if parents == STACK_TYPE else f"{parents}${type_}"
        return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  # the protocol's name
        """Refuse a second resource with the same URN, and mark the outputs secret that the resource's options name."""
        self._refuse_duplicate(request)
        with asyncio.Runner() as runner:
            runner.get_loop()
            response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        _make_secret(response.object, request.additionalSecretOutputs)
        return response

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Refuse a second look-up with the same URN, and mark its secret outputs."""
        self._refuse_duplicate(request)
        with asyncio.Runner() as runner:
            runner.get_loop()
            response = super().ReadResource(request)  # type: ignore[no-untyped-call]
        _make_secret(response.properties, request.additionalSecretOutputs)
        return response

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Return the result of a call, which runs in an event loop that is closed afterwards."""
        with asyncio.Runner() as runner:
            runner.get_loop()
            return super().Invoke(request)  # type: ignore[no-untyped-call]

    def _refuse_duplicate(self, request: Any) -> None:
        urn = self.make_urn(request.parent, request.type, request.name)
        with self._lock:
            if urn in self._urns:
                raise ValueError(f"Duplicate resource URN '{urn}'; try giving it a unique name")
            self._urns.add(urn)


def _make_secret(properties: Struct, names: Iterable[str]) -> None:
    for name in names:
        if name in properties and not rpc.is_rpc_secret(_as_dict(properties[name])):
            properties[name] = rpc.wrap_rpc_secret(properties[name])


def _as_dict(value: Any) -> Any:
    return dict(value) if isinstance(value, Struct) else value


def _plain(value: Any) -> Any:
    """Return the value without the marks of secrets in it, since the engine gives providers plain values."""
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _with_secrets(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[Any, Any]:
    """Mark the outputs secret whose inputs are secret, as the engine does."""
    return {
        name: rpc.wrap_rpc_secret(value) if name in inputs and inputs[name] != _plain(inputs[name]) else value
        for name, value in outputs.items()
    }
