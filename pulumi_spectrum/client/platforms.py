"""Platforms: the switches that turn a project's messaging platforms on and off."""

from __future__ import annotations

from typing import Any

from pulumi_spectrum.client.answers import Row, decode
from pulumi_spectrum.client.errors import ServiceFailed
from pulumi_spectrum.client.listing import MAX_AGE_SECONDS, Fetched, Listing
from pulumi_spectrum.client.transport import Transport

SETTINGS_ON_THE_WIRE = {"autoScale": "autoScale", "imessageEnabled": "imessage_enabled"}
"""The API's spelling of a platform's settings, one of which is in snake_case there."""


class PlatformSwitch(Row):
    """One platform of a project. A setting that a platform does not have is None."""

    platform: str
    enabled: bool
    auto_scale: bool | None = None
    imessage_enabled: bool | None = None


class Platforms:
    """The platforms of a project: one switch each, that cannot be created or deleted."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._listing: Listing[PlatformSwitch] = Listing(
            self._fetch, id_of=lambda row: row.platform, key_of=lambda row: row.platform, clock=transport.clock
        )

    def _fetch(self) -> Fetched[PlatformSwitch]:
        return Fetched(_decode_map(self._transport.request("GET", "/platforms/")))

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[PlatformSwitch]:
        """Return the platforms that were ever configured."""
        return self._listing.rows(max_age=max_age).rows

    def read(self, platform: str, *, max_age: float = MAX_AGE_SECONDS) -> PlatformSwitch:
        """Return a platform. One that was never configured is off."""
        rows = self._listing.with_key(platform, max_age=max_age)
        return rows[0] if rows else PlatformSwitch(platform=platform, enabled=False)

    def switch(self, platform: str, *, enabled: bool) -> PlatformSwitch:
        """Turn a platform on or off. Its settings survive being off.

        Raises:
            SpectrumError: The switch may be as it was.
        """
        body = {"platform": platform, "enabled": enabled}
        rows: list[PlatformSwitch] = self._transport.request("PATCH", "/platforms/", body=body, decode=_decode_map)
        told = {row.platform: row for row in rows}
        if platform not in told:
            return self.read(platform, max_age=0)
        # What this answer says of the others may be older than what another thread has just made of them.
        self._listing.put(told[platform])
        return told[platform]

    def set(self, platform: str, **settings: bool) -> PlatformSwitch:
        """Set a platform's own settings, which the service takes only while the platform is on.

        Args:
            platform: The platform.
            settings: `autoScale` (imessage) or `imessageEnabled` (voice).

        Raises:
            Conflict: The platform is off.
        """
        body = {SETTINGS_ON_THE_WIRE[name]: value for name, value in settings.items()}
        self._transport.request("PATCH", f"/platforms/{platform}", body=body)
        # No source tells the form of this answer, so what it did is read from the map.
        return self.read(platform, max_age=0)


def _decode_map(data: Any) -> list[PlatformSwitch]:
    if not isinstance(data, dict):
        raise ServiceFailed(
            "the answer is not a map of platforms, so this release cannot read it", method="Reading", path="/platforms/"
        )
    back = {wire: name for name, wire in SETTINGS_ON_THE_WIRE.items()}
    return [
        decode(
            PlatformSwitch,
            {"platform": platform, **{back.get(key, key): value for key, value in entry.items()}},
            "/platforms/",
        )
        for platform, entry in data.items()
        if isinstance(entry, dict)
    ]
