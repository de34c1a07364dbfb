"""The platforms of a project: whether each is enabled, and its settings."""

from __future__ import annotations

from copy import deepcopy
from typing import Literal, get_args

from pulumi_spectrum.emulator.errors import ApiError, ConflictError
from pulumi_spectrum.emulator.state.loading import SnapshotError
from pulumi_spectrum.emulator.switches import Plan

Platform = Literal["imessage", "whatsapp_business", "voice", "slack"]
PLATFORMS: tuple[str, ...] = get_args(Platform)
UNTOUCHED: dict[str, dict[str, bool]] = {
    "imessage": {"enabled": False, "autoScale": False},
    "whatsapp_business": {"enabled": False},
    "voice": {"enabled": False, "imessage_enabled": False},
    "slack": {"enabled": False},
}


class PlatformMap:
    """The platforms of one project. They are never created or deleted, and keep their settings while disabled."""

    def __init__(self) -> None:
        self._entries = deepcopy(UNTOUCHED)

    def shown(self) -> dict[str, dict[str, bool]]:
        """Return the map as the API lists it."""
        return deepcopy(self._entries)

    def is_enabled(self, platform: str) -> bool:
        """Whether a platform is enabled."""
        return self._entries.get(platform, {}).get("enabled", False)

    def set(self, platform: str, /, **settings: bool) -> dict[str, bool]:
        """Change ``enabled`` or settings of a platform without any rule of the API, and return its entry."""
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
        """Remove a platform from the map, as if it had never been configured."""
        self._entries.pop(platform, None)

    def update(self, platform: str, settings: dict[str, bool], plan: Plan) -> dict[str, bool]:
        """Change a platform's settings for a client, under the rules of the service."""
        if not self.is_enabled(platform):
            raise ConflictError(f"Platform {platform} is disabled")
        if settings.get("autoScale") and plan != "business":
            raise ApiError(403, "autoScale is available on the Business plan only")
        return self.set(platform, **settings)

    def load(self, section: dict[Platform, dict[str, bool] | None], place: str) -> None:
        """Set the platforms of a seed or a saved state, which stand at ``place``; null removes one from the map."""
        for platform, entry in section.items():
            if entry is None:
                self.forget(platform)
                continue
            try:
                self.set(platform, **entry)
            except TypeError as unknown:
                raise SnapshotError(f"{place}: {unknown}") from None

    def dump(self) -> dict[str, dict[str, bool] | None]:
        """Return each platform's entry; None for one that is not in the map."""
        return {platform: deepcopy(self._entries.get(platform)) for platform in PLATFORMS}
