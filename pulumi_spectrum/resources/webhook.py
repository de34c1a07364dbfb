"""A URL that receives the project's events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource


class Webhook(SpectrumResource, module="spectrum", name="Webhook"):
    """A URL that receives the project's events.

    Every URL gets every event. The secrets that sign events are told only in the answer to the registration, so they
    live in the state, encrypted, from then on. Its id is the API's.

    Args:
        resource_name: The name in this program.
        webhook_url: Where events are delivered: https, reachable from the internet, without credentials or fragment.
            A change replaces the webhook, the new one first, so no event is missed; receivers need its new secret.
            Refused are addresses that are not public (loopback, private, link-local, carrier-grade NAT, multicast,
            reserved; also inside an IPv6 address), IPv4 addresses in other forms than four decimal numbers, names
            without a dot or under .localhost, .local, .internal, .home.arpa, .invalid, .alt or .onion, host names that
            cannot exist, port 0, spaces and control characters.
        enabled: Whether events are delivered. Changed in place. Default: true.
        event_types: Which events are delivered; `message.received` is the only one there is. Changed in place. Left
            out, it is not managed.
        failure_notification_email: Who is told when deliveries fail; empty for nobody. Changed in place. Left out, it
            is not managed.
        schema_version: The form of events, `normalized-events.v1` or `raw-inbound.v1`. The upgrade to `raw-inbound.v1`
            is made in place; the way back replaces the webhook, the old one first. Left out, it is not managed.
        on_conflict: What to do when the URL is registered already and not by this program: `fail` (the default), or
            `replace`, which deletes that registration and registers anew, because there is no other way to a secret.
        secret_rotation: Any text. A new value rotates `standard_signing_secret` in place; the first value rotates
            nothing. `signing_secret` never changes.
        rotation_overlap_seconds: How long the previous secret stays valid after a rotation, 0 to 604800 seconds (a
            week). Left out, the service chooses 86400. Used at the next rotation.
        opts: Pulumi's resource options.

    A wrong argument fails the preview with one sentence that names it.
    """

    webhook_url: pulumi.Output[str] = pulumi.property("webhookUrl")
    """Where events are delivered."""
    enabled: pulumi.Output[bool] = pulumi.property("enabled")
    """Whether events are delivered."""
    event_types: pulumi.Output[list[str] | None] = pulumi.property("eventTypes")
    """Which events are delivered; empty on deployments that do not tell."""
    failure_notification_email: pulumi.Output[str | None] = pulumi.property("failureNotificationEmail")
    """Who is told when deliveries fail."""
    schema_version: pulumi.Output[str | None] = pulumi.property("schemaVersion")
    """The form of events; empty on deployments that do not tell."""
    on_conflict: pulumi.Output[str] = pulumi.property("onConflict")
    """What a creation does when the URL is registered already."""
    secret_rotation: pulumi.Output[str | None] = pulumi.property("secretRotation")
    """The value at the last rotation."""
    rotation_overlap_seconds: pulumi.Output[int | None] = pulumi.property("rotationOverlapSeconds")
    """How long a previous secret stays valid, in seconds."""
    signing_secret: pulumi.Output[str] = pulumi.property("signingSecret")
    """The secret that signs events, 64 hexadecimal characters. Empty for a webhook that was not registered here."""
    standard_signing_secret: pulumi.Output[str | None] = pulumi.property("standardSigningSecret")
    """The `whsec_…` secret of the Standard Webhooks form. Empty on older deployments and where it was never told."""
    status: pulumi.Output[str | None] = pulumi.property("status")
    """`active` or `disabled`."""
    disabled_at: pulumi.Output[str | None] = pulumi.property("disabledAt")
    """Since when it is disabled, ISO 8601."""
    disabled_reason: pulumi.Output[str | None] = pulumi.property("disabledReason")
    """`manual`, `receiver_gone` or `delivery_failures`."""
    created_at: pulumi.Output[str] = pulumi.property("createdAt")
    """When it was registered, ISO 8601."""
    updated_at: pulumi.Output[str] = pulumi.property("updatedAt")
    """When it was last changed, ISO 8601."""
    project_id: pulumi.Output[str] = pulumi.property("projectId")
    """The project it belongs to."""

    _kind: ClassVar[str] = "webhook"
    _output_only: ClassVar[tuple[str, ...]] = (
        "signing_secret",
        "standard_signing_secret",
        "status",
        "disabled_at",
        "disabled_reason",
        "created_at",
        "updated_at",
    )
    _secret_outputs: ClassVar[tuple[str, ...]] = ("signing_secret", "standard_signing_secret")

    def __init__(
        self,
        resource_name: str,
        *,
        webhook_url: pulumi.Input[str],
        enabled: pulumi.Input[bool] = True,
        event_types: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        failure_notification_email: pulumi.Input[str] | None = None,
        schema_version: pulumi.Input[str] | None = None,
        on_conflict: pulumi.Input[str] = "fail",
        secret_rotation: pulumi.Input[str] | None = None,
        rotation_overlap_seconds: pulumi.Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            {
                "webhook_url": webhook_url,
                "enabled": enabled,
                "event_types": event_types,
                "failure_notification_email": failure_notification_email,
                "schema_version": schema_version,
                "on_conflict": on_conflict,
                "secret_rotation": secret_rotation,
                "rotation_overlap_seconds": rotation_overlap_seconds,
            },
            opts,
        )
