"""Incoming calls for a SIP address of one's own, and a Slack app, with their secrets in the stack's configuration."""

import pulumi

import pulumi_spectrum as spectrum

config = pulumi.Config()

voice = spectrum.Platform("voice", platform="voice")
spectrum.VoiceSipInbound(
    "calls",
    sip_uri="sip:bot@sip.example.com",
    username="bot",
    password=config.require_secret("sipPassword"),
    opts=pulumi.ResourceOptions(depends_on=[voice]),  # the API takes no target while the platform is off
)

slack = spectrum.Platform("slack", platform="slack")
spectrum.SlackApp(
    "app",
    app_id="A0123456789",
    client_id="1234567890.1234567890",
    client_secret=config.require_secret("slackClientSecret"),
    signing_secret=config.require_secret("slackSigningSecret"),
    enabled_features=["dms", "files", "reactions"],
    opts=pulumi.ResourceOptions(depends_on=[slack]),
)
