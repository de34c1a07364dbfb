"""A messaging platform's switch."""

from __future__ import annotations

from typing import ClassVar

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource


class Platform(SpectrumResource, module="spectrum", name="Platform"):
    """A messaging platform's switch, with its settings.

    Each platform is always there, on or off: creating this resource turns it as given, and deleting it turns it off.
    Its id is the platform's key.

    Args:
        resource_name: The name in this program.
        platform: `imessage`, `whatsapp_business`, `voice` or `slack`. A change replaces the resource.
        enabled: Whether the platform is on. Changed in place. Default: true.
        auto_scale: Whether lines are added by themselves as users come (platform `imessage`, Business plan). Changed
            in place. Left out, it is not managed.
        imessage_enabled: Whether calls can be started from iMessage (platform `voice`). Changed in place. Left out, it
            is not managed.
        opts: Pulumi's resource options.

    Settings can be changed only while a platform is on. One that is to be off is turned on, set, and turned off.
    """

    platform: pulumi.Output[str] = pulumi.property("platform")
    """The platform's key."""
    enabled: pulumi.Output[bool] = pulumi.property("enabled")
    """Whether the platform is on."""
    auto_scale: pulumi.Output[bool | None] = pulumi.property("autoScale")
    """Whether lines are added by themselves; empty for other platforms than `imessage`."""
    imessage_enabled: pulumi.Output[bool | None] = pulumi.property("imessageEnabled")
    """Whether calls can be started from iMessage; empty for other platforms than `voice`."""
    project_id: pulumi.Output[str] = pulumi.property("projectId")
    """The project it belongs to."""

    _kind: ClassVar[str] = "platform"
    _output_only: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        resource_name: str,
        *,
        platform: pulumi.Input[str],
        enabled: pulumi.Input[bool] = True,
        auto_scale: pulumi.Input[bool] | None = None,
        imessage_enabled: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            {
                "platform": platform,
                "enabled": enabled,
                "auto_scale": auto_scale,
                "imessage_enabled": imessage_enabled,
            },
            opts,
        )
