"""Takes over what is there already: two objects untouched, one user as the program wants it."""

import pulumi

import pulumi_spectrum as spectrum

# `import_` reads an object and records it. The object has to be as the program says, or the import is refused.
inbox = spectrum.Webhook(
    "inbox",
    webhook_url="https://app.example.com/spectrum",
    opts=pulumi.ResourceOptions(import_="2b9d1f64-6c1b-4f0e-8a53-4e0a7d3c5b02"),
)
support = spectrum.Line(
    "support",
    first_name="Acme",
    last_name="Support",
    opts=pulumi.ResourceOptions(import_="91c4e7a8-0b3d-4c6f-9e21-5f8a2d7b6c03"),
)
spectrum.User(
    "ada",
    type="dedicated",
    phone_number="+14155550101",
    assigned_phone_number=support.phone_number,
    first_name="Ada",
    opts=pulumi.ResourceOptions(import_="c3e5a7b9-1d2f-4e6a-8b0c-2d4f6a8c0e04"),
)

# `on_conflict="adopt"` takes a user over by phone number, whatever the id, and changes it to what the program says.
spectrum.User("grace", phone_number="+14155550102", first_name="Grace", on_conflict="adopt")

pulumi.export("webhookId", inbox.id)
pulumi.export("supportNumber", support.phone_number)
