"""What all resources have in common on the program's side: their type, arguments, defaults, outputs and options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import isawaitable
from typing import Any, ClassVar, Self, TypeVar, cast

import pulumi
from pulumi.dynamic import Resource
from pulumi.dynamic.dynamic import PROVIDER_KEY

from pulumi_spectrum.providers import IGNORED, IMPORT, PREVIEW, serialized_reference
from pulumi_spectrum.resources.configuration import warn_of_misspelt_settings
from pulumi_spectrum.resources.previews import may_check, stack_to_check
from pulumi_spectrum.secret_outputs import secrets_of
from pulumi_spectrum.spelling.property_names import to_camel, to_snake

Init = TypeVar("Init", bound=Callable[..., None])


def registers_arguments(init: Init) -> Init:
    """Make the empty `__init__` of a kind of resource register the resource with the arguments of its signature.

    Each argument is an input and has a property of the same name. One that is None has its default, which is the one
    in the signature; None in the signature means that an argument which is left out is not managed.
    """
    defaults: Mapping[str, Any] = cast("Any", init).__kwdefaults__

    @wraps(init)
    def register(self: SpectrumResource, resource_name: str, **given: Any) -> None:
        init(self, resource_name, **given)  # Python itself refuses an argument that is missing or unknown.
        arguments = {**defaults, **given}
        opts = arguments.pop("opts")
        inputs = {name: _or_default(value, defaults.get(name)) for name, value in arguments.items()}
        SpectrumResource.__init__(self, resource_name, inputs, opts)

    return cast("Init", register)


class SpectrumResource(Resource):
    """A resource of a Spectrum project.

    State, policies and the engine see camelCase, the API's own spelling; programs see snake_case.

    A class that derives from this one directly is a kind of resource, and names its type as `module` and `name`. Its
    outputs are `pulumi.getter` properties, which a subclass inherits with their types. A subclass of a kind is that
    kind: it has its type in the state, its provider and its properties.
    """

    _kind: ClassVar[str]
    _protected: ClassVar[bool] = False
    _properties: ClassVar[tuple[str, ...]] = ()
    _secret_outputs: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, module: str = "", name: str = "", **keywords: Any) -> None:
        super().__init_subclass__(module, name, **keywords)
        parents = [
            base for base in cls.__bases__ if issubclass(base, SpectrumResource) and base is not SpectrumResource
        ]
        if parents:
            _refuse_another_type(cls.__name__, parents, named=bool(module or name))
            # Pulumi gives each class a type of its own, and the engine takes another type for another resource.
            cls._resource_type_name = parents[0]._resource_type_name  # noqa: SLF001
        inherited = [each for parent in parents for each in parent._properties]  # noqa: SLF001
        own = [each for each, value in vars(cls).items() if isinstance(value, _DECLARED) and not each.startswith("_")]
        cls._properties = tuple(dict.fromkeys([*inherited, *own]))
        cls._secret_outputs = tuple(map(to_snake, secrets_of(cls)))

    def __init__(
        self, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        warn_of_misspelt_settings()
        merged = self._with_options_of_the_kind(opts)
        # An output is a property that the program gives no value.
        # One that is a secret is one as an argument too, also where the program gives plain text.
        secrets = {
            name: pulumi.Output.secret(value)
            for name, value in inputs.items()
            if name in self._secret_outputs and value is not None
        }
        properties = {**dict.fromkeys(self._properties), **inputs, **secrets}
        if merged.import_ is not None:
            # The engine cannot import a dynamic resource of Python, so the provider does it, in place of a creation.
            properties[IMPORT], merged.import_ = merged.import_, None
            properties[IGNORED] = [to_camel(name) for name in merged.ignore_changes or ()] or None
        if pulumi.runtime.is_dry_run() and merged.id is None and may_check():
            properties[PREVIEW] = self._stack_to_check()
        # The constructor of a dynamic resource would pickle the provider, and then do this.
        properties[PROVIDER_KEY] = serialized_reference(self._kind)
        super(Resource, self).__init__(f"pulumi-python:{self._resource_type_name}", resource_name, properties, merged)

    def _with_options_of_the_kind(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
        """Return a program's options with those of the kind, which give way to the program's."""
        of_the_kind = pulumi.ResourceOptions(
            additional_secret_outputs=list(self._secret_outputs) or None, protect=self._protected or None
        )
        if opts is None:
            return of_the_kind
        if opts.id is not None:
            of_the_kind.protect = None  # an object that is only read
        return pulumi.ResourceOptions.merge(of_the_kind, opts)

    async def _stack_to_check(self) -> str | None:
        # By now Pulumi has found the provider that the options, the parent or the program give the resource.
        return await stack_to_check(self._provider)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Read an existing object into the program, without taking it over: nothing of it is changed or deleted.

        The `__init__` of a subclass is not run.

        Args:
            resource_name: The name that the object has in this program.
            id: The object's id.
            opts: Pulumi's resource options.
        """
        resource = cls.__new__(cls)
        merged = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        SpectrumResource.__init__(resource, resource_name, {}, merged)
        return resource

    def translate_input_property(self, prop: str) -> str:
        """Return the state's spelling of a property, or of a path that begins with one, such as `event_types[0]`."""
        return _translate(prop, to_camel)

    def translate_output_property(self, prop: str) -> str:
        """Return the program's spelling of a property."""
        return _translate(prop, to_snake)


def _translate(prop: str, translate: Callable[[str], str]) -> str:
    """Translate the property that a path begins with. The keys inside a property belong to the program."""
    name = prop if prop.isidentifier() else re.split(r"[.\[]", prop, maxsplit=1)[0]
    translated = translate(name)
    return prop if translated == name or _is_for_dictionary_key() else translated + prop[len(name) :]


def _is_for_dictionary_key() -> bool:
    """Return whether the SDK is translating a key inside a property's value.

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


_DECLARED = (property, type(pulumi.property("any")))
"""What a class declares a property with: a getter, or `pulumi.property`."""


def _refuse_another_type(name: str, parents: list[type[SpectrumResource]], *, named: bool) -> None:
    kinds = list(dict.fromkeys(parent._kind for parent in parents))  # noqa: SLF001
    if len(kinds) > 1:
        raise TypeError(
            f"The class {name} cannot be a {' and a '.join(kinds)} at once, since a resource stands for one object. "
            "Derive it from one of them."
        )
    if named:
        raise TypeError(
            f"The class {name} must not set module= or name=. It is a {kinds[0]}, and with a type of its own the "
            "engine would create a second one. Leave them out."
        )


def _or_default(value: Any, default: Any) -> Any:
    """Return the default in the place of None, and of an Output or awaitable that turns out to be None."""
    if value is None or default is None:
        return default if value is None else value
    if isinstance(value, pulumi.Output) or isawaitable(value):
        return pulumi.Output.from_input(value).apply(lambda known: default if known is None else known)
    return value
