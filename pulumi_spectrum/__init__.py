"""Photon Spectrum webhooks, platforms, lines and users as Pulumi resources."""

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
)
from pulumi_spectrum.resources.line import Line
from pulumi_spectrum.resources.platform import Platform
from pulumi_spectrum.resources.provider import Provider
from pulumi_spectrum.resources.user import User
from pulumi_spectrum.resources.webhook import Webhook
from pulumi_spectrum.results import (
    ImessageInfo,
    LineInfo,
    PlatformInfo,
    ProjectInfo,
    SubscriptionInfo,
    UserInfo,
    WebhookInfo,
)

__all__ = [
    "ImessageInfo",
    "Line",
    "LineInfo",
    "Platform",
    "PlatformInfo",
    "ProjectInfo",
    "Provider",
    "SubscriptionInfo",
    "User",
    "UserInfo",
    "Webhook",
    "WebhookInfo",
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
]
