"""The stack's own project, and a second one whose credentials come with a provider and reach a component."""

import pulumi

import pulumi_spectrum as spectrum


class Desk(pulumi.ComponentResource):
    """A platform and its webhook, in whichever project the component is given.

    Args:
        name: The name in this program.
        webhook_url: Where the desk's events go.
        opts: Pulumi's resource options; `providers` says which project.
    """

    def __init__(self, name: str, webhook_url: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("acme:desk:Desk", name, None, opts)
        own = pulumi.ResourceOptions(parent=self)
        spectrum.Platform(f"{name}-imessage", platform="imessage", opts=own)
        self.inbox = spectrum.Webhook(f"{name}-inbox", webhook_url=webhook_url, opts=own)
        self.register_outputs({})


config = pulumi.Config()
europe = spectrum.Provider(
    "europe",
    project_id=config.require("europeProjectId"),
    project_secret=config.require_secret("europeProjectSecret"),
    base_url=pulumi.Config("spectrum").get("baseUrl"),
)

us = Desk("us", "https://us.example.com/spectrum")
eu = Desk("eu", "https://eu.example.com/spectrum", opts=pulumi.ResourceOptions(providers=[europe]))

pulumi.export("usSecret", us.inbox.signing_secret)
pulumi.export("euSecret", eu.inbox.signing_secret)
