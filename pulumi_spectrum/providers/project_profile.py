"""Project profiles. A project has one, which is read with the project, changed in part, and never deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pulumi_spectrum.providers.inputs import ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Lifecycle, Listable, Live, Readable, Updatable
from pulumi_spectrum.providers.properties import Property
from pulumi_spectrum.spelling.values import same_name

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

NAMES = frozenset({"firstName", "lastName"})


@declares_arguments
class ProjectProfileInputs(ResourceInputs):
    """The arguments of a project profile."""

    first_name: Annotated[str | None, Property(same=same_name)] = None
    last_name: Annotated[str | None, Property(same=same_name)] = None
    sync: Annotated[bool, Property(write_only=True)] = False

    def _has_a_name(self) -> str | None:
        if self.first_name is None and self.last_name is None:
            return "first_name or last_name is required: a profile without a name declares nothing."
        return None

    rules = (_has_a_name,)


class ProjectProfileLifecycle(Lifecycle[ProjectProfileInputs], Readable, Updatable[ProjectProfileInputs], Listable):
    """The rules of project profiles."""

    noun = "project profile"
    plural = "project profiles"
    full_name = ("firstName", "lastName")
    singleton = True
    inputs = ProjectProfileInputs

    def create(self, spectrum: SpectrumClient, wanted: ProjectProfileInputs) -> Iterator[Live]:
        """Set the names, whatever they were."""
        yield from self._set(spectrum, wanted, NAMES, sync=wanted.sync)

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Read the profile with its project. One that was never set does not exist."""
        return self._read(spectrum) if resource_id == spectrum.project_id else None

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the profile, if it was ever set."""
        live = self._read(spectrum)
        return [] if live is None else [live]

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: ProjectProfileInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Change the names, and copy the profile to the lines where the program wants that."""
        if changed & NAMES or (wanted.sync and "sync" in changed):
            yield from self._set(spectrum, wanted, changed & NAMES, sync=wanted.sync)
        yield Live(current.id)

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """The word for it: a project has only one."""
        del properties
        return ["profile"]

    def _set(
        self, spectrum: SpectrumClient, wanted: ProjectProfileInputs, names: frozenset[str], *, sync: bool
    ) -> Iterator[Live]:
        sent = wanted.as_properties(names)
        if sent:
            changed = spectrum.project.change_profile(**sent)
            yield Live(spectrum.project_id, changed.model_dump(by_alias=True, exclude_unset=True))
        if sync:
            spectrum.project.sync_profile()
        yield self._read(spectrum) or Live(spectrum.project_id)

    def _read(self, spectrum: SpectrumClient) -> Live | None:
        profile = spectrum.project.read().profile
        if profile is None or profile.first_name is profile.last_name is profile.avatar_url is None:
            return None
        return Live(spectrum.project_id, profile.model_dump(by_alias=True, exclude_unset=True))


LIFECYCLE = ProjectProfileLifecycle()
