"""Incoming calls for a SIP address of one's own, with its password in the stack's configuration."""

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
