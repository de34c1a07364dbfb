"""Platforms: enabling them, and their settings."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, TypeAdapter

from pulumi_spectrum.emulator.errors import UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.state.platform_map import PLATFORMS, Platform
from pulumi_spectrum.emulator.validation import Body, validate


class PlatformToggleBody(Body):
    """The body that enables or disables one platform."""

    platform: Platform
    enabled: bool


class ImessageSettingsBody(Body):
    """The settings of iMessage."""

    auto_scale: bool = False


class VoiceSettingsBody(Body):
    """The settings of voice. The API spells the field in snake case."""

    model_config = ConfigDict(alias_generator=None)

    imessage_enabled: bool = False


SETTINGS: dict[str, TypeAdapter[Any]] = {
    "imessage": TypeAdapter(ImessageSettingsBody),
    "voice": TypeAdapter(VoiceSettingsBody),
}


@OPERATIONS.register("listPlatforms")
def list_platforms(call: Call[None]) -> dict[str, Any]:
    """Return the map of platforms."""
    return call.project.platforms.shown()


@OPERATIONS.register("togglePlatform", body=PlatformToggleBody)
def toggle_platform(call: Call[PlatformToggleBody]) -> dict[str, Any]:
    """Return the whole map. Enabling an enabled platform succeeds."""
    call.project.platforms.set(call.body.platform, enabled=call.body.enabled)
    return call.project.platforms.shown()


@OPERATIONS.register("updatePlatformMetadata", body=dict[str, Any])
def update_platform_metadata(call: Call[dict[str, Any]]) -> dict[str, Any] | None:
    """Return data in the shape of the switch: no source names the shape."""
    platform = call.path["platform"]
    if platform not in PLATFORMS:
        raise UnprocessableError(f"platform must be one of {', '.join(PLATFORMS)}")
    if platform not in SETTINGS:
        raise UnprocessableError(f"{platform} has no settings")
    settings = validate(SETTINGS[platform], call.body, call.settings.switches).sent()
    if not settings:
        raise UnprocessableError("The body must hold at least one setting to change")
    entry = call.project.platforms.update(platform, settings, call.project.plan)
    match call.settings.switches.platform_metadata_answer:
        case "map":
            return call.project.platforms.shown()
        case "entry":
            return entry
        case _:
            return None
