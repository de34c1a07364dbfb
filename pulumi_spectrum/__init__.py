"""Photon Spectrum webhooks, platforms, lines and users as Pulumi resources."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.registry import REGISTRY

if TYPE_CHECKING:
    from pulumi_spectrum.functions import (
        get_egress_ips,
        get_egress_ips_output,
        get_imessage_info,
        get_imessage_info_output,
        get_lines,
        get_lines_output,
        get_platforms,
        get_platforms_output,
        get_project,
        get_project_output,
        get_subscription,
        get_subscription_output,
        get_user,
        get_user_output,
        get_users,
        get_users_output,
        get_webhooks,
        get_webhooks_output,
        get_whatsapp_accounts,
        get_whatsapp_accounts_output,
        get_whatsapp_templates,
        get_whatsapp_templates_output,
    )
    from pulumi_spectrum.resources.line import Line
    from pulumi_spectrum.resources.platform import Platform
    from pulumi_spectrum.resources.project_profile import ProjectProfile
    from pulumi_spectrum.resources.provider import Provider
    from pulumi_spectrum.resources.slack_app import SlackApp
    from pulumi_spectrum.resources.user import User
    from pulumi_spectrum.resources.voice_sip_inbound import VoiceSipInbound
    from pulumi_spectrum.resources.webhook import Webhook
    from pulumi_spectrum.resources.whatsapp_template import WhatsAppTemplate
    from pulumi_spectrum.results.lines import LineInfo
    from pulumi_spectrum.results.platforms import PlatformInfo
    from pulumi_spectrum.results.project import ImessageInfo, ProjectInfo, SubscriptionInfo
    from pulumi_spectrum.results.users import UserInfo
    from pulumi_spectrum.results.webhooks import WebhookInfo
    from pulumi_spectrum.results.whatsapp import WhatsAppAccountInfo, WhatsAppTemplateInfo

    __version__: str
    """The version of this package."""

__all__ = [
    "ImessageInfo",
    "Line",
    "LineInfo",
    "Platform",
    "PlatformInfo",
    "ProjectInfo",
    "ProjectProfile",
    "Provider",
    "SlackApp",
    "SubscriptionInfo",
    "User",
    "UserInfo",
    "VoiceSipInbound",
    "Webhook",
    "WebhookInfo",
    "WhatsAppAccountInfo",
    "WhatsAppTemplate",
    "WhatsAppTemplateInfo",
    "get_egress_ips",
    "get_egress_ips_output",
    "get_imessage_info",
    "get_imessage_info_output",
    "get_lines",
    "get_lines_output",
    "get_platforms",
    "get_platforms_output",
    "get_project",
    "get_project_output",
    "get_subscription",
    "get_subscription_output",
    "get_user",
    "get_user_output",
    "get_users",
    "get_users_output",
    "get_webhooks",
    "get_webhooks_output",
    "get_whatsapp_accounts",
    "get_whatsapp_accounts_output",
    "get_whatsapp_templates",
    "get_whatsapp_templates_output",
]


def __getattr__(name: str) -> Any:
    """Load a public name at its first use: the command line and the emulator need no Pulumi."""
    if name == "__version__":
        return import_module(f"{__name__}.version").__version__
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    homes = {each.resource_class: each.resource_module for each in REGISTRY}
    homes["Provider"] = f"{__name__}.resources.provider"
    # All others belong to the look-ups: functions, and the classes of what they return.
    home = homes.get(name, f"{__name__}.functions")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
