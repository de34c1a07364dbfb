"""What every environment has, and what only production has. The configuration of the stack decides."""

import pulumi

import pulumi_spectrum as spectrum

config = pulumi.Config()
is_production = pulumi.get_stack() == "prod"

inbox = spectrum.Webhook("inbox", webhook_url=f"https://{config.require('hostname')}/spectrum")
spectrum.Platform("imessage", platform="imessage")

for number in range(config.require_int("dedicatedLines")):
    # Production's number is printed on business cards. Elsewhere a line may go with its stack.
    spectrum.Line(f"line-{number}", first_name="Acme", opts=pulumi.ResourceOptions(protect=is_production))

pulumi.export("signingSecret", inbox.signing_secret)
