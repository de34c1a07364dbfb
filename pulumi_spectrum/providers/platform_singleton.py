"""What a project has once for a messaging platform, and the API refuses to touch while that platform is off."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pulumi_spectrum.client.errors import PlanRefused
from pulumi_spectrum.providers.inputs import PlatformName, ResourceInputs
from pulumi_spectrum.providers.lifecycle import (
    Adoptable,
    AlreadyThere,
    Deletable,
    Listable,
    Live,
    Readable,
    Updatable,
)
from pulumi_spectrum.providers.needed_platform import is_off, platform_named_if_off

if TYPE_CHECKING:
    from pulumi_spectrum.client.responses import Row
    from pulumi_spectrum.client.singleton import SingletonArea
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

I = TypeVar("I", bound=ResourceInputs)  # noqa: E741


class PlatformSingleton(Adoptable[I], Readable, Updatable[I], Deletable, Listable):
    """The one object of a platform, which has secrets that may not be readable again.

    So a creation does not overwrite one that is there, unless the program asks for it with `on_conflict="adopt"`.
    """

    singleton = True
    made_at = "createdAt"
    platform: ClassVar[PlatformName]
    """The platform that has to be on."""
    fields: ClassVar[frozenset[str]]
    """The arguments that the API takes."""

    @abstractmethod
    def area(self, spectrum: SpectrumClient) -> SingletonArea[Any]:
        """Return the area of the API that holds the object."""

    @abstractmethod
    def properties(self, row: Any) -> dict[str, Any]:
        """Return the object's properties, in the state's spelling."""

    def sent(self, wanted: I, names: Collection[str]) -> dict[str, Any]:
        """Return the named fields that the program manages, as the API takes them."""
        return wanted.as_properties(names)

    def create(self, spectrum: SpectrumClient, wanted: I) -> Iterator[Live]:
        """Set the object where there is none."""
        with platform_named_if_off(spectrum, self.platform):
            made = self.area(spectrum).create(self.sent(wanted, self.fields))
        if made is None:
            raise AlreadyThere(spectrum.project_id, may_be_adopted=self.may_adopt(wanted))
        yield self._live(spectrum, made)

    def adopt(self, spectrum: SpectrumClient, wanted: I, object_id: str) -> Iterator[Live]:
        """Set the object that is there. One that is gone by now is made anew."""
        del object_id
        yield self.set(spectrum, wanted, self.fields)

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Read the object. One that is not set does not exist."""
        if resource_id != spectrum.project_id:
            return None
        with platform_named_if_off(spectrum, self.platform):
            row = self.area(spectrum).read()
        return None if row is None else self._live(spectrum, row)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the object, if it is set and the API shows it while the platform is off."""
        try:
            row = self.area(spectrum).read()
        except PlanRefused:
            if not is_off(spectrum, self.platform):
                raise
            return []
        return [] if row is None else [self._live(spectrum, row)]

    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Remove the object."""
        del resource_id
        with platform_named_if_off(spectrum, self.platform):
            self.area(spectrum).delete()

    def set(self, spectrum: SpectrumClient, wanted: I, names: Collection[str]) -> Live:
        """Set the named fields, and no other."""
        with platform_named_if_off(spectrum, self.platform):
            return self._live(spectrum, self.area(spectrum).set(self.sent(wanted, names)))

    def _live(self, spectrum: SpectrumClient, row: Row) -> Live:
        return Live(spectrum.project_id, self.properties(row))
