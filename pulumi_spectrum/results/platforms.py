"""What the service returns about the switches of messaging platforms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PlatformInfo:
    """A messaging platform's switch.

    Args:
        platform: The platform's key, such as `imessage`.
        enabled: Whether it is on.
        auto_scale: Whether the service adds lines by itself; of `imessage` only.
        imessage_enabled: Whether calls can be started from iMessage; of `voice` only.
    """

    platform: str
    enabled: bool
    auto_scale: bool | None = None
    imessage_enabled: bool | None = None
