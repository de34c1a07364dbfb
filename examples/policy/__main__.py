"""A program that the policy pack in `pack` accepts."""

import pulumi

import pulumi_spectrum as spectrum

inbox = spectrum.Webhook("inbox", webhook_url="https://app.example.com/spectrum")
spectrum.Line("support", first_name="Acme")

pulumi.export("signingSecret", inbox.signing_secret)
