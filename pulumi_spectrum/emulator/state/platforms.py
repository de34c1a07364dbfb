"""Platform switches and their settings."""

from __future__ import annotations

from copy import deepcopy
from typing import Literal, get_args

from pulumi_spectrum.emulator.errors import ApiError, ConflictError
from pulumi_spectrum.emulator.switches import Plan

Platform = Literal["imessage", "whatsapp_business", "voice", "slack"]
PLATFORMS: tuple[str, ...] = get_args(Platform)
UNTOUCHED: dict[str, dict[str, bool]] = {
    "imessage": {"enabled": False, "autoScale": False},
    "whatsapp_business": {"enabled": False},
    "voice": {"enabled": False, "imessage_enabled": False},
    "slack": {"enabled": False},
}


class Platforms:
    """The map of one project's platforms. There is no creating and no deleting; settings survive disabling."""

    def __init__(self) -> None:
        self._entries = deepcopy(UNTOUCHED)

    def shown(self) -> dict[str, dict[str, bool]]:
        """Return the map as the API lists it."""
        return deepcopy(self._entries)

    def is_enabled(self, platform: str) -> bool:
        """Whether a platform is switched on."""
        return self._entries.get(platform, {}).get("enabled", False)

    def set(self, platform: str, **settings: bool) -> dict[str, bool]:
        """Change ``enabled`` or settings of a platform, under no rule, and return its entry."""
        if platform not in UNTOUCHED:
            raise KeyError(platform)
        if unknown := settings.keys() - UNTOUCHED[platform].keys():
            raise TypeError(f"{platform} has no {', '.join(sorted(unknown))}")
        if not all(isinstance(value, bool) for value in settings.values()):
            raise TypeError(f"the settings of {platform} are true or false")
        entry = self._entries.setdefault(platform, dict(UNTOUCHED[platform]))
        entry |= settings
        return dict(entry)

    def forget(self, platform: str) -> None:
        """Take a platform out of the map, as if it had never been configured."""
        self._entries.pop(platform, None)

    def update(self, platform: str, settings: dict[str, bool], plan: Plan) -> dict[str, bool]:
        """Change a platform's settings as a client asks for it, under the rules of the service."""
        if not self.is_enabled(platform):
            raise ConflictError(f"Platform {platform} is disabled")
        if settings.get("autoScale") and plan != "business":
            raise ApiError(403, "autoScale is available on the Business plan only")
        return self.set(platform, **settings)
