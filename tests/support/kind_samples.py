"""Arguments of each kind of resource: the one table that tests of what is true of all kinds are run over.

A new kind needs one row here. `tests/test_kind_samples.py` says when it is missing or leaves out an argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum.client import LineRow, PlatformRow, ProjectProfileRow, ProjectRow, UserRow, WebhookRow
from pulumi_spectrum.client.responses import Row
from pulumi_spectrum.client.sip_inbound import SipInboundRow
from pulumi_spectrum.client.slack_app import SlackAppRow
from pulumi_spectrum.client.whatsapp_rows import WhatsAppTemplateRow
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.spelling.property_names import to_camel


@dataclass(frozen=True)
class Sample:
    """Arguments of one kind, named as in the state.

    Args:
        arguments: Valid arguments, as many as go together.
        fresh: Returns the least that a program sends for an object that no other test has made, by a running number.
        others: Valid arguments again, with those that do not go with `arguments`.
        changed: For each argument of `arguments` that can have another valid value, together with the rest, that value.
        prepare: Makes in a project of the emulator what the objects of the sample need there.
        settle: Does with new objects in the emulator what the service does in time, so that they can be changed. None
            where they can be changed at once.
        barest: The row of an object for which the API returns nothing that it may leave out.
        secrets: The outputs that are to be encrypted in the state: said a second time here, so that none is forgotten.
    """

    arguments: Mapping[str, Any]
    fresh: Callable[[int], dict[str, Any]]
    others: tuple[Mapping[str, Any], ...] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)
    barest: Row | None = None
    prepare: Callable[[ProjectHandle], object] = lambda _project: None
    settle: Callable[[ProjectHandle], object] | None = None
    secrets: frozenset[str] = frozenset()

    @property
    def every_argument(self) -> dict[str, Any]:
        """A value for every argument of the kind. Together they may be refused."""
        return {name: value for each in (*self.others, self.arguments) for name, value in each.items()}


def _prepare_account(project: ProjectHandle) -> None:
    project.whatsapp_accounts.add(id="5b1f3c1e-0000-4000-8000-000000000001", wabaId="1234")


def _approve_templates(project: ProjectHandle) -> None:
    for template_id in project.whatsapp_templates.ids:
        project.whatsapp_templates.change(template_id, status="APPROVED")


def _prepare_lines(project: ProjectHandle) -> None:
    for number in ("+14155550199", "+14155550198"):
        project.lines.add(phoneNumber=number)


SAMPLES: Mapping[str, Sample] = {
    "line": Sample(
        arguments={"platform": "imessage", "firstName": "Acme", "lastName": "B"},
        changed={"firstName": "Desk", "lastName": ""},
        fresh=lambda _number: {"platform": "imessage"},
        barest=LineRow(id="id-1", platform="imessage"),
    ),
    "platform": Sample(
        arguments={"platform": "imessage", "enabled": False, "autoScale": True},
        changed={"enabled": True, "autoScale": False},
        fresh=lambda _number: {"platform": "voice", "enabled": True},
        others=({"platform": "voice", "enabled": True, "imessageEnabled": True},),
        barest=PlatformRow(platform="slack", enabled=False),
    ),
    "project-profile": Sample(
        arguments={"firstName": "Acme", "lastName": "Support", "sync": True},
        changed={"firstName": "Ajax", "lastName": "Desk", "sync": False},
        fresh=lambda number: {"firstName": f"Acme {number}", "sync": False},
        barest=ProjectRow(name="Acme", slug="acme", profile=ProjectProfileRow(first_name="Acme", last_name="")),
    ),
    "slack-app": Sample(
        arguments={
            "appId": "A0EXAMPLE",
            "clientId": "1.2",
            "clientSecret": "0a1b2c3d" * 4,
            "signingSecret": "5e6f7a8b" * 4,
            "enabledFeatures": ["dms", "pins"],
            "onConflict": "adopt",
        },
        changed={
            "appId": "A0OTHER",
            "clientId": "3.4",
            "clientSecret": "1b2c3d4e" * 4,
            "signingSecret": "6f7a8b9c" * 4,
            "enabledFeatures": ["files"],
            "onConflict": "fail",
        },
        prepare=lambda project: project.platforms.set("slack", enabled=True),
        barest=SlackAppRow(),
        secrets=frozenset({"clientSecret", "signingSecret"}),
        fresh=lambda number: {"appId": f"A0EXAMPLE{number}", "onConflict": "fail"},
    ),
    "user": Sample(
        arguments={
            "phoneNumber": "+14155550123",
            "type": "dedicated",
            "assignedPhoneNumber": "+14155550199",
            "firstName": "Alice",
            "lastName": "A",
            "email": "alice@example.com",
            "onConflict": "adopt",
        },
        changed={
            "phoneNumber": "+14155550124",
            "assignedPhoneNumber": "+14155550198",
            "firstName": "Eve",
            "lastName": "E",
            "email": "eve@example.com",
            "onConflict": "fail",
        },
        prepare=_prepare_lines,
        fresh=lambda number: {"phoneNumber": f"+1415{number:07}", "type": "shared", "onConflict": "fail"},
        barest=UserRow(id="id-1", type="shared", phone_number="+14155550123"),
    ),
    "voice-sip-inbound": Sample(
        arguments={
            "sipUri": "sip:bot@example.com",
            "username": "bot",
            "password": "Pa55-of-the-b0t",
            "onConflict": "adopt",
        },
        changed={
            "sipUri": "sip:other@example.com",
            "username": "other",
            "password": "0ther-Pa55",
            "onConflict": "fail",
        },
        prepare=lambda project: project.platforms.set("voice", enabled=True),
        barest=SipInboundRow(sip_uri="sip:bot@example.com"),
        secrets=frozenset({"password"}),
        fresh=lambda number: {"sipUri": f"sip:bot-{number}@example.com", "onConflict": "fail"},
    ),
    "webhook": Sample(
        arguments={
            "webhookUrl": "https://app.example.com/spectrum",
            "enabled": True,
            "eventTypes": ["message.received"],
            "failureNotificationEmail": "ops@example.com",
            "schemaVersion": "raw-inbound.v1",
            "onConflict": "replace",
            "secretRotation": "2026-08",
            "rotationOverlapSeconds": 3600,
        },
        changed={
            "webhookUrl": "https://app.example.com/other",
            "enabled": False,
            "failureNotificationEmail": "dev@example.com",
            "schemaVersion": "normalized-events.v1",
            "onConflict": "fail",
            "secretRotation": "2026-09",
            "rotationOverlapSeconds": 7200,
        },
        fresh=lambda number: {
            "webhookUrl": f"https://app.example.com/{number}",
            "enabled": True,
            "onConflict": "fail",
        },
        barest=WebhookRow(id="id-1", webhook_url="https://app.example.com/spectrum"),
        secrets=frozenset({"signingSecret", "standardSigningSecret"}),
    ),
    "whatsapp-template": Sample(
        arguments={
            "accountId": "5b1f3c1e-0000-4000-8000-000000000001",
            "name": "order_shipped",
            "language": "en_US",
            "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Hi {{1}}", "example": {"body_text": [["Ada"]]}}],
            "parameterFormat": "POSITIONAL",
            "messageSendTtlSeconds": 600,
            "allowCategoryChange": True,
        },
        changed={
            "name": "order_sent",
            "language": "de",
            "category": "MARKETING",
            "components": [{"type": "BODY", "text": "Hello {{1}}", "example": {"body_text": [["Ada"]]}}],
            "messageSendTtlSeconds": 900,
            "allowCategoryChange": False,
        },
        barest=WhatsAppTemplateRow(
            id="id-1", name="order_shipped", language="en_US", category="UTILITY", components=[{"type": "BODY"}]
        ),
        prepare=_prepare_account,
        settle=_approve_templates,
        fresh=lambda number: {
            "accountId": "5b1f3c1e-0000-4000-8000-000000000001",
            "name": f"hello_{number}",
            "language": "en_US",
            "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Hi"}],
            "allowCategoryChange": False,
        },
    ),
}
"""By the key of the kind."""

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in load_kinds()}
"""Every kind of this release, by its key."""


def required_arguments(kind: Kind) -> set[str]:
    """Return the arguments that a program cannot leave out."""
    ending = " is required."
    return {to_camel(problem.removesuffix(ending)) for problem in kind.problems_of({}) if problem.endswith(ending)}
