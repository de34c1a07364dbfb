"""The look-ups: what a project holds, read by the program itself.

Each runs in the program, in previews too. In one program run, calls with the same arguments and credentials share one
request. Credentials come from `provider`, else from the stack's configuration (`spectrum:*`), else from the
environment. A failure ends the program with one message (`pulumi.RunError`).

The twin of each, whose name ends in `_output`, takes arguments and credentials that are Outputs, and returns an Output.
In a preview it is unknown as long as one of them is; it is secret if an argument is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

from pulumi_spectrum.lookup_runs import look_up, look_up_output
from pulumi_spectrum.resources.provider import Provider
from pulumi_spectrum.results.lines import LineInfo
from pulumi_spectrum.results.platforms import PlatformInfo
from pulumi_spectrum.results.project import ImessageInfo, ProjectInfo, SubscriptionInfo
from pulumi_spectrum.results.users import UserInfo
from pulumi_spectrum.results.webhooks import WebhookInfo
from pulumi_spectrum.results.whatsapp import WhatsAppAccountInfo, WhatsAppTemplateInfo

if TYPE_CHECKING:
    from pulumi_spectrum.client import SpectrumClient
    from pulumi_spectrum.client.user_list import UserRow

T = TypeVar("T")


def get_project(*, provider: Provider | None = None) -> ProjectInfo:
    """Return the project that the credentials belong to.

    Args:
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: The service refused or could not be reached, or there are no credentials.
    """
    return look_up(_read_project, provider)


def get_project_output(*, provider: Provider | None = None) -> pulumi.Output[ProjectInfo]:
    """Return what `get_project` does, for credentials that are Outputs."""
    return look_up_output(_read_project, provider)


def get_platforms(*, provider: Provider | None = None) -> tuple[PlatformInfo, ...]:
    """Return the platforms that were ever configured, on or off. Arguments and errors are those of `get_project`."""
    return look_up(_read_platforms, provider)


def get_platforms_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[PlatformInfo, ...]]:
    """Return what `get_platforms` does, for credentials that are Outputs."""
    return look_up_output(_read_platforms, provider)


def get_lines(*, provider: Provider | None = None) -> tuple[LineInfo, ...]:
    """Return the project's own lines. Arguments and errors are those of `get_project`."""
    return look_up(_read_lines, provider)


def get_lines_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[LineInfo, ...]]:
    """Return what `get_lines` does, for credentials that are Outputs."""
    return look_up_output(_read_lines, provider)


def get_users(*, provider: Provider | None = None) -> tuple[UserInfo, ...]:
    """Return every active user, 500 with each request. Arguments and errors are those of `get_project`."""
    return look_up(_read_users, provider)


def get_users_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[UserInfo, ...]]:
    """Return what `get_users` does, for credentials that are Outputs."""
    return look_up_output(_read_users, provider)


def get_user(*, phone_number: str, provider: Provider | None = None) -> UserInfo:
    """Return the one active user with a phone number.

    Args:
        phone_number: The person's phone, E.164. It has to be the whole number.
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: No user has the number, or several users on different lines have it; or the look-up failed.
    """
    return look_up(_read_user, provider, phone_number)


def get_user_output(*, phone_number: pulumi.Input[str], provider: Provider | None = None) -> pulumi.Output[UserInfo]:
    """Return what `get_user` does, for a phone number or credentials that are Outputs."""
    return look_up_output(_read_user, provider, phone_number)


def get_webhooks(*, provider: Provider | None = None) -> tuple[WebhookInfo, ...]:
    """Return the active webhooks, oldest first. Arguments and errors are those of `get_project`."""
    return look_up(_read_webhooks, provider)


def get_webhooks_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[WebhookInfo, ...]]:
    """Return what `get_webhooks` does, for credentials that are Outputs."""
    return look_up_output(_read_webhooks, provider)


def get_egress_ips(*, provider: Provider | None = None) -> tuple[str, ...]:
    """Return the IPv4 addresses that webhook deliveries come from.

    Args:
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: The deployment is too old to return them, or the look-up failed.
    """
    return look_up(_read_egress_ips, provider)


def get_egress_ips_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[str, ...]]:
    """Return what `get_egress_ips` does, for credentials that are Outputs."""
    return look_up_output(_read_egress_ips, provider)


def get_subscription(*, provider: Provider | None = None) -> SubscriptionInfo:
    """Return the project's plan. Arguments and errors are those of `get_project`."""
    return look_up(_read_subscription, provider)


def get_subscription_output(*, provider: Provider | None = None) -> pulumi.Output[SubscriptionInfo]:
    """Return what `get_subscription` does, for credentials that are Outputs."""
    return look_up_output(_read_subscription, provider)


def get_imessage_info(*, provider: Provider | None = None) -> ImessageInfo:
    """Return how iMessage serves the project. Arguments and errors are those of `get_project`."""
    return look_up(_read_imessage_info, provider)


def get_imessage_info_output(*, provider: Provider | None = None) -> pulumi.Output[ImessageInfo]:
    """Return what `get_imessage_info` does, for credentials that are Outputs."""
    return look_up_output(_read_imessage_info, provider)


def get_whatsapp_accounts(*, provider: Provider | None = None) -> tuple[WhatsAppAccountInfo, ...]:
    """Return the WhatsApp Business accounts that are connected to the project.

    Args:
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: The deployment is too old to return them, or the look-up failed.
    """
    return look_up(_read_whatsapp_accounts, provider)


def get_whatsapp_accounts_output(*, provider: Provider | None = None) -> pulumi.Output[tuple[WhatsAppAccountInfo, ...]]:
    """Return what `get_whatsapp_accounts` does, for credentials that are Outputs."""
    return look_up_output(_read_whatsapp_accounts, provider)


def get_whatsapp_templates(*, account_id: str, provider: Provider | None = None) -> tuple[WhatsAppTemplateInfo, ...]:
    """Return the message templates of a WhatsApp Business account, 100 with each request, whatever their status.

    Templates that were deleted, and that Meta still lists for a while, are left out.

    Args:
        account_id: The account, by its id at Spectrum.
        provider: Whose credentials to use, where they are plain text. Default: the stack's.

    Raises:
        pulumi.RunError: The project has no such account, or the look-up failed.
    """
    return look_up(_read_whatsapp_templates, provider, account_id)


def get_whatsapp_templates_output(
    *, account_id: pulumi.Input[str], provider: Provider | None = None
) -> pulumi.Output[tuple[WhatsAppTemplateInfo, ...]]:
    """Return what `get_whatsapp_templates` does, for an account or credentials that are Outputs."""
    return look_up_output(_read_whatsapp_templates, provider, account_id)


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


def _read_whatsapp_accounts(spectrum: SpectrumClient) -> tuple[WhatsAppAccountInfo, ...]:
    from pulumi_spectrum.client import NotFound
    from pulumi_spectrum.messages.lookups import deployment_too_old

    try:
        return tuple(_result(WhatsAppAccountInfo, account) for account in spectrum.whatsapp.accounts())
    except NotFound:
        # A project that does not exist gets the same status. It cannot be read, either.
        spectrum.project.read()
        raise pulumi.RunError(deployment_too_old("return WhatsApp Business accounts")) from None


def _read_whatsapp_templates(spectrum: SpectrumClient, account_id: str) -> tuple[WhatsAppTemplateInfo, ...]:
    from pulumi_spectrum.messages.lookups import nothing_found

    templates = spectrum.whatsapp.templates(account_id)
    if not templates and account_id not in [account.id for account in spectrum.whatsapp.accounts()]:
        raise pulumi.RunError(nothing_found("get_whatsapp_templates", "WhatsApp Business account", "account_id"))
    return tuple(_result(WhatsAppTemplateInfo, template, account_id=account_id) for template in templates)


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
