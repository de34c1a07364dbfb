"""What the stack declares."""

import pulumi

import pulumi_spectrum as spectrum

TEAM = {"ada": "+14155550101", "grace": "+14155550102"}


def declare() -> None:
    """Declare the inbox and the team, everybody on the line of the team."""
    inbox = spectrum.Webhook("inbox", webhook_url="https://app.example.com/spectrum")
    line = spectrum.Line("team", first_name="Acme", last_name="Team")
    for name, phone_number in TEAM.items():
        spectrum.User(
            name,
            type="dedicated",
            phone_number=phone_number,
            assigned_phone_number=line.phone_number,
            first_name=name.title(),
        )
    pulumi.export("signingSecret", inbox.signing_secret)
