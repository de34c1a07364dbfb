"""A desk: a line with the people whom it serves, and a webhook for what they write."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

import pulumi_spectrum as spectrum


class Desk(pulumi.ComponentResource):
    """A line, its users, and the webhook that receives their messages.

    Args:
        name: The name in this program. People see it on the line, with a capital letter.
        hostname: The host of the receiver, which answers under `/spectrum`. Another host registers another webhook.
        team: The phone number of each person, by a name that is unique within the desk.
        alerts_to: The e-mail address that is told when events cannot be delivered.
        opts: Pulumi's resource options. `provider` decides the Spectrum project.
    """

    phone_number: pulumi.Output[str | None]
    """The number that people write to."""
    signing_secret: pulumi.Output[str | None]
    """The secret, encrypted in the state, that the receiver checks each event with."""

    def __init__(
        self,
        name: str,
        *,
        hostname: pulumi.Input[str],
        team: Mapping[str, pulumi.Input[str]],
        alerts_to: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("acme:messaging:Desk", name, None, opts)
        own = pulumi.ResourceOptions(parent=self)
        line = spectrum.Line(f"{name}-line", first_name=name.title(), opts=own)
        inbox = spectrum.Webhook(
            f"{name}-inbox",
            webhook_url=pulumi.Output.concat("https://", hostname, "/spectrum"),
            failure_notification_email=alerts_to,
            opts=own,
        )
        for person, phone_number in team.items():
            spectrum.User(
                f"{name}-{person}",
                type="dedicated",
                phone_number=phone_number,
                assigned_phone_number=line.phone_number,
                first_name=person.title(),
                opts=own,
            )
        self.phone_number = line.phone_number
        self.signing_secret = inbox.signing_secret
        self.register_outputs({"phoneNumber": self.phone_number, "signingSecret": self.signing_secret})
