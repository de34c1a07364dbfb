"""Where a project's incoming calls go."""

from __future__ import annotations

from typing import Literal

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments
from pulumi_spectrum.secret_outputs import secret


class VoiceSipInbound(SpectrumResource, module="spectrum", name="VoiceSipInbound"):
    """The SIP address to which a project's incoming calls go. A project has one or none.

    The platform `voice` must be on when the target is set for the first time: name the `Platform` resource in the
    option `depends_on`. Its id is the project's.

    The API never returns the password. The one that was set last is in the state, encrypted, and is compared with the
    program. A password that somebody else sets cannot be noticed; one that is taken away can.
    """

    _kind = "voice-sip-inbound"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        sip_uri: pulumi.Input[str],
        username: pulumi.Input[str | None] = None,
        password: pulumi.Input[str | None] = None,
        on_conflict: pulumi.Input[Literal["fail", "adopt"] | None] = "fail",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare where incoming calls go.

        Args:
            resource_name: The name in this program.
            sip_uri: The address, such as `sip:bot@example.com`, without a password. Changed in place.
            username: The name that calls authenticate with. It goes with `password`: a target has both or neither.
                Changed in place. Empty, as `password` then has to be, takes both away. Left out, it is not managed.
            password: The password that goes with `username`, encrypted in the state whether or not the program gives it
                as a secret. Changed in place. Left out, it is not managed.
            on_conflict: What to do when the project has a target already that is not of this program: `fail` (the
                default), or `adopt`, which sets it as given here. A password that it had cannot be read again.
            opts: Pulumi's resource options.
        """

    @property
    @pulumi.getter(name="sipUri")
    def sip_uri(self) -> pulumi.Output[str]:
        """The address."""
        return pulumi.get(self, "sip_uri")

    @property
    @pulumi.getter
    def username(self) -> pulumi.Output[str | None]:
        """The name that calls authenticate with. None where there is none."""
        return pulumi.get(self, "username")

    @property
    @secret()
    @pulumi.getter
    def password(self) -> pulumi.Output[str | None]:
        """The password that was set last, a secret. The API never returns it."""
        return pulumi.get(self, "password")

    @property
    @pulumi.getter(name="onConflict")
    def on_conflict(self) -> pulumi.Output[str | None]:
        """What a creation does when the project has a target. None for one that was only read."""
        return pulumi.get(self, "on_conflict")

    @property
    @pulumi.getter(name="hasPassword")
    def has_password(self) -> pulumi.Output[bool | None]:
        """Whether the target has a password."""
        return pulumi.get(self, "has_password")

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str | None]:
        """When it was set for the first time, ISO 8601."""
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
