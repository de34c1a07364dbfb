"""What `deploy.py` deploys."""

import pulumi

import pulumi_spectrum as spectrum

inbox = spectrum.Webhook("inbox", webhook_url="https://app.example.com/spectrum")
for name, phone_number in {"ada": "+14155550101", "grace": "+14155550102"}.items():
    spectrum.User(name, phone_number=phone_number, first_name=name.title())

pulumi.export("webhookId", inbox.id)
