"""A webhook, a platform, a phone line, and two users, one of whom is served by that line."""

import pulumi

import pulumi_spectrum as spectrum

# Every event goes here. The registration's answer is the only one with the signing secret: it stays in the state.
inbox = spectrum.Webhook("inbox", webhook_url="https://app.example.com/spectrum")

imessage = spectrum.Platform("imessage", platform="imessage")

# A line is billed and its number is lost when it is deleted, so lines are protected by default.
line = spectrum.Line(
    "support",
    first_name="Acme",
    last_name="Support",
    opts=pulumi.ResourceOptions(protect=False, depends_on=[imessage]),
)

alice = spectrum.User("alice", phone_number="+14155550123", first_name="Alice")
bob = spectrum.User(
    "bob",
    type="dedicated",
    phone_number="+14155550124",
    assigned_phone_number=line.phone_number,
    first_name="Bob",
)

pulumi.export("signingSecret", inbox.signing_secret)
pulumi.export("supportNumber", line.phone_number)
