"""The registry: one row for each kind of resource. Everything that knows all kinds finds them here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Registration:
    """Where one kind of resource is defined.

    Args:
        key: What is pickled into the state of each resource of the kind. States live longer than releases, so a key is
            never changed, never given to another kind, and never shown.
        rules: The module that defines the kind's rules, as `LIFECYCLE`.
        resource_module: The module of the class that a program declares a resource with.
        resource_class: The name of that class.
    """

    key: str
    rules: str
    resource_module: str
    resource_class: str

    def load_rules(self) -> Any:
        """Import the module of the rules, and return them."""
        return import_module(self.rules).LIFECYCLE

    def load_class(self) -> Any:
        """Import the module of the class, and return the class."""
        return getattr(import_module(self.resource_module), self.resource_class)


REGISTRY = (
    Registration("line", "pulumi_spectrum.providers.line", "pulumi_spectrum.resources.line", "Line"),
    Registration("platform", "pulumi_spectrum.providers.platform", "pulumi_spectrum.resources.platform", "Platform"),
    Registration(
        "project-profile",
        "pulumi_spectrum.providers.project_profile",
        "pulumi_spectrum.resources.project_profile",
        "ProjectProfile",
    ),
    Registration("slack-app", "pulumi_spectrum.providers.slack_app", "pulumi_spectrum.resources.slack_app", "SlackApp"),
    Registration("user", "pulumi_spectrum.providers.user", "pulumi_spectrum.resources.user", "User"),
    Registration(
        "voice-sip-inbound",
        "pulumi_spectrum.providers.voice_sip_inbound",
        "pulumi_spectrum.resources.voice_sip_inbound",
        "VoiceSipInbound",
    ),
    Registration("webhook", "pulumi_spectrum.providers.webhook", "pulumi_spectrum.resources.webhook", "Webhook"),
    Registration(
        "whatsapp-template",
        "pulumi_spectrum.providers.whatsapp_template",
        "pulumi_spectrum.resources.whatsapp_template",
        "WhatsAppTemplate",
    ),
)


def find_registration(key: str) -> Registration | None:
    """Return the row of a kind, or None for a key that this release does not have."""
    return next((each for each in REGISTRY if each.key == key), None)
