"""The look-ups: what a project holds, read by the program itself.

Each runs in the program, in preview too, and asks the service at most once per program run, whoever asks. Credentials
come from `provider`, else from the stack's configuration (`spectrum:*`), else from the environment. What goes wrong
ends the program with one sentence (`pulumi.RunError`).

The twin of each whose name ends in `_output` takes arguments and credentials that are Outputs, and returns an Output:
unknown in a preview for as long as one of them is, and secret if an argument is.
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
    from pulumi_spectrum.client import SpectrumClient
    from pulumi_spectrum.client.users import User
    from pulumi_spectrum.settings import Settings

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
        pulumi.RunError: No user has it, or several users on different lines do; or the look-up failed.
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
        pulumi.RunError: The deployment is too old to tell, or the look-up failed.
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
    from pulumi_spectrum.spelling.values import same_phone

    users = spectrum.users.who_may_have(phone_number)
    found = [user for user in users if same_phone(user.phone_number, phone_number)]
    if len(found) == 1:
        return _user(spectrum, found[0])
    if found:
        ids = ", ".join(user.id for user in found)
        raise pulumi.RunError(
            f"get_user: {len(found)} users have this phone_number, on different lines ({ids}). Choose one of "
            "get_users() by its assigned_phone_number instead."
        )
    raise pulumi.RunError("get_user: no active user of the project has this phone_number.")


def _user(spectrum: SpectrumClient, row: User) -> UserInfo:
    return _result(UserInfo, row, redirect_url=spectrum.users.redirect_url(row.id))


def _read_webhooks(spectrum: SpectrumClient) -> tuple[WebhookInfo, ...]:
    return tuple(_result(WebhookInfo, webhook) for webhook in spectrum.webhooks.all())


def _read_egress_ips(spectrum: SpectrumClient) -> tuple[str, ...]:
    from pulumi_spectrum.client import NotFound

    try:
        return tuple(spectrum.webhooks.egress_ips())
    except NotFound:
        # The same status would come for a project that is not there: its webhooks tell the two apart.
        spectrum.webhooks.all()
        raise pulumi.RunError("This Spectrum deployment is too old to tell the addresses it delivers from.") from None


def _read_subscription(spectrum: SpectrumClient) -> SubscriptionInfo:
    return _result(SubscriptionInfo, spectrum.project.subscription())


def _read_imessage_info(spectrum: SpectrumClient) -> ImessageInfo:
    return _result(ImessageInfo, spectrum.project.imessage())


def _result(kind: Callable[..., T], *rows: object, **known: Any) -> T:
    """Make a result of what rows of the API hold under the same names."""
    names = [each.name for each in fields(kind) if each.name not in known]  # type: ignore[arg-type]
    told = {name: getattr(row, name) for row in rows for name in names if hasattr(row, name)}
    return kind(**{**dict.fromkeys(names), **told, **known})


class _ProgramRun:
    """What one run of a program has asked for so far. A process may run several, each with fresh answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # for the two dictionaries; it is never held while a request is under way
        self._clients: dict[Any, SpectrumClient] = {}
        self._answers: dict[Any, Future[Any]] = {}

    def ask(self, config: Callable[[str], object | None], read: Callable[..., T], *arguments: str) -> T:
        """Return an answer, from the service the first time and as it was from then on."""
        from pulumi_spectrum.client import SpectrumError
        from pulumi_spectrum.providers.refusals import explain
        from pulumi_spectrum.settings import SettingsError, read_settings

        try:
            return self._answer(read_settings(config), read, arguments)
        except (SpectrumError, SettingsError) as error:
            raise pulumi.RunError(explain(error, "look-up")) from None

    def _answer(self, settings: Settings, read: Callable[..., T], arguments: tuple[str, ...]) -> T:
        """Return an answer that is there or on its way, or ask for it.

        Different questions are asked side by side. Threads with the same question share one request and its failure; a
        failed answer is not kept, so that the next thread asks again.
        """
        from pulumi_spectrum.client import SpectrumClient

        question = (settings, read, arguments)
        with self._lock:
            if settings not in self._clients:
                self._clients[settings] = SpectrumClient(settings)
            client = self._clients[settings]
            shared: Future[T] | None = self._answers.get(question)
            if shared is None:
                own: Future[T] = Future()
                self._answers[question] = own
        if shared is not None:
            return shared.result()
        try:
            answer = read(client, *arguments)
        except BaseException as error:
            with self._lock:
                del self._answers[question]
            own.set_exception(error)
            raise
        own.set_result(answer)
        return answer


_runs: WeakKeyDictionary[pulumi.Resource, _ProgramRun] = WeakKeyDictionary()


def _this_run() -> _ProgramRun:
    """Return the running program's answers. Outside of a program nothing is remembered."""
    root = get_root_resource()
    return _ProgramRun() if root is None else _runs.setdefault(root, _ProgramRun())


def _look_up(read: Callable[..., T], provider: Provider | None, *arguments: str) -> T:
    config = _stack_config if provider is None else _known_config(provider).get
    return _this_run().ask(config, read, *arguments)


def _look_up_output(
    read: Callable[..., T], provider: Provider | None, *arguments: pulumi.Input[str]
) -> pulumi.Output[T]:
    run = _this_run()

    def ask(known: list[Any]) -> Awaitable[T]:
        config, *values = known
        return asyncio.to_thread(run.ask, _stack_config if provider is None else config.get, read, *values)

    # The credentials are secret; what they give access to is not.
    credentials = pulumi.Output.unsecret(pulumi.Output.all(**({} if provider is None else provider.configuration)))
    return pulumi.Output.all(credentials, *arguments).apply(ask)


def _stack_config(key: str) -> str | None:
    return pulumi.Config("spectrum").get(key.removeprefix("spectrum:"))


def _known_config(provider: Provider) -> Mapping[str, object]:
    known = {
        key: value
        for key, value in provider.configuration.items()
        if value is None or isinstance(value, str | int | float)
    }
    if known.keys() != provider.configuration.keys():
        raise pulumi.RunError(
            "A look-up needs credentials that are known text, and those of this spectrum.Provider are Outputs. Use its "
            "twin that ends in _output, such as get_lines_output, which waits for them."
        )
    return known
