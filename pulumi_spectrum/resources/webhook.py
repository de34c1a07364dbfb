"""A URL that receives the project's events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments
from pulumi_spectrum.secret_outputs import secret


class Webhook(SpectrumResource, module="spectrum", name="Webhook"):
    """A URL that receives the project's events.

    Every URL gets every event. The secrets that sign events are returned only in the response to the registration, so
    they live in the state, encrypted, from then on. Its id is the API's.

    A wrong argument fails the preview with one sentence that names it.
    """

    _kind = "webhook"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        webhook_url: pulumi.Input[str],
        enabled: pulumi.Input[bool | None] = True,
        event_types: pulumi.Input[Sequence[pulumi.Input[Literal["message.received"]]] | None] = None,
        failure_notification_email: pulumi.Input[str | None] = None,
        schema_version: pulumi.Input[Literal["normalized-events.v1", "raw-inbound.v1"] | None] = None,
        on_conflict: pulumi.Input[Literal["fail", "replace"] | None] = "fail",
        secret_rotation: pulumi.Input[str | None] = None,
        rotation_overlap_seconds: pulumi.Input[int | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a URL that receives the project's events.

        Args:
            resource_name: The name in this program.
            webhook_url: Where events are delivered: https, reachable from the internet, without credentials or
                fragment. A change replaces the webhook, the new one first, so no event is missed; receivers need its
                new secret. Refused are addresses that are not public (loopback, private, link-local, carrier-grade NAT,
                multicast, reserved; also inside an IPv6 address), IPv4 addresses in other forms than four decimal
                numbers, names without a dot or under .localhost, .local, .internal, .home.arpa, .invalid, .alt or
                .onion, host names that cannot exist, port 0, spaces and control characters.
            enabled: Whether events are delivered. Changed in place. Default: true.
            event_types: Which events are delivered; `message.received` is the only one there is. Changed in place. Left
                out, it is not managed.
            failure_notification_email: The address that is notified when deliveries fail; empty for none. Changed
                in place. Left out, it is not managed.
            schema_version: The form of events, `normalized-events.v1` or `raw-inbound.v1`. The upgrade to
                `raw-inbound.v1` is made in place; the way back replaces the webhook, the old one first. Left out, it is
                not managed.
            on_conflict: What to do when the URL is registered already and not by this program: `fail` (the default), or
                `replace`, which deletes that registration and registers anew, because there is no other way to a
                secret.
            secret_rotation: Any text. A new value rotates `standard_signing_secret` in place; the first value rotates
                nothing. `signing_secret` never changes.
            rotation_overlap_seconds: How long the previous secret stays valid after a rotation, 0 to 604800 seconds (a
                week). Left out, the service chooses 86400. Used at the next rotation.
            opts: Pulumi's resource options.
        """

    @property
    @pulumi.getter(name="webhookUrl")
    def webhook_url(self) -> pulumi.Output[str]:
        """Where events are delivered."""
        return pulumi.get(self, "webhook_url")

    @property
    @pulumi.getter
    def enabled(self) -> pulumi.Output[bool | None]:
        """Whether events are delivered. None for a webhook that was only read, on older deployments."""
        return pulumi.get(self, "enabled")

    @property
    @pulumi.getter(name="eventTypes")
    def event_types(self) -> pulumi.Output[list[str] | None]:
        """Which events are delivered. None on older deployments, which do not return it."""
        return pulumi.get(self, "event_types")

    @property
    @pulumi.getter(name="failureNotificationEmail")
    def failure_notification_email(self) -> pulumi.Output[str | None]:
        """The address that is notified when deliveries fail. None where there is no address."""
        return pulumi.get(self, "failure_notification_email")

    @property
    @pulumi.getter(name="schemaVersion")
    def schema_version(self) -> pulumi.Output[str | None]:
        """The form of events. None on older deployments, which do not return it."""
        return pulumi.get(self, "schema_version")

    @property
    @pulumi.getter(name="onConflict")
    def on_conflict(self) -> pulumi.Output[str | None]:
        """What a creation does when the URL is registered already. None for a webhook that was only read."""
        return pulumi.get(self, "on_conflict")

    @property
    @pulumi.getter(name="secretRotation")
    def secret_rotation(self) -> pulumi.Output[str | None]:
        """The value at the last rotation. None where the program gives none."""
        return pulumi.get(self, "secret_rotation")

    @property
    @pulumi.getter(name="rotationOverlapSeconds")
    def rotation_overlap_seconds(self) -> pulumi.Output[int | None]:
        """How long a previous secret stays valid, in seconds. None where the program leaves it to the service."""
        return pulumi.get(self, "rotation_overlap_seconds")

    @property
    @secret(pattern=r"[0-9a-f]{64}", description="64 hexadecimal characters")
    @pulumi.getter(name="signingSecret")
    def signing_secret(self) -> pulumi.Output[str | None]:
        """The secret that signs events, 64 hexadecimal characters. None for a webhook that was not registered here."""
        return pulumi.get(self, "signing_secret")

    @property
    @secret(pattern=r"whsec_[A-Za-z0-9+/=_-]+", description="whsec_ and what follows it")
    @pulumi.getter(name="standardSigningSecret")
    def standard_signing_secret(self) -> pulumi.Output[str | None]:
        """The `whsec_…` secret of the Standard Webhooks form. None where it was never returned to this stack."""
        return pulumi.get(self, "standard_signing_secret")

    @property
    @pulumi.getter
    def status(self) -> pulumi.Output[str | None]:
        """`active` or `disabled`. None on older deployments, which do not return it."""
        return pulumi.get(self, "status")

    @property
    @pulumi.getter(name="disabledAt")
    def disabled_at(self) -> pulumi.Output[str | None]:
        """Since when it is disabled, ISO 8601. None while it is enabled."""
        return pulumi.get(self, "disabled_at")

    @property
    @pulumi.getter(name="disabledReason")
    def disabled_reason(self) -> pulumi.Output[str | None]:
        """`manual`, `receiver_gone` or `delivery_failures`. None while it is enabled."""
        return pulumi.get(self, "disabled_reason")

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str | None]:
        """When it was registered, ISO 8601."""
        return pulumi.get(self, "created_at")

    @property
    @pulumi.getter(name="updatedAt")
    def updated_at(self) -> pulumi.Output[str | None]:
        """When it was last changed, ISO 8601."""
        return pulumi.get(self, "updated_at")

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """The project it belongs to."""
        return pulumi.get(self, "project_id")
