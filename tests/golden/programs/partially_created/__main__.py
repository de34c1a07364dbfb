"""Resources that were created and could not be finished, and one that waits for the deletion of what it replaced."""

import os

import pulumi

import pulumi_spectrum as spectrum

# While the states are made there is a first run, after which this webhook moves.
is_first_run = os.environ.get("GOLDEN_RUN") == "first"
spectrum.Webhook("moved", webhook_url=f"https://app.example.com/{'former' if is_first_run else 'moved'}")
if not is_first_run:
    spectrum.Webhook("disabled", webhook_url="https://app.example.com/disabled", enabled=False)
    spectrum.Line("named", first_name="Acme", opts=pulumi.ResourceOptions(protect=False))
