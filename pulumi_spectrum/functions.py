"""The look-ups: what a project holds, read by the program itself.

Each runs in the program, in previews too. In one program run, calls with the same arguments and credentials share one
request. Credentials come from `provider`, else from the stack's configuration (`spectrum:*`), else from the
environment. A failure ends the program with one message (`pulumi.RunError`).

The twin of each, whose name ends in `_output`, takes arguments and credentials that are Outputs, and returns an Output.
In a preview it is unknown as long as one of them is; it is secret if an argument is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_root_resource

from pulumi_spectrum.resources.provider import Provider
from pulumi_spectrum.results import (
    ImessageInfo,
    LineInfo,
    PlatformInfo,
    ProjectInfo,
    SubscriptionInfo,
    UserInfo,
    WebhookInfo,
)

if TYPE_CHECKING:
    from pulumi_spectrum.client import ClientSettings, SpectrumClient
    from pulumi_spectrum.client.users import UserRow

T = TypeVar("T")


def get_project(*, provider: Provider | None = None) -> ProjectInfo:
    """Return the project that the credentials belong to.

    Args:
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: The service refused or could not be reached, or there are no credentials.
    """
    return _look_up(_read_project, provider)


def get_project_output(*, provider: Provider | None = None) -> pulumi.Output[ProjectInfo]:
    """Return what `get_project` does, for credentials that are Outputs."""
    return _look_up_output(_read_project, provider)


def get_platforms(*, provider: Provider | None = None) -> tuple[PlatformInfo, ...]:
    """Return the platforms that were ever configured, on or off. Arguments and errors are those of `get_project`."""
    return _look_up(_read_platforms, provider)


def get_platforms_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[PlatformInfo, ...]]:
    """Return what `get_platforms` does, for credentials that are Outputs."""
    return _look_up_output(_read_platforms, provider)


def get_lines(*, provider: Provider | None = None) -> tuple[LineInfo, ...]:
    """Return the project's own lines. Arguments and errors are those of `get_project`."""
    return _look_up(_read_lines, provider)


def get_lines_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[LineInfo, ...]]:
    """Return what `get_lines` does, for credentials that are Outputs."""
    return _look_up_output(_read_lines, provider)


def get_users(*, provider: Provider | None = None) -> tuple[UserInfo, ...]:
    """Return every active user, 500 with each request. Arguments and errors are those of `get_project`."""
    return _look_up(_read_users, provider)


def get_users_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[UserInfo, ...]]:
    """Return what `get_users` does, for credentials that are Outputs."""
    return _look_up_output(_read_users, provider)


def get_user(*, phone_number: str, provider: Provider | None = None) -> UserInfo:
    """Return the one active user with a phone number.

    Args:
        phone_number: The person's phone, E.164. It has to be the whole number.
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: No user has the number, or several users on different lines have it; or the look-up failed.
    """
    return _look_up(_read_user, provider, phone_number)


def get_user_output(*, phone_number: pulumi.Input[str], provider: Provider | None = None) -> pulumi.Output[UserInfo]:
    """Return what `get_user` does, for a phone number or credentials that are Outputs."""
    return _look_up_output(_read_user, provider, phone_number)


def get_webhooks(*, provider: Provider | None = None) -> tuple[WebhookInfo, ...]:
    """Return the active webhooks, oldest first. Arguments and errors are those of `get_project`."""
    return _look_up(_read_webhooks, provider)


def get_webhooks_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[WebhookInfo, ...]]:
    """Return what `get_webhooks` does, for credentials that are Outputs."""
    return _look_up_output(_read_webhooks, provider)


def get_egress_ips(*, provider: Provider | None = None) -> tuple[str, ...]:
    """Return the IPv4 addresses that webhook deliveries come from.

    Args:
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: The deployment is too old to return them, or the look-up failed.
    """
    return _look_up(_read_egress_ips, provider)


def get_egress_ips_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[str, ...]]:
    """Return what `get_egress_ips` does, for credentials that are Outputs."""
    return _look_up_output(_read_egress_ips, provider)


def get_subscription(*, provider: Provider | None = None) -> SubscriptionInfo:
    """Return the project's plan. Arguments and errors are those of `get_project`."""
    return _look_up(_read_subscription, provider)


def get_subscription_output(*, provider: Provider | None = None) -> pulumi.Output[SubscriptionInfo]:
    """Return what `get_subscription` does, for credentials that are Outputs."""
    return _look_up_output(_read_subscription, provider)


def get_imessage_info(*, provider: Provider | None = None) -> ImessageInfo:
    """Return how iMessage serves the project. Arguments and errors are those of `get_project`."""
    return _look_up(_read_imessage_info, provider)


def get_imessage_info_output(*, provider: Provider | None = None) -> pulumi.Output[ImessageInfo]:
    """Return what `get_imessage_info` does, for credentials that are Outputs."""
    return _look_up_output(_read_imessage_info, provider)


def _read_project(spectrum: SpectrumClient) -> ProjectInfo:
    project = spectrum.project.read()
    return _result(ProjectInfo, project, project.profile, id=spectrum.project_id)


def _read_platforms(spectrum: SpectrumClient) -> tuple[PlatformInfo, ...]:
    return tuple(_result(PlatformInfo, switch) for switch in spectrum.platforms.all())


def _read_lines(spectrum: SpectrumClient) -> tuple[LineInfo, ...]:
    return tuple(_result(LineInfo, line, line.profile) for line in spectrum.lines.all())


def _read_users(spectrum: SpectrumClient) -> tuple[UserInfo, ...]:
    return tuple(_user(spectrum, user) for user in spectrum.users.all())


def _read_user(spectrum: SpectrumClient, phone_number: str) -> UserInfo:
    from pulumi_spectrum.messages.lookups import nothing_found, several_found
    from pulumi_spectrum.spelling.values import same_phone

    users = spectrum.users.candidates_for(phone_number)
    found = [user for user in users if same_phone(user.phone_number, phone_number)]
    if len(found) == 1:
        return _user(spectrum, found[0])
    if found:
        raise pulumi.RunError(
            several_found(
                "get_user",
                "users",
                "phone_number",
                [user.id for user in found],
                difference="on different lines",
                way_on="Choose one of get_users() by its assigned_phone_number instead.",
            )
        )
    raise pulumi.RunError(nothing_found("get_user", "user", "phone_number"))


def _user(spectrum: SpectrumClient, row: UserRow) -> UserInfo:
    return _result(UserInfo, row, redirect_url=spectrum.users.redirect_url(row.id))


def _read_webhooks(spectrum: SpectrumClient) -> tuple[WebhookInfo, ...]:
    return tuple(_result(WebhookInfo, webhook) for webhook in spectrum.webhooks.all())


def _read_egress_ips(spectrum: SpectrumClient) -> tuple[str, ...]:
    from pulumi_spectrum.client import NotFound
    from pulumi_spectrum.messages.lookups import deployment_too_old

    try:
        return tuple(spectrum.webhooks.egress_ips())
    except NotFound:
        # A project that does not exist gets the same status. Its list of webhooks then fails, too.
        spectrum.webhooks.all()
        raise pulumi.RunError(deployment_too_old("return the addresses that it delivers from")) from None


def _read_subscription(spectrum: SpectrumClient) -> SubscriptionInfo:
    return _result(SubscriptionInfo, spectrum.project.subscription())


def _read_imessage_info(spectrum: SpectrumClient) -> ImessageInfo:
    return _result(ImessageInfo, spectrum.project.imessage())


def _result(kind: Callable[..., T], *rows: object, **known: Any) -> T:
    """Return a look-up's result, with each property from the row that has it.

    Args:
        kind: The result's class.
        rows: The rows. One that the API did not return is None.
        known: Properties that no row has.
    """
    names = [each.name for each in fields(kind) if each.name not in known]  # type: ignore[arg-type]
    found = {name: getattr(row, name) for row in rows for name in names if hasattr(row, name)}
    return kind(**found, **known)


class _ProgramRun:
    """The look-ups of one run of a program. A process may run several programs, each with look-ups of its own."""

    def __init__(self) -> None:
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
                own: Future[T] = Future()
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


_runs: WeakKeyDictionary[pulumi.Resource, _ProgramRun] = WeakKeyDictionary()


def _this_run() -> _ProgramRun:
    """Return the running program's look-ups. Outside of a program nothing is kept."""
    root = get_root_resource()
    return _ProgramRun() if root is None else _runs.setdefault(root, _ProgramRun())


def _look_up(read: Callable[..., T], provider: Provider | None, *arguments: str) -> T:
    config = _stack_config if provider is None else _known_config(provider).get
    return _this_run().look_up(config, read, *arguments)


def _look_up_output(
    read: Callable[..., T], provider: Provider | None, *arguments: pulumi.Input[str]
) -> pulumi.Output[T]:
    run = _this_run()

    def look_up(known: list[Any]) -> Awaitable[T]:
        config, *values = known
        return asyncio.to_thread(run.look_up, _stack_config if provider is None else config.get, read, *values)

    # The credentials are secret; the results that they give access to are not.
    credentials = pulumi.Output.unsecret(pulumi.Output.all(**({} if provider is None else provider.configuration)))
    return pulumi.Output.all(credentials, *arguments).apply(look_up)


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
