"""A webhook whose standard signing secret is rotated by the first `pulumi up` of each quarter."""

from datetime import UTC, datetime

import pulumi

import pulumi_spectrum as spectrum

WEEK = 7 * 24 * 60 * 60

today = datetime.now(UTC)
quarter = pulumi.Config().get("quarter") or f"{today.year}-Q{(today.month + 2) // 3}"

inbox = spectrum.Webhook(
    "inbox",
    webhook_url="https://app.example.com/spectrum",
    # Any new text rotates the secret in place: the URL, the id and the older signing secret stay as they are.
    secret_rotation=quarter,
    # Receivers have a week in which the service signs with the old secret too. Seconds; 604800 is the longest.
    rotation_overlap_seconds=WEEK,
)

pulumi.export("quarter", quarter)
pulumi.export("standardSigningSecret", inbox.standard_signing_secret)
