"""The kinds of resource that this release knows, found from the classes that programs declare them with."""

from __future__ import annotations

import base64
import inspect
import io
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pulumi.dynamic.dynamic import serialize_provider

import pulumi_spectrum
from pulumi_spectrum.providers import ProviderReference, load
from pulumi_spectrum.providers.lifecycle import Lifecycle
from pulumi_spectrum.resources.base import SpectrumResource
from pulumi_spectrum.spelling.property_names import to_camel, to_snake


@dataclass(frozen=True)
class Kind:
    """One kind of resource: how a program declares it, and the rules that its provider follows.

    Args:
        name: The word for one of them, such as `webhook`.
        declared_by: The class that a program uses.
        lifecycle: The provider's rules.
    """

    name: str
    declared_by: type[SpectrumResource]
    lifecycle: Lifecycle[Any]

    @property
    def area(self) -> str:
        """The word for all of them, such as `webhooks`."""
        return f"{self.name}s"

    @property
    def type_token(self) -> str:
        """The type that stands in the state."""
        return f"pulumi-python:{self.declared_by._resource_type_name}"  # noqa: SLF001

    @property
    def secret_outputs(self) -> frozenset[str]:
        """The outputs that are encrypted in the state, in its spelling."""
        return frozenset(map(to_camel, self.declared_by._secret_outputs))  # noqa: SLF001

    def reference(self) -> str:
        """Return the text by which the state finds the provider, made as a program makes it."""
        return str(serialize_provider(ProviderReference(self.name)))

    def is_referred_to_by(self, reference: Any) -> bool:
        """Tell whether a state's text refers to this kind's provider.

        The text of one reference differs between releases of Python, which pickle with another protocol.
        """
        return bool(_read_reference(reference) == (load, (self.name,)))

    def defaults(self) -> dict[str, Any]:
        """Return each argument's default by its camelCase name. One whose default is None is not managed by default."""
        fields = self.lifecycle.inputs.model_fields.values()
        defaults = {
            str(field.alias): field.get_default(call_default_factory=True)
            for field in fields
            if not field.is_required()
        }
        return {name: value for name, value in defaults.items() if value is not None}

    def arguments(self) -> Iterator[str]:
        """Yield the arguments in the order in which a program writes them, in the state's spelling."""
        by_argument = {
            to_snake(str(field.alias)): str(field.alias) for field in self.lifecycle.inputs.model_fields.values()
        }
        for argument in inspect.signature(self.declared_by).parameters:
            if argument in by_argument:
                yield by_argument[argument]


class _ReferenceReader(pickle.Unpickler):
    """Reads what `ProviderReference.__reduce__` returns, without calling or importing anything that a pickle names."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) != (load.__module__, load.__qualname__):
            raise pickle.UnpicklingError(f"{module}.{name} is not part of a reference")
        return _loaded


def _loaded(*arguments: Any) -> tuple[Any, ...]:
    return (load, arguments)


def _read_reference(reference: Any) -> Any:
    try:
        return _ReferenceReader(io.BytesIO(base64.b64decode(reference, validate=True))).load()
    except Exception:  # noqa: BLE001  # a damaged pickle raises almost anything
        return None


def load_kinds() -> list[Kind]:
    """Return every kind, each after the kinds that it refers to."""
    public = [getattr(pulumi_spectrum, name) for name in pulumi_spectrum.__all__]
    found = {
        declared_by._kind: Kind(  # noqa: SLF001
            declared_by._kind,  # noqa: SLF001
            declared_by,
            import_module(f"pulumi_spectrum.providers.{declared_by._kind}").LIFECYCLE,  # noqa: SLF001
        )
        for declared_by in public
        if isinstance(declared_by, type) and issubclass(declared_by, SpectrumResource)
    }
    ordered: dict[str, Kind] = {}

    def place(name: str) -> None:
        for other, _ in found[name].lifecycle.references.values():
            place(other)
        ordered.setdefault(name, found[name])

    for name in sorted(found):
        place(name)
    return list(ordered.values())
