"""What the tests of resource classes share: a program that runs without an engine, and the requests that it makes."""

import contextvars
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime import mocks, rpc
from pulumi.runtime.sync_await import _ensure_event_loop


class Engine(mocks.Mocks):
    """Returns the inputs of a resource, and fixed values for some outputs."""

    def call(self, args: Any) -> Any:
        raise NotImplementedError

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        told = {"projectId": "p-1", "createdAt": "2026", "signingSecret": "s3cr3t", "phoneNumber": "+14155550123"}
        return f"{args.name}-id", {**told, **args.inputs}


class Monitor(mocks.MockMonitor):
    """Records the requests that a program makes."""

    def __init__(self) -> None:
        super().__init__(Engine())
        self.registered: list[Any] = []
        self.read: list[Any] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  # the name in the protocol
        if request.type != "pulumi:pulumi:Stack":
            self.registered.append(request)
        return super().RegisterResource(request)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802  # the name in the protocol
        self.read.append(request)
        return super().ReadResource(request)

    @staticmethod
    def properties(request: Any, **options: Any) -> dict[str, Any]:
        """Return the properties of a request that have a value, without the provider."""
        struct = request.object if hasattr(request, "object") else request.properties
        sent = rpc.deserialize_properties(struct, **options)
        return {name: value for name, value in sent.items() if name != "__provider" and value is not None}


@pytest.fixture
def run() -> Callable[..., Monitor]:
    """Runs a program without an engine, or its preview, apart from everything else in this process."""

    def running(program: Callable[[], Any], *, preview: bool = False) -> Monitor:
        monitor = Monitor()

        def act() -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12 and newer, where none was set yet
                _ensure_event_loop()
            mocks.set_mocks(Engine(), preview=preview, monitor=monitor)
            mocks.test(program)()

        contextvars.copy_context().run(act)
        return monitor

    return running
