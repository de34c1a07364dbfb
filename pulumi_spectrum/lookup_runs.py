"""The look-ups of one run of a program: their credentials, the request that equal ones share, and their failures."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_root_resource

from pulumi_spectrum.resources.configuration import warn_of_misspelt_settings
from pulumi_spectrum.resources.provider import Provider

if TYPE_CHECKING:
    from pulumi_spectrum.client import ClientSettings, SpectrumClient

T = TypeVar("T")


class ProgramRun:
    """The look-ups of one run of a program. A process may run several programs, each with look-ups of its own.

    Args:
        make_result: Makes what holds a look-up's result, and what other threads wait for.
    """

    def __init__(self, make_result: Callable[[], Future[Any]] = Future) -> None:
        self._make_result = make_result
        self._lock = threading.Lock()  # for the two dictionaries; it is never held while a request is under way
        self._clients: dict[Any, SpectrumClient] = {}
        self._results: dict[Any, Future[Any]] = {}

    def look_up(self, config: Callable[[str], object | None], read: Callable[..., T], *arguments: str) -> T:
        """Return a look-up's result: from the service the first time, and the same result from then on."""
        from pulumi_spectrum.messages.failures import FAILURES, explain
        from pulumi_spectrum.settings import read_settings, show_requests

        try:
            with show_requests(config, pulumi.log.info):
                return self._result_of(read_settings(config), read, arguments)
        except FAILURES as error:
            raise pulumi.RunError(explain(error)) from None

    def _result_of(self, settings: ClientSettings, read: Callable[..., T], arguments: tuple[str, ...]) -> T:
        """Return a look-up's result, waiting for another thread that makes the same look-up.

        Different look-ups are made side by side. Threads with the same look-up share one request and its failure. A
        failure is not kept, so that the next thread sends a new request.
        """
        from pulumi_spectrum.client import SpectrumClient

        key = (settings, read, arguments)
        with self._lock:
            if settings not in self._clients:
                self._clients[settings] = SpectrumClient(settings)
            client = self._clients[settings]
            shared: Future[T] | None = self._results.get(key)
            if shared is None:
                own: Future[T] = self._make_result()
                self._results[key] = own
        if shared is not None:
            return shared.result()
        try:
            result = read(client, *arguments)
        except BaseException as error:
            with self._lock:
                del self._results[key]
            own.set_exception(error)
            raise
        own.set_result(result)
        return result


_runs: WeakKeyDictionary[pulumi.Resource, ProgramRun] = WeakKeyDictionary()


def this_run() -> ProgramRun:
    """Return the running program's look-ups. Outside of a program nothing is kept."""
    warn_of_misspelt_settings()
    root = get_root_resource()
    return ProgramRun() if root is None else _runs.setdefault(root, ProgramRun())


def look_up(read: Callable[..., T], provider: Provider | None, *arguments: str) -> T:
    """Return what `read` returns for a client of these credentials, once for each run of a program.

    Args:
        read: Takes a client, and the arguments.
        provider: Whose credentials to use, where they are plain text. None: the stack's.
        arguments: What the look-up is given.

    Raises:
        pulumi.RunError: The look-up failed, or the credentials are Outputs.
    """
    config = _stack_config if provider is None else _known_config(provider).get
    return this_run().look_up(config, read, *arguments)


def look_up_output(
    read: Callable[..., T], provider: Provider | None, *arguments: pulumi.Input[str]
) -> pulumi.Output[T]:
    """Return what `look_up` does, for credentials and arguments that are Outputs."""
    run = this_run()

    def read_known(known: list[Any]) -> Awaitable[T]:
        config, *values = known
        return asyncio.to_thread(run.look_up, _stack_config if provider is None else config.get, read, *values)

    # The credentials are secret; the results that they give access to are not.
    credentials = pulumi.Output.unsecret(pulumi.Output.all(**({} if provider is None else provider.configuration)))
    return pulumi.Output.all(credentials, *arguments).apply(read_known)


def _stack_config(key: str) -> str | None:
    return pulumi.Config("spectrum").get(key.removeprefix("spectrum:"))


def _known_config(provider: Provider) -> Mapping[str, object]:
    known = {
        key: value
        for key, value in provider.configuration.items()
        if value is None or isinstance(value, str | int | float)
    }
    if known.keys() != provider.configuration.keys():
        from pulumi_spectrum.messages.lookups import credentials_are_outputs

        raise pulumi.RunError(credentials_are_outputs("get_lines_output"))
    return known
