"""Singletons: the one object of its kind in a project, which is set, changed and cleared."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.loading import loading
from pulumi_spectrum.emulator.state.table import Item
from pulumi_spectrum.emulator.validation import Moment


class Record(Item):
    """The object of a singleton."""

    created_at: Moment
    updated_at: Moment

    def shown(self, project_id: str, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the object as the API shows it."""
        raise NotImplementedError


T = TypeVar("T", bound=Record)


class Singleton(Generic[T]):
    """The one object of a kind in a project. Its ``value`` is None while it is not set.

    Args:
        record_type: The class of the object.
        project_id: The project's id, which the API shows in the object.
        settings: What the whole emulator shares.
    """

    def __init__(self, record_type: type[T], project_id: str, settings: EmulatorSettings) -> None:
        self._record_type = record_type
        self._project_id = project_id
        self.settings = settings
        self.value: T | None = None

    def shown(self) -> dict[str, Any] | None:
        """Return the object as the API shows it; None when it is not set."""
        return None if self.value is None else self.value.shown(self._project_id, self.settings)

    def changed(self, /, **fields: Any) -> T:
        """Return the object as it would be with these fields, spelt as in the API. Fields left out stay."""
        now = self.settings.clock.now()
        kept = {"createdAt": now} if self.value is None else self.value.model_dump(by_alias=True)
        return self._record_type.model_validate({**kept, "updatedAt": now, **fields})

    def set(self, /, **fields: Any) -> T:
        """Change these fields, spelt as in the API, and return the object. Fields left out stay."""
        self.value = self.changed(**fields)
        self.settings.remember_secrets(self.value.model_dump(by_alias=True))
        return self.value

    def clear(self) -> None:
        """Remove the object."""
        self.value = None

    def load(self, section: dict[str, Any] | None, place: str) -> None:
        """Set the object of a seed or a saved state, which stands at ``place`` in its document."""
        if section is not None:
            with loading(place, section):
                self.set(**section)

    def dump(self) -> dict[str, Any] | None:
        """Return the object as JSON values; None when it is not set."""
        return None if self.value is None else self.value.model_dump(mode="json", by_alias=True)
