"""What a kind's facts say about a creation whose outcome no state has, because its run was killed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.providers import IMPORT
from pulumi_spectrum.providers.lifecycle import Adoptable, Lifecycle, Live
from pulumi_spectrum.providers.state import different_inputs

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient


@dataclass(frozen=True)
class Recovery:
    """Relates the inputs of a creation to the objects of a project, by the facts of one kind.

    Args:
        _lifecycle: The kind's rules.
    """

    _lifecycle: Lifecycle[Any] = field(repr=False)

    def identity(self, properties: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Return what the API knows an object by, from its inputs or its live properties; None where nothing does."""
        return self._lifecycle.identity(properties)

    def may_repeat(self, inputs: Mapping[str, Any]) -> bool:
        """Return whether to create once more does the same again, so that it does not matter what became of it."""
        return not isinstance(self._lifecycle, Adoptable) and self.identity(inputs) is not None

    def only_reads(self, hidden: Mapping[str, Any]) -> bool:
        """Return whether a creation with these inputs, the hidden ones included, imports an object and makes none."""
        return hidden.get(IMPORT) is not None

    @property
    def needs_secrets(self) -> bool:
        """Whether an object is of no use without secrets that only the response to its creation had."""
        return isinstance(self._lifecycle, Adoptable) and self._lifecycle.needs_secrets_of_creation

    def made_at(self, live: Live) -> datetime | None:
        """Return when an object was made, by the service's clock, or None where the API does not return it."""
        return self._lifecycle.made_when(live.properties)

    def agreement(self, inputs: Mapping[str, Any], live: Live) -> int | None:
        """Return how many of the inputs an object has, or None where one differs, so that another client has made it.

        What the object lacks does not count: the run may have been killed before it was set.
        """
        held = {name for name in inputs if live.properties.get(name) not in (None, "")}
        if different_inputs(self._lifecycle.inputs, live.properties, inputs, held):
            return None
        return len(held)

    def make_anew(self, spectrum: SpectrumClient, inputs: Mapping[str, Any], object_id: str) -> Iterator[Live]:
        """Make an object in the place of the one with this id, and yield all that is known of it after each step.

        Raises:
            TypeError: The kind's objects cannot take the place of others.
        """
        if not isinstance(self._lifecycle, Adoptable):
            raise TypeError(f"a {self._lifecycle.noun} cannot take the place of another")
        reached = Live("")
        for step in self._lifecycle.adopt(spectrum, self._lifecycle.parse(inputs), object_id):
            reached = Live(step.id, {**reached.properties, **step.properties})
            yield reached
