"""Webhooks."""

from sample import ImportCase, Sample, in_table

from pulumi_spectrum.client import WebhookRow

SAMPLE = Sample(
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
    values={
        "webhookUrl": tuple(f"https://app.example.com/{number}" for number in range(4)),
        "enabled": (True, False),
        "eventTypes": (["message.received"],),
        "failureNotificationEmail": ("ops@example.com", "OPS@example.com", "dev@example.com", ""),
        "schemaVersion": ("normalized-events.v1", "raw-inbound.v1"),
        "onConflict": ("fail", "replace"),
        "secretRotation": ("1", "2", "3"),
        "rotationOverlapSeconds": (0, 3600),
    },
    place=in_table(
        "webhooks",
        [{"enabled": False}, {"failureNotificationEmail": "by@hand.example"}, {"schemaVersion": "raw-inbound.v1"}],
        lambda arguments: {"webhookUrl": arguments["webhookUrl"]},
    ),
    imported=ImportCase(
        make=lambda project: str(project.webhooks.add(webhookUrl="https://app.example.com/in")["id"]),
        arguments={"webhook_url": "https://APP.example.com/in"},
        other={"webhook_url": "https://app.example.com/in", "enabled": False},
        differs="enabled",
    ),
)
