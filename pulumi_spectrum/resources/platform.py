"""A messaging platform's switch."""

from __future__ import annotations

from typing import Literal

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments


class Platform(SpectrumResource, module="spectrum", name="Platform"):
    """A messaging platform's switch, with its settings.

    Each platform is always there, on or off: creating this resource turns it as given, and deleting it turns it off.
    Its id is the platform's key.

    Settings can be changed only while a platform is on. One that is to be off is turned on, set, and turned off.
    """

    _kind = "platform"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        platform: pulumi.Input[Literal["imessage", "whatsapp_business", "voice", "slack"]],
        enabled: pulumi.Input[bool | None] = True,
        auto_scale: pulumi.Input[bool | None] = None,
        imessage_enabled: pulumi.Input[bool | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a messaging platform's switch.

        Args:
            resource_name: The name in this program.
            platform: `imessage`, `whatsapp_business`, `voice` or `slack`. A change replaces the resource.
            enabled: Whether the platform is on. Changed in place. Default: true.
            auto_scale: Whether lines are added by themselves as users come (platform `imessage`, Business plan).
                Changed in place. Left out, it is not managed.
            imessage_enabled: Whether calls can be started from iMessage (platform `voice`). Changed in place. Left out,
                it is not managed.
            opts: Pulumi's resource options.
        """

    @property
    @pulumi.getter
    def platform(self) -> pulumi.Output[str]:
        """The platform's key."""
        return pulumi.get(self, "platform")

    @property
    @pulumi.getter
    def enabled(self) -> pulumi.Output[bool]:
        """Whether the platform is on."""
        return pulumi.get(self, "enabled")

    @property
    @pulumi.getter(name="autoScale")
    def auto_scale(self) -> pulumi.Output[bool | None]:
        """Whether lines are added by themselves. None for other platforms than `imessage`."""
        return pulumi.get(self, "auto_scale")

    @property
    @pulumi.getter(name="imessageEnabled")
    def imessage_enabled(self) -> pulumi.Output[bool | None]:
        """Whether calls can be started from iMessage. None for other platforms than `voice`."""
        return pulumi.get(self, "imessage_enabled")

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """The project it belongs to."""
        return pulumi.get(self, "project_id")
