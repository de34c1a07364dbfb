"""What the CI files beside this program preview, apply and check."""

import pulumi_spectrum as spectrum

imessage = spectrum.Platform("imessage", platform="imessage")
inbox = spectrum.Webhook("inbox", webhook_url="https://app.example.com/spectrum")
alice = spectrum.User("alice", phone_number="+14155550123", first_name="Alice")
