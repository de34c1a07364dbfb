"""Platforms. Each is a switch that is always there: creating it turns it, and deleting it turns it off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pulumi_spectrum.providers.inputs import PlatformName, ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Deletable, Lifecycle, Listable, Live, Preexisting, Readable, Updatable
from pulumi_spectrum.providers.properties import OnChange, Property

if TYPE_CHECKING:
    from pulumi_spectrum.client.platforms import PlatformRow
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

SETTINGS = ("autoScale", "imessageEnabled")


@declares_arguments
class PlatformInputs(ResourceInputs):
    """The arguments of a platform."""

    # Another platform is another switch.
    platform: Annotated[PlatformName, Property(on_change=OnChange.REPLACES, identifies=True)]
    enabled: bool = True
    # A setting that is off need not be managed.
    auto_scale: Annotated[bool | None, Property(adopted_when=lambda live: bool(live.get("autoScale")))] = None
    imessage_enabled: Annotated[bool | None, Property(adopted_when=lambda live: bool(live.get("imessageEnabled")))] = (
        None
    )

    def _auto_scale_belongs_to_imessage(self) -> str | None:
        if self.auto_scale is not None and self.platform != "imessage":
            return 'auto_scale is a setting of platform "imessage" only.'
        return None

    def _imessage_enabled_belongs_to_voice(self) -> str | None:
        if self.imessage_enabled is not None and self.platform != "voice":
            return 'imessage_enabled is a setting of platform "voice" only.'
        return None

    rules = (_auto_scale_belongs_to_imessage, _imessage_enabled_belongs_to_voice)


class PlatformLifecycle(
    Lifecycle[PlatformInputs], Readable, Updatable[PlatformInputs], Deletable, Listable, Preexisting
):
    """The rules of platforms."""

    noun = "platform"
    plural = "platforms"
    label = "platform"
    inputs = PlatformInputs

    def create(self, spectrum: SpectrumClient, wanted: PlatformInputs) -> Iterator[Live]:
        """Turn the switch as wanted, whatever it was."""
        yield from self._turn(spectrum, spectrum.platforms.read(wanted.platform), wanted)

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Read the switch from the map. It is never gone: one that was never configured is off."""
        return _live(spectrum.platforms.read(resource_id))

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the platforms that were ever configured."""
        return [_live(switch) for switch in spectrum.platforms.all()]

    def is_preexisting(self, live: Live) -> bool:
        """A platform that is off, with its settings off, is what every project starts with."""
        return not any(live.properties.get(name) for name in ("enabled", *SETTINGS))

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: PlatformInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Turn the switch as wanted."""
        if changed & {"enabled", *SETTINGS}:
            yield from self._turn(spectrum, spectrum.platforms.read(current.id), wanted)

    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Turn the platform off. Its settings stay with the service."""
        spectrum.platforms.switch(resource_id, enabled=False)

    def _turn(self, spectrum: SpectrumClient, switch: PlatformRow, wanted: PlatformInputs) -> Iterator[Live]:
        """Set the settings while the platform is on, and leave it on or off as wanted."""
        before = _live(switch).properties
        settings = {name: value for name, value in wanted.as_properties(SETTINGS).items() if value != before.get(name)}
        if not switch.enabled and (wanted.enabled or settings):
            switch = spectrum.platforms.switch(wanted.platform, enabled=True)
            yield _live(switch)
        if settings:
            switch = spectrum.platforms.set(wanted.platform, **settings)
            yield _live(switch)
        if switch.enabled and not wanted.enabled:
            switch = spectrum.platforms.switch(wanted.platform, enabled=False)
        yield _live(switch)


def _live(switch: PlatformRow) -> Live:
    return Live(switch.platform, switch.model_dump(by_alias=True, exclude_unset=True))


LIFECYCLE = PlatformLifecycle()
