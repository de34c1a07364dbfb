"""Every public name of the client, from the module that it stands in."""

from __future__ import annotations

from pulumi_spectrum.client.base_urls import DEFAULT_BASE_URL
from pulumi_spectrum.client.client_settings import (
    DEFAULT_REQUESTS_PER_SECOND,
    DEFAULT_TIMEOUT_SECONDS,
    ClientSettings,
)
from pulumi_spectrum.client.errors import (
    Abandoned,
    AlreadyExists,
    AnswerLost,
    Conflict,
    CredentialsRefused,
    NetworkFailed,
    NotFound,
    OutcomeUnknown,
    PlanRefused,
    RateLimited,
    RequestRefused,
    ServiceFailed,
    SettingsRefused,
    SpectrumError,
    Unreachable,
)
from pulumi_spectrum.client.lines import LineProfileRow, LineRow
from pulumi_spectrum.client.platforms import PlatformRow
from pulumi_spectrum.client.project import ImessageRow, ProjectProfileRow, ProjectRow, SubscriptionRow
from pulumi_spectrum.client.sip_inbound import SipInboundRow
from pulumi_spectrum.client.slack_app import SlackAppRow
from pulumi_spectrum.client.spectrum_client import SpectrumClient, client_for
from pulumi_spectrum.client.user_list import UserRow
from pulumi_spectrum.client.webhooks import RegisteredWebhook, RotatedSecret, WebhookRow
from pulumi_spectrum.client.whatsapp_rows import WhatsAppAccountRow, WhatsAppTemplateRow

__all__ = [
    "DEFAULT_BASE_URL",
    "DEFAULT_REQUESTS_PER_SECOND",
    "DEFAULT_TIMEOUT_SECONDS",
    "Abandoned",
    "AlreadyExists",
    "AnswerLost",
    "ClientSettings",
    "Conflict",
    "CredentialsRefused",
    "ImessageRow",
    "LineProfileRow",
    "LineRow",
    "NetworkFailed",
    "NotFound",
    "OutcomeUnknown",
    "PlanRefused",
    "PlatformRow",
    "ProjectProfileRow",
    "ProjectRow",
    "RateLimited",
    "RegisteredWebhook",
    "RequestRefused",
    "RotatedSecret",
    "ServiceFailed",
    "SettingsRefused",
    "SipInboundRow",
    "SlackAppRow",
    "SpectrumClient",
    "SpectrumError",
    "SubscriptionRow",
    "Unreachable",
    "UserRow",
    "WebhookRow",
    "WhatsAppAccountRow",
    "WhatsAppTemplateRow",
    "client_for",
]
