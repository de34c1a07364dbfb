"""Resources of every kind, in the ways in which states hold them."""

import os

import pulumi

import pulumi_spectrum as spectrum

ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"


class Support(pulumi.ComponentResource):
    """A line and the users on it."""

    def __init__(self, name: str) -> None:
        super().__init__("golden:index:Support", name)
        inside = pulumi.ResourceOptions(parent=self)
        self.line = spectrum.Line(f"{name}-line", first_name="Acme", last_name="Support", opts=inside)
        spectrum.User(
            f"{name}-agent",
            type="dedicated",
            phone_number="+14155550124",
            assigned_phone_number=self.line.phone_number,
            first_name=pulumi.Output.secret("Bob"),
            email="bob@example.com",
            opts=inside,
        )


support = Support("support")
spectrum.Line("unnamed", opts=pulumi.ResourceOptions(protect=False))
spectrum.User("alice", phone_number="+14155550123")
spectrum.User(
    "carol",
    phone_number="+14155550125",
    on_conflict="adopt",
    opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="caro")]),
)

inbox = spectrum.Webhook(
    "inbox",
    webhook_url="https://app.example.com/spectrum",
    event_types=["message.received"],
    failure_notification_email="ops@example.com",
    secret_rotation="2026-08",  # not a secret, but what rotates one
    rotation_overlap_seconds=3600,
)
spectrum.Webhook(
    "raw",
    webhook_url="https://app.example.com/raw",
    enabled=False,
    schema_version="raw-inbound.v1",
    opts=pulumi.ResourceOptions(ignore_changes=["failure_notification_email"]),
)
spectrum.Webhook(
    "imported",
    webhook_url="https://app.example.com/imported",
    opts=pulumi.ResourceOptions(import_="5b1f3c1e-0000-4000-8000-000000000002"),
)
pulumi.export("signingSecret", inbox.signing_secret)

voice = spectrum.Platform("voice", platform="voice", imessage_enabled=True)
slack = spectrum.Platform("slack", platform="slack")
spectrum.Platform("imessage", platform="imessage", auto_scale=False)
spectrum.ProjectProfile("profile", first_name="Acme", last_name="Support")
spectrum.VoiceSipInbound(
    "sip",
    sip_uri="sip:bot@example.com",
    username="bot",
    password=pulumi.Output.secret("Pa55-of-the-b0t"),
    opts=pulumi.ResourceOptions(depends_on=[voice]),
)
spectrum.SlackApp(
    "slack-app",
    app_id="A0EXAMPLE",
    client_id="1.2",
    client_secret="0a1b2c3d" * 4,
    signing_secret="5e6f7a8b" * 4,
    enabled_features=["dms"],
    opts=pulumi.ResourceOptions(depends_on=[slack]),
)
spectrum.WhatsAppTemplate(
    "shipped",
    account_id=ACCOUNT,
    name="order_shipped",
    language="en_US",
    category="UTILITY",
    components=[{"type": "BODY", "text": "Hi {{1}}", "example": {"body_text": [["Ada"]]}}],
    parameter_format="POSITIONAL",
    message_send_ttl_seconds=600,
)

second = spectrum.Provider(
    "second",
    project_id="5b1f3c1e-0000-4000-8000-000000000012",
    project_secret="golden-secret-of-the-second-project",
    base_url=os.environ["SPECTRUM_CLOUD_URL"],
    requests_per_second=1000,
)
of_second = pulumi.ResourceOptions(provider=second)
spectrum.User("dave", phone_number="+14155550123", first_name="Dave", opts=of_second)
spectrum.Webhook("second-inbox", webhook_url="https://app.example.com/second", opts=of_second)
