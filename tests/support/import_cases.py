"""How an object of each kind is made by hand, and how a program imports it with the option `import_`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator.handles import ProjectHandle


class ImportCase(NamedTuple):
    """An object that a program imports.

    Args:
        resource: The class that declares it.
        make: Makes it by hand in a project, and returns its id.
        arguments: How a program declares it as it is.
        other: How a program declares it otherwise.
        differs: The arguments in which that differs, as the refusal names them.
    """

    resource: type
    make: Callable[[Any], str]
    arguments: dict[str, Any]
    other: dict[str, Any]
    differs: str


ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"
TEMPLATE = {
    "account_id": ACCOUNT,
    "name": "order_shipped",
    "language": "en_US",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "On its way."}],
}


def _add_template(project: ProjectHandle) -> str:
    """Add an account with a template, and return the template's id."""
    project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234")
    fields = {name: value for name, value in TEMPLATE.items() if name != "account_id"}
    return f"{ACCOUNT}/{project.whatsapp_templates.add(accountId=ACCOUNT, status='APPROVED', **fields)['id']}"


IMPORT_CASES: Mapping[str, ImportCase] = {
    "webhook": ImportCase(
        spectrum_sdk.Webhook,
        lambda project: project.webhooks.add(webhookUrl="https://app.example.com/in")["id"],
        {"webhook_url": "https://APP.example.com/in"},
        {"webhook_url": "https://app.example.com/in", "enabled": False},
        "enabled",
    ),
    "user": ImportCase(
        spectrum_sdk.User,
        lambda project: project.users.add(phoneNumber="+14155550123", firstName="Ada", email="Ada@example.com")["id"],
        {"phone_number": "+14155550123", "first_name": "Ada", "email": "ada@example.com"},
        {"phone_number": "+14155550123", "first_name": "Eve", "email": "eve@example.com"},
        "email and first_name",
    ),
    "line": ImportCase(
        spectrum_sdk.Line,
        lambda project: project.lines.add(firstName="Acme")["id"],
        {"first_name": "Acme"},
        {"first_name": "Acme", "last_name": "Support"},
        "last_name",
    ),
    "platform": ImportCase(
        spectrum_sdk.Platform,
        lambda project: project.platforms.set("imessage", enabled=True, autoScale=True) and "imessage",
        {"platform": "imessage", "auto_scale": True},
        {"platform": "imessage", "enabled": False},
        "enabled",
    ),
    "project-profile": ImportCase(
        spectrum_sdk.ProjectProfile,
        lambda project: project.profile.set(firstName="Acme", lastName="Bot") and project.id,
        {"first_name": "Acme", "sync": True},
        {"first_name": "Acme", "last_name": "Support"},
        "last_name",
    ),
    "slack-app": ImportCase(
        spectrum_sdk.SlackApp,
        lambda project: project.slack.set(appId="A0EXAMPLE") and project.id,
        {"app_id": "A0EXAMPLE"},
        {"app_id": "A0ANOTHER"},
        "app_id",
    ),
    "voice-sip-inbound": ImportCase(
        spectrum_sdk.VoiceSipInbound,
        lambda project: project.sip_inbound.set(sipUri="sip:bot@example.com") and project.id,
        {"sip_uri": "sip:bot@example.com"},
        {"sip_uri": "sip:other@example.com"},
        "sip_uri",
    ),
    "whatsapp-template": ImportCase(
        spectrum_sdk.WhatsAppTemplate,
        _add_template,
        TEMPLATE,
        {**TEMPLATE, "category": "MARKETING"},
        "category",
    ),
}
"""By the key of the kind."""
