"""The kinds of resource that this release knows. Commands, mocks and tests ask a kind, and name none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import ResourceProvider

from pulumi_spectrum.kind_facts import KindFacts
from pulumi_spectrum.providers import serialized_reference
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import (
    PROJECT_ID,
    PROVIDER,
    Bookkeeping,
    bookkeeping_of,
    new_creation,
    visible,
)
from pulumi_spectrum.providers.lifecycle import (
    LONGEST_CREATION,
    Listable,
    Live,
    Method,
    Noticing,
    Preexisting,
    Readable,
)
from pulumi_spectrum.providers.made_anew import without_secrets_of_another
from pulumi_spectrum.providers.recovery import Recovery
from pulumi_spectrum.providers.references import refers_to
from pulumi_spectrum.providers.state import changed_inputs, complete_outputs, merge_outputs, outputs_after_read
from pulumi_spectrum.registry import REGISTRY

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

__all__ = ["LONGEST_CREATION", "Kind", "Live", "load_kinds", "project_of", "visible"]


class Kind(KindFacts):
    """One kind of resource: what is true of it, its objects at the service, and its resources in states.

    Properties are named in the state's spelling everywhere. An object of the service is a `Live`.
    """

    def provider(self) -> ResourceProvider:
        """Return a provider that knows of no other process or run, as the host makes one for the engine."""
        return SpectrumProvider(self._lifecycle, self.secret_outputs)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return every object of this kind that the project holds, in the API's order, as far as it can be listed."""
        return self._lifecycle.read_all(spectrum) if isinstance(self._lifecycle, Listable) else []

    def read(self, spectrum: SpectrumClient, object_id: str) -> Live | None:
        """Return an object, or None when it is proven gone.

        Raises:
            TypeError: Objects of the kind cannot be read.
        """
        if not isinstance(self._lifecycle, Readable):
            raise TypeError(f"a {self.noun} cannot be read")
        return self._lifecycle.read(spectrum, object_id)

    @property
    def recovery(self) -> Recovery:
        """What is true of a creation of this kind whose outcome no state has."""
        return Recovery(self._lifecycle)

    def is_preexisting(self, live: Live) -> bool:
        """Return whether the object is as every project has it from the start, so that no program need declare it."""
        return isinstance(self._lifecycle, Preexisting) and self._lifecycle.is_preexisting(live)

    def inputs_for(self, live: Live, secrets: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
        """Return the inputs that manage an object as it is, defaults included. What is unset is left out.

        Args:
            live: The object.
            secrets: Secrets that the API does not return, by the output that holds each.
        """
        returned = {name: value for name, value in live.properties.items() if value not in (None, "")}
        known = {**live.properties, **secrets, **returned}
        found = {
            name: known[name]
            for name, each in self.facts().items()
            if known.get(name) not in (None, "") and each.is_adopted(known)
        }
        return {**self.defaults(), **found}

    def unknown_secrets(self, live: Live, inputs: Mapping[str, Any]) -> list[str]:
        """Return the secret arguments that these inputs leave out although the object may have a value for them."""
        return [
            name
            for name in self.arguments()
            if name in self.secret_outputs - inputs.keys() and live.properties.get(self.facts()[name].shown_by, True)
        ]

    def reference(self) -> str:
        """Return the text by which the state finds the provider, made as a program makes it."""
        return serialized_reference(self.key)

    def is_referred_to_by(self, reference: Any) -> bool:
        """Return whether a state's text refers to this kind's provider."""
        return refers_to(reference, self.key)

    def is_from_newer_release(self, outputs: Mapping[str, Any]) -> bool:
        """Return whether a newer release of this package wrote a state's outputs."""
        bookkeeping = bookkeeping_of(outputs) or Bookkeeping()
        is_newer = bookkeeping.is_newer or bool(bookkeeping.managed - self.facts().keys())
        return is_newer or not self.is_referred_to_by(outputs.get(PROVIDER))

    def outputs_for(
        self, live: Live, inputs: Mapping[str, Any], secrets: Mapping[str, str], project_id: str
    ) -> dict[str, Any]:
        """Return the outputs that the state would hold if the provider had made an object, once.

        Args:
            live: The object.
            inputs: What the program gives it.
            secrets: Secrets that the API does not return, by the output that holds each.
            project_id: The project that it belongs to.
        """
        outputs = merge_outputs(self._lifecycle.inputs, secrets, live.properties, inputs)
        return complete_outputs(outputs, project_id, Bookkeeping(frozenset(inputs), creation=new_creation()))

    def as_written(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Return inputs or outputs as the state holds them, with the reference to the provider."""
        return {**properties, PROVIDER: self.reference()}

    def warning(self, outputs: Mapping[str, Any]) -> str | None:
        """Return what a person should know about an object that was read, such as a secret that is not in the state."""
        return self._lifecycle.notice(Method.READ, outputs) if isinstance(self._lifecycle, Noticing) else None

    def compared(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> set[str]:
        """Return the properties whose values in the state are compared with the service."""
        return {*(bookkeeping_of(outputs) or Bookkeeping()).managed, *visible(inputs)}

    def drifted(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any], live: Live) -> dict[str, tuple[Any, Any]]:
        """Return the properties that a refresh would show as changed, each with the old and the new value.

        They are inputs of a resource that the program manages, and outputs of one that it only reads.

        Args:
            inputs: The inputs in the state.
            outputs: The outputs in the state.
            live: The object that the service holds.
        """
        known = without_secrets_of_another(self._lifecycle, self.secret_outputs, outputs, live)
        bookkeeping = bookkeeping_of(outputs)
        managed = bookkeeping.managed if bookkeeping else frozenset()
        read = outputs_after_read(self._lifecycle.inputs, known, live.properties, managed)
        if bookkeeping is None:
            old, new = visible(outputs), {**read, PROJECT_ID: project_of(outputs)}
        else:
            old = visible(inputs)
            new = {name: read[name] for name in bookkeeping.managed if name in read}
            if not changed_inputs(self._lifecycle.inputs, read, old) and bookkeeping.managed == set(old):
                return {}
        names = sorted(old.keys() | new.keys())
        return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}


def project_of(outputs: Mapping[str, Any]) -> str | None:
    """Return the id of the project that a resource belongs to, from its outputs in the state."""
    return outputs.get(PROJECT_ID)


def load_kinds() -> list[Kind]:
    """Return every kind, each after the kinds that it refers to."""
    found = {each.key: Kind(each.key, each.load_class(), each.load_rules()) for each in REGISTRY}
    ordered: dict[str, Kind] = {}

    def place(key: str) -> None:
        for other, _ in found[key].references().values():
            place(other)
        ordered.setdefault(key, found[key])

    for key in sorted(found):
        place(key)
    return list(ordered.values())
