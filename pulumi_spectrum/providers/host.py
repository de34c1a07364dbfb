"""What the SDK's dynamic host does not hand to a provider: the request's context, and a line to the person who waits.

All of it leans on how the host is built, so it stands here alone. Where the host changes, everything here turns into
the plain behaviour: an exception with a traceback, no name, no status line.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2, struct_pb2
from google.rpc import status_pb2
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2

STATUS_DETAILS = "grpc-status-details-bin"
UNKNOWN = 2
"""The gRPC status that the engine expects of a failed resource operation."""


class CleanFailure(Exception):
    """Ends a provider method whose failure was already reported to the engine in one message."""


def fail(message: str) -> NoReturn:
    """Fail the running operation so that the CLI shows the message and no traceback."""
    _set_status(status_pb2.Status(code=UNKNOWN, message=_encodable(message)))
    raise CleanFailure(message)


def fail_partially_created(message: str, resource_id: str, outputs: struct_pb2.Struct) -> NoReturn:
    """Fail the running creation or update, and have the engine record what exists so that the next `up` finishes it."""
    partially_created = provider_pb2.ErrorResourceInitFailed(
        id=resource_id, properties=outputs, reasons=[_encodable(message)]
    )
    details = any_pb2.Any()
    details.Pack(partially_created)
    _set_status(status_pb2.Status(code=UNKNOWN, message=_encodable(message), details=[details]))
    raise CleanFailure(message)


def _encodable(message: str) -> str:
    """Return a message with a `?` for each half of a surrogate pair, which an id may hold and no request can."""
    return message.encode(errors="replace").decode()


def running_urn() -> str:
    """Return the URN of the resource that the host is working on, or an empty text."""
    for request in _callers_with("request"):
        urn = getattr(request, "urn", None)
        if urn:
            return str(urn)
    return ""


@dataclass(frozen=True)
class ComparedInputs:
    """What the engine compares itself, where a diff does not say whether there is a change.

    Args:
        old: The inputs in the state.
        ignored: The inputs that the option `ignore_changes` names.
    """

    old: Mapping[str, Any]
    ignored: frozenset[str]


def compared_inputs() -> ComparedInputs | None:
    """Return what the engine compares after the running diff, or None where the host was not told."""
    for request in _callers_with("request"):
        if getattr(request, "urn", None):
            old, ignored = getattr(request, "old_inputs", None), getattr(request, "ignoreChanges", ())
            if not old:
                return None
            names = frozenset(re.split(r"[.\[]", path, maxsplit=1)[0] for path in ignored)
            return ComparedInputs(rpc.deserialize_properties(old, True), names)
    return None


def are_recorded_inputs(names: Collection[str]) -> bool:
    """Return whether the state's inputs of the resource that is read are these, each equal to the output of its name.

    It is False where the host was not told: for an import, or in a host that is built otherwise.
    """
    for request in _callers_with("request"):
        inputs, outputs = getattr(request, "inputs", None), getattr(request, "properties", None)
        if inputs is None or outputs is None:
            continue
        # Compared as they came: making Python's values of them takes as long as all else that a read does.
        return set(inputs.fields) == {PROVIDER_KEY, *names} and all(
            name in outputs.fields and inputs.fields[name] == outputs.fields[name] for name in names
        )
    return False


def log(message: str, *, warning: bool = False) -> None:
    """Show a line beside the running resource: a warning that stays, or a status that the next one replaces."""
    _show(message, engine_pb2.WARNING if warning else engine_pb2.INFO, ephemeral=not warning)


def inform(message: str) -> None:
    """Show a line beside the running resource that stays, and is no warning."""
    _show(message, engine_pb2.INFO, ephemeral=False)


def _show(message: str, severity: Any, *, ephemeral: bool) -> None:
    address = engine_address()
    if not address:
        return
    request = engine_pb2.LogRequest(
        severity=severity, message=_encodable(message), urn=running_urn(), ephemeral=ephemeral
    )
    try:
        _connect(address).Log(request, timeout=5)
    except grpc.RpcError:
        # The line is a courtesy: losing it must not fail the resource.
        return


@contextmanager
def extra_host_thread() -> Iterator[None]:
    """Let the host serve one more request at a time while this request waits for others.

    The host has four threads. When all of them wait, no thread is left for the request that would end the waiting.
    """
    pools = map(_pool_of, _callers_with("executor_reference"))
    pool = next((pool for pool in pools if pool is not None), None)
    if pool is None:
        yield
        return
    with _growing:
        pool._max_workers += 1  # noqa: SLF001  # there is no public way to resize a pool
    # A pool starts a thread only when work is submitted, and earlier requests may be in its queue.
    pool.submit(int)
    try:
        yield
    finally:
        with _growing:
            pool._max_workers -= 1  # noqa: SLF001


_growing = threading.Lock()


def _pool_of(reference: Any) -> Any:
    """Return the pool that a variable `executor_reference` refers to, which the outermost call of its threads has."""
    pool = reference() if callable(reference) else None
    return pool if isinstance(getattr(pool, "_max_workers", None), int) else None


@cache
def _connect(address: str) -> Any:
    """Return the one connection of this process to the engine at an address."""
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))


def engine_address() -> str:
    """Return the address of the engine that has started the host, or an empty text. It is one for each run."""
    return sys.argv[-1] if ":" in sys.argv[-1] else ""


_parent = os.getppid()


def engine_has_ended() -> bool:
    """Return whether the process that has started the host has ended, as when it was killed. The host lives on then."""
    return os.getppid() != _parent


def _set_status(status: status_pb2.Status) -> None:
    for context in _callers_with("context"):
        if isinstance(context, grpc.ServicerContext):
            context.set_trailing_metadata(((STATUS_DETAILS, status.SerializeToString()),))
            return


def _callers_with(name: str) -> Iterator[Any]:
    """Return the values of the variables of this name in the running calls, the innermost first."""
    frame = sys._getframe(1)  # noqa: SLF001
    while frame is not None:
        # Its code is asked first, since Python copies all variables of a call when it is asked for one of them.
        code = frame.f_code
        if (name in code.co_varnames or name in code.co_cellvars) and name in (local := frame.f_locals):
            yield local[name]
        frame = frame.f_back  # type: ignore[assignment]
