"""What is true of a kind of resource as such: its words, its arguments and secrets, what its objects are called."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum.providers.inputs import arguments_of
from pulumi_spectrum.providers.lifecycle import Lifecycle, Listable, Live, Readable
from pulumi_spectrum.providers.properties import OnChange, Property, properties_of
from pulumi_spectrum.resources.base import SpectrumResource
from pulumi_spectrum.secret_outputs import find_secrets, secrets_in_words, secrets_of
from pulumi_spectrum.spelling.property_names import to_camel, to_snake


@dataclass(frozen=True)
class KindFacts:
    """The facts about one kind of resource, as its class and its rules state them.

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

    @property
    def is_listed(self) -> bool:
        """Whether objects of the kind can be listed and read, and so be found and compared."""
        return isinstance(self._lifecycle, Listable) and isinstance(self._lifecycle, Readable)

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
        arguments = arguments_of(self._lifecycle.inputs)
        return {name: each.default for name, each in arguments.items() if each.default is not None}

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
        found = arguments_of(self._lifecycle.inputs).get(argument)
        return found is not None and found.is_required

    def problems_of(self, inputs: Mapping[str, Any]) -> list[str]:
        """Return one sentence for each reason for which no program can declare these inputs."""
        return self._lifecycle.problems_of(inputs, frozenset())

    def arguments_to_write(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the inputs that a program has to write: those that are required or not as by default."""
        defaults = self.defaults()
        return {name: value for name, value in inputs.items() if self.is_required(name) or defaults.get(name) != value}

    @property
    def secret_outputs(self) -> frozenset[str]:
        """The outputs that are encrypted in the state."""
        return frozenset(secrets_of(self.declared_by))

    def find_secrets(self, text: str) -> dict[str, str] | None:
        """Return the secrets in a text by the output that holds each, or None where something in it is none."""
        return find_secrets(secrets_of(self.declared_by), text)

    def secrets_in_words(self) -> str:
        """Return what each of the kind's secrets looks like, for a message; empty where it has none."""
        return secrets_in_words(secrets_of(self.declared_by))


def _in_kebab_case(words: str) -> str:
    return "-".join(words.lower().split())
