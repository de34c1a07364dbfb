"""The kinds of resource that this release knows. Commands, mocks and tests ask a kind, and name none."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_spectrum.providers import ProviderReference
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import (
    PROJECT_ID,
    PROVIDER,
    Bookkeeping,
    bookkeeping_of,
    visible,
)
from pulumi_spectrum.providers.inputs import check_inputs
from pulumi_spectrum.providers.lifecycle import (
    LONGEST_CREATION,
    Lifecycle,
    Listable,
    Live,
    Method,
    Noticing,
    Preexisting,
    Readable,
)
from pulumi_spectrum.providers.properties import OnChange, Property, properties_of
from pulumi_spectrum.providers.recovery import Recovery
from pulumi_spectrum.providers.references import refers_to
from pulumi_spectrum.providers.state import changed_inputs, complete_outputs, merge_outputs, outputs_after_read
from pulumi_spectrum.registry import REGISTRY
from pulumi_spectrum.resources.base import SpectrumResource, pickler_left_as_it_was
from pulumi_spectrum.secret_outputs import find_secrets, secrets_in_words, secrets_of
from pulumi_spectrum.spelling.property_names import to_camel, to_snake

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

__all__ = ["LONGEST_CREATION", "Kind", "Live", "load_kinds", "project_of", "visible"]


@dataclass(frozen=True)
class Kind:
    """One kind of resource: what it is called, how a program declares it, and what is true of its objects.

    Properties are named in the state's spelling everywhere. An object of the service is a `Live`.

    Args:
        key: The word by which states refer to the kind's provider. It never changes and is not shown.
        declared_by: The class that a program uses.
        _lifecycle: The provider's rules.
    """

    key: str
    declared_by: type[SpectrumResource]
    _lifecycle: Lifecycle[Any] = field(repr=False)

    @property
    def noun(self) -> str:
        """The word for one of them, in messages."""
        return self._lifecycle.noun

    @property
    def plural(self) -> str:
        """The word for several of them, in messages."""
        return self._lifecycle.plural

    @property
    def word(self) -> str:
        """The noun in kebab case, for what is typed and parsed."""
        return _in_kebab_case(self.noun)

    @property
    def area(self) -> str:
        """The plural in kebab case, for the command line."""
        return _in_kebab_case(self.plural)

    @property
    def type_token(self) -> str:
        """The type that stands in the state."""
        return f"pulumi-python:{self.declared_by._resource_type_name}"  # noqa: SLF001

    def provider(self) -> ResourceProvider:
        """Return a provider that knows of no other process or run, as the host makes one for the engine."""
        return SpectrumProvider(self._lifecycle, self.secret_outputs)

    @property
    def is_listed(self) -> bool:
        """Whether objects of the kind can be listed and read, and so be found and compared."""
        return isinstance(self._lifecycle, Listable) and isinstance(self._lifecycle, Readable)

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

    def label(self, live: Live) -> str:
        """Return what reports call an object, without what may be a secret in it."""
        label = live.properties.get(self._lifecycle.label)
        return self._lifecycle.shown_label(str(label)) if label else live.id

    def spellings(self, live: Live) -> tuple[str, ...]:
        """Return the object's id, what reports call it, and the one spelling of its label."""
        label = live.properties.get(self._lifecycle.label)
        return (live.id, self.label(live), *([self.plain_label(str(label))] if label else []))

    def plain_label(self, label: str) -> str:
        """Return the one spelling for all labels that mean the same. A `*`, as in a pattern of labels, stays."""
        return self._lifecycle.plain_label(label)

    def is_called(self, live: Live, text: str) -> bool:
        """Return whether a text is an object's id or label, in any spelling that means the same."""
        return not {text, self.plain_label(text)}.isdisjoint(self.spellings(live))

    def full_name(self, live: Live) -> str:
        """Return the name that people gave an object, as far as it is known."""
        return " ".join(str(live.properties[each]) for each in self._lifecycle.full_name if live.properties.get(each))

    def names_for(self, live: Live) -> list[str]:
        """Return texts that a program may name an object by, the most readable first. Some may be empty."""
        return [self.full_name(live), *self._lifecycle.names_for(live.properties)]

    def number_of(self, live: Live) -> str:
        """Return the digits that tell objects of the same name apart, or an empty text where there are none."""
        return self._lifecycle.number_of(live.properties)

    def arguments(self) -> Iterator[str]:
        """Yield the arguments in the order in which a program writes them."""
        by_argument = {to_snake(name): name for name in self.facts()}
        for argument in inspect.signature(self.declared_by).parameters:
            if argument in by_argument:
                yield by_argument[argument]

    def outputs(self) -> tuple[str, ...]:
        """Return the outputs that a program can use, the arguments included."""
        return tuple(map(to_camel, self.declared_by._properties))  # noqa: SLF001

    def defaults(self) -> dict[str, Any]:
        """Return each argument's default by its name. One whose default is None is not managed by default."""
        fields = self._lifecycle.inputs.model_fields.values()
        defaults = {
            str(field.alias): field.get_default(call_default_factory=True)
            for field in fields
            if not field.is_required()
        }
        return {name: value for name, value in defaults.items() if value is not None}

    def references(self) -> Mapping[str, tuple[str, str]]:
        """Return the arguments that are taken from another object, with the key of its kind and the output."""
        return {name: each.refers_to for name, each in self.facts().items() if each.refers_to is not None}

    def facts(self) -> Mapping[str, Property]:
        """Return the facts about each argument by its name."""
        return properties_of(self._lifecycle.inputs)

    def effect_of_change(self, argument: str) -> str:
        """Return in a few words what a change of an argument does to the object."""
        facts = self.facts()[argument]
        if facts.only_when is None:
            return facts.on_change.value
        return f"{facts.on_change.value}, {facts.only_when.words}; else {OnChange.UPDATES.value}"

    def is_required(self, argument: str) -> bool:
        """Return whether a program has to give an argument."""
        return any(
            each.alias == argument and each.is_required() for each in self._lifecycle.inputs.model_fields.values()
        )

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

    def problems_of(self, inputs: Mapping[str, Any]) -> list[str]:
        """Return one sentence for each reason for which no program can declare these inputs."""
        return check_inputs(self._lifecycle.inputs, inputs, frozenset())

    def arguments_to_write(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the inputs that a program has to write: those that are required or not as by default."""
        defaults = self.defaults()
        return {name: value for name, value in inputs.items() if self.is_required(name) or defaults.get(name) != value}

    @property
    def secret_outputs(self) -> frozenset[str]:
        """The outputs that are encrypted in the state."""
        return frozenset(secrets_of(self.declared_by))

    def unknown_secrets(self, live: Live, inputs: Mapping[str, Any]) -> list[str]:
        """Return the secret arguments that these inputs leave out although the object may have a value for them."""
        return [
            name
            for name in self.arguments()
            if name in self.secret_outputs - inputs.keys() and live.properties.get(self.facts()[name].shown_by, True)
        ]

    def find_secrets(self, text: str) -> dict[str, str] | None:
        """Return the secrets in a text by the output that holds each, or None where something in it is none."""
        return find_secrets(secrets_of(self.declared_by), text)

    def secrets_in_words(self) -> str:
        """Return what each of the kind's secrets looks like, for a message; empty where it has none."""
        return secrets_in_words(secrets_of(self.declared_by))

    def reference(self) -> str:
        """Return the text by which the state finds the provider, made as a program makes it."""
        with pickler_left_as_it_was():
            return str(serialize_provider(ProviderReference(self.key)))

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
        """Return the outputs that the state would hold if the provider had made an object.

        Args:
            live: The object.
            inputs: What the program gives it.
            secrets: Secrets that the API does not return, by the output that holds each.
            project_id: The project that it belongs to.
        """
        outputs = merge_outputs(self._lifecycle.inputs, secrets, live.properties, inputs)
        return complete_outputs(outputs, project_id, Bookkeeping(frozenset(inputs)))

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
        read = outputs_after_read(self._lifecycle.inputs, outputs, live.properties)
        bookkeeping = bookkeeping_of(outputs)
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


def _in_kebab_case(words: str) -> str:
    return "-".join(words.lower().split())


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
