"""Platforms: the switches that turn a project's messaging platforms on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.errors import ServiceFailed
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS, FetchedList, ListCache
from pulumi_spectrum.client.paths import segment
from pulumi_spectrum.client.responses import UNREADABLE, ObjectId, Row, decode
from pulumi_spectrum.results.platforms import PlatformInfo

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

SETTINGS_ON_THE_WIRE = {"autoScale": "autoScale", "imessageEnabled": "imessage_enabled"}
"""The API's spelling of a platform's settings, one of which is in snake_case there."""


class PlatformRow(Row, PlatformInfo):
    """One platform of a project. A setting that a platform does not have is None."""

    platform: ObjectId


class Platforms:
    """The platforms of a project: one switch each, that cannot be created or deleted."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._cache: ListCache[PlatformRow] = ListCache(
            self._fetch, id_of=lambda row: row.platform, key_of=lambda row: row.platform, clock=transport.clock
        )

    def _fetch(self) -> FetchedList[PlatformRow]:
        return FetchedList(_decode_map(self._transport.request("GET", "/platforms/")))

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[PlatformRow]:
        """Return the platforms that were ever configured."""
        return self._cache.rows(max_age=max_age).rows

    def read(self, platform: str, *, max_age: float = MAX_AGE_SECONDS) -> PlatformRow:
        """Return a platform. One that was never configured is off, whatever text its key is."""
        rows = self._cache.with_key(platform, max_age=max_age)
        return rows[0] if rows else PlatformRow.model_construct(platform=platform, enabled=False)

    def switch(self, platform: str, *, enabled: bool) -> PlatformRow:
        """Turn a platform on or off. Its settings survive being off.

        Raises:
            SpectrumError: The switch may be as it was.
        """
        body = {"platform": platform, "enabled": enabled}
        rows: list[PlatformRow] = self._transport.request("PATCH", "/platforms/", body=body, decode=_decode_map)
        returned = {row.platform: row for row in rows}
        if platform not in returned:
            return self.read(platform, max_age=0)
        # The rows of other platforms in this response may be older than what another thread has just set.
        self._cache.put(returned[platform])
        return returned[platform]

    def set(self, platform: str, **settings: bool) -> PlatformRow:
        """Set a platform's own settings, which the service takes only while the platform is on.

        Args:
            platform: The platform.
            settings: `autoScale` (imessage) or `imessageEnabled` (voice).

        Raises:
            Conflict: The platform is off.
        """
        body = {SETTINGS_ON_THE_WIRE[name]: value for name, value in settings.items()}
        self._transport.request("PATCH", f"/platforms/{segment(platform)}", body=body)
        # The form of this response is not documented, so the new value is read from the map.
        return self.read(platform, max_age=0)


def _decode_map(data: Any) -> list[PlatformRow]:
    if not isinstance(data, dict):
        raise ServiceFailed(f"the answer is not a map of platforms, {UNREADABLE}", method="Reading", path="/platforms/")
    back = {wire: name for name, wire in SETTINGS_ON_THE_WIRE.items()}
    return [
        decode(
            PlatformRow,
            {"platform": platform, **{back.get(key, key): value for key, value in entry.items()}},
            "/platforms/",
        )
        for platform, entry in data.items()
        if isinstance(entry, dict)
    ]
