"""What Pulumi's SDK keeps for the whole process, put back as it was after a test."""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi._utils import ContextProperty
from pulumi.runtime import set_all_config
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.config import _SECRET_KEYS, CONFIG
from pulumi.runtime.settings import ROOT, SETTINGS, Settings


@contextmanager
def sdk_state_restored() -> Iterator[None]:
    """Begin without a stack and with a copy of the configuration, and restore the SDK's state at the end.

    That state is the settings (the engine to talk to, the project, the stack), the stack that resources belong to, and
    the configuration. All of it outlives a test that sets it, and so would reach the next one.
    """
    kept: list[tuple[Any, Any]] = [
        (setting, setting.fget())  # type: ignore[no-untyped-call]
        for setting in vars(Settings).values()
        if isinstance(setting, ContextProperty)
    ]
    config, secret_keys, root = CONFIG.get(), _SECRET_KEYS.get(), ROOT.get()
    set_all_config(config, list(secret_keys))
    ROOT.set(None)
    SETTINGS.outputs = type(SETTINGS.outputs)()  # of another type in older releases
    try:
        yield
    finally:
        for setting, value in kept:
            # Set over None, a value also becomes the one that new threads start with.
            setting.fset(None)
            setting.fset(value)
        CONFIG.set(config)
        _SECRET_KEYS.set(secret_keys)
        ROOT.set(root)


@contextmanager
def own_connections() -> Iterator[None]:
    """Have the SDK open a connection of its own for each program.

    gRPC shares connections between the channels of a process. A channel of an earlier program whose engine has gone
    keeps its failed connection for minutes, and the next engine may listen on the same port: the new program would get
    "connection refused" from that one, without any attempt to connect.
    """
    before = list(_GRPC_CHANNEL_OPTIONS)  # the list that every channel of the SDK is made with
    _GRPC_CHANNEL_OPTIONS.append(("grpc.use_local_subchannel_pool", 1))
    try:
        yield
    finally:
        _GRPC_CHANNEL_OPTIONS[:] = before


@contextmanager
def own_event_loop() -> Iterator[None]:
    """Give the thread an event loop of its own, whatever became of the one before, and restore that one at the end.

    The SDK takes the thread's loop, which an earlier test may have closed. Python 3.14 makes none by itself.
    """
    if _running():
        # In an asynchronous test the SDK works in the loop that runs it.
        yield
        return
    before = _thread_loop()
    own = asyncio.new_event_loop()
    asyncio.set_event_loop(own)
    try:
        yield
    finally:
        # After `asyncio.run` in the test, which leaves the thread without a loop, the SDK makes a second one.
        for loop in {own, _thread_loop() or own} - {before}:
            _close(loop)
        asyncio.set_event_loop(before)


def _close(loop: asyncio.AbstractEventLoop) -> None:
    # A program that fails leaves many outputs behind that fail too. The CLI does not report them either.
    loop.set_exception_handler(lambda *_: None)
    if loop.is_closed():
        return
    while tasks := asyncio.all_tasks(loop):
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def _running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _thread_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that is set for this thread, and make none."""
    if sys.version_info < (3, 12):
        local = getattr(asyncio.get_event_loop_policy(), "_local", None)
        return getattr(local, "_loop", None)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # comes before one is made
        try:
            return asyncio.get_event_loop()
        except (RuntimeError, DeprecationWarning):
            return None
