"""What all resources have in common on the program's side: names, secret outputs, and a reference to a provider."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pickle import _Pickler as PythonPickler
from typing import Any, ClassVar, Self

import pulumi
from pulumi.dynamic import Resource

from pulumi_spectrum.providers import ProviderReference
from pulumi_spectrum.spelling.property_names import to_camel, to_snake


class SpectrumResource(Resource):
    """A resource of a Spectrum project.

    State, policies and the engine see camelCase, the API's own spelling; programs see snake_case.
    """

    _kind: ClassVar[str]
    _output_only: ClassVar[tuple[str, ...]]
    _secret_outputs: ClassVar[tuple[str, ...]] = ()
    _protected: ClassVar[bool] = False

    def __init__(
        self, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        opts = opts or pulumi.ResourceOptions()
        merged = pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions(
                additional_secret_outputs=list(self._secret_outputs) or None,
                protect=True if self._protected and opts.protect is None and opts.id is None else None,
            ),
            opts,
        )
        properties = {**inputs, **dict.fromkeys((*self._output_only, "project_id"))}
        with _pickler_left_as_it_was():
            super().__init__(ProviderReference(self._kind), resource_name, properties, merged)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Read an existing object into the program, without taking it over: nothing of it is changed or deleted.

        Args:
            resource_name: The name that the object has in this program.
            id: The object's id.
            opts: Pulumi's resource options.
        """
        resource = cls.__new__(cls)
        merged = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        SpectrumResource.__init__(resource, resource_name, dict.fromkeys(cls._input_names()), merged)
        return resource

    @classmethod
    def _input_names(cls) -> tuple[str, ...]:
        """Return the arguments: the properties that are not outputs only."""
        outputs = {*cls._output_only, "project_id"}
        return tuple(name for name in cls.__annotations__ if not name.startswith("_") and name not in outputs)

    def translate_input_property(self, prop: str) -> str:
        """Return the state's spelling of a property, or of a path that begins with one, such as `event_types[0]`."""
        return _translate(prop, to_camel)

    def translate_output_property(self, prop: str) -> str:
        """Return the program's spelling of a property."""
        return _translate(prop, to_snake)


def _translate(prop: str, translate: Callable[[str], str]) -> str:
    """Translate the property that a path begins with. The keys inside a property belong to the program."""
    name = re.split(r"[.\[]", prop, maxsplit=1)[0]
    translated = translate(name)
    return prop if translated == name or _is_for_dictionary_key() else translated + prop[len(name) :]


def _is_for_dictionary_key() -> bool:
    """Tell whether the SDK is translating a key inside a property's value.

    It calls the same methods for properties and, from the two functions named here, for the keys of dictionaries, and
    passes nothing that tells them apart.
    """
    frame = inspect.currentframe()
    while frame is not None:
        function = frame.f_code.co_name
        if frame.f_globals.get("__name__", "").startswith("pulumi.") and not function.startswith("<"):
            return function in {"serialize_property", "translate_output_properties"}
        frame = frame.f_back
    return False


@contextmanager
def _pickler_left_as_it_was() -> Iterator[None]:
    """Undo what Pulumi's SDK leaves behind each time it pickles a provider.

    It wraps two methods of the pickler once more, so that after some 300 dynamic resources the next provider that holds
    a dictionary exceeds the recursion limit. Ours hold none, but a program may have others.
    """
    before = {name: getattr(PythonPickler, name) for name in ("_batch_setitems", "save_dict")}
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(PythonPickler, name, method)
