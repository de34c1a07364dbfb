"""The classes that a program uses: every argument and output typed, named and described."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pulumi
import pytest
from kind_samples import KINDS, SAMPLES
from pulumi._types import resource_py_to_pulumi_names
from pydantic.alias_generators import to_camel

import pulumi_spectrum as spectrum
from pulumi_spectrum.client.responses import Row
from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.providers import load
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.inputs import arguments_of
from pulumi_spectrum.providers.lifecycle import Lifecycle
from pulumi_spectrum.registry import find_registration
from pulumi_spectrum.resources.base import SpectrumResource

RESOURCES: list[type[SpectrumResource]] = [kind.declared_by for kind in load_kinds()]


def outputs(cls: type[SpectrumResource]) -> dict[str, Any]:
    """Return the getters of a class's outputs."""
    return {name: value.fget for name, value in vars(cls).items() if isinstance(value, property)}


def arguments(cls: type[Any]) -> dict[str, inspect.Parameter]:
    """Return a class's own arguments, without the resource's name and options."""
    parameters = dict(inspect.signature(cls.__init__).parameters)
    return {name: value for name, value in parameters.items() if name not in ("self", "resource_name", "opts")}


def types(cls: type[SpectrumResource]) -> dict[str, str]:
    """Return the types of a class's outputs."""
    return {name: getter.__annotations__["return"] for name, getter in outputs(cls).items()}


@pytest.mark.parametrize("cls", RESOURCES)
def test_every_output_is_typed(cls: type[SpectrumResource]) -> None:
    """Each output is an attribute whose type is `pulumi.Output` of what it holds."""
    untyped = [name for name, each in types(cls).items() if not re.fullmatch(r"pulumi\.Output\[(?!Any\b).+\]", each)]

    assert outputs(cls)
    assert untyped == []


class BarestClient:
    """A client of which every method of every area returns one row.

    Args:
        row: The row.
    """

    project_id = "id-1"

    def __init__(self, row: Row) -> None:
        self._row = row

    def __getattr__(self, _area: str) -> BarestArea:
        return BarestArea(self._row)


class BarestArea:
    """An area of the API, every method of which returns one row."""

    def __init__(self, row: Row) -> None:
        self._row = row

    def __getattr__(self, _method: str) -> Callable[..., Row]:
        return lambda *_arguments, **_options: self._row


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_output_that_can_be_missing_is_typed_so(kind: Kind) -> None:
    """Each output whose type has no None has a value after a read of a row with only the required fields."""
    barest, registered = SAMPLES[kind.key].barest, find_registration(kind.key)
    assert registered is not None
    assert barest is not None, f"tests/support/kind_samples.py has no barest row of a {kind.noun}"
    live = kind.read(BarestClient(barest), "/".join("id-1" for _ in registered.load_rules().id_parts))  # type: ignore[arg-type]
    assert live is not None
    present = {name for name, value in live.properties.items() if value is not None} | {"projectId"}

    certain = [name for name, each in types(kind.declared_by).items() if "None" not in each]
    assert [name for name in certain if to_camel(name) not in present] == []


@pytest.mark.parametrize("cls", [*RESOURCES, spectrum.Provider])
def test_every_argument_takes_an_input(cls: type[Any]) -> None:
    """Each argument takes a plain value or another resource's output, and is given by its name; options come last."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())

    assert [each.name for each in parameters[:2]] == ["self", "resource_name"]
    assert {each.kind for each in parameters[2:]} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters[-1].name == "opts"
    assert [name for name, each in arguments(cls).items() if not each.annotation.startswith("pulumi.Input[")] == []


@pytest.mark.parametrize("cls", [*RESOURCES, spectrum.Provider])
def test_every_argument_that_may_be_left_out_may_be_none(cls: type[Any]) -> None:
    """What a program reads from its configuration may be None, also as an output, and then counts as left out."""
    optional = {name: each.annotation for name, each in arguments(cls).items() if each.default is not each.empty}

    assert [name for name, annotation in optional.items() if not annotation.endswith(" | None]")] == []


@pytest.mark.parametrize("cls", RESOURCES)
def test_program_and_provider_know_the_same_arguments(cls: type[SpectrumResource]) -> None:
    """What a program can set is what is checked, with the same defaults, and each argument is an output, too."""
    declared = {each.attribute: each for each in arguments_of(lifecycle_of(cls).inputs).values()}

    assert set(arguments(cls)) == set(declared)
    for name, parameter in arguments(cls).items():
        is_required = parameter.default is inspect.Parameter.empty
        assert is_required == declared[name].is_required, name
        assert is_required or parameter.default == declared[name].default, name
    assert set(declared) < set(cls._properties)


@pytest.mark.parametrize("cls", RESOURCES)
def test_a_choice_is_typed_with_the_values_that_are_accepted(cls: type[SpectrumResource]) -> None:
    """Where the check accepts some words only, the argument's type names exactly those, so an editor completes them."""
    hints = get_type_hints(cls.__init__, localns={"Output": pulumi.Output, "T": Any})
    typed = {name: choices(hint) for name, hint in hints.items()}
    declared = arguments_of(lifecycle_of(cls).inputs).values()
    checked = {each.attribute: choices(each.type) for each in declared}

    assert {name: words for name, words in typed.items() if words} == {
        name: words for name, words in checked.items() if words
    }


def lifecycle_of(cls: type[SpectrumResource]) -> Lifecycle[Any]:
    provider = load(cls._kind)
    assert isinstance(provider, SpectrumProvider)
    return provider._lifecycle


def choices(hint: Any) -> set[str]:
    """Return the values of every `Literal` in a type."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {word for part in get_args(hint) for word in choices(part)}


@pytest.mark.parametrize("cls", RESOURCES)
def test_both_spellings_are_one_to_one(cls: type[SpectrumResource]) -> None:
    """Translating a name to camelCase and back returns the same name; a private name stays unchanged."""
    resource = cls.__new__(cls)
    for name in [*outputs(cls), "__provider", "__spectrum"]:
        state = resource.translate_input_property(name)

        assert resource.translate_output_property(state) == name
        assert state == name or "_" not in state or name.startswith("__")


@pytest.mark.parametrize("cls", RESOURCES)
def test_an_output_is_read_where_the_state_has_it(cls: type[SpectrumResource]) -> None:
    """The name that a getter is declared with is the one that it is translated to, and it reads the output it names."""
    resource = cls.__new__(cls)
    assert resource_py_to_pulumi_names(cls) == {name: resource.translate_input_property(name) for name in outputs(cls)}
    for name in outputs(cls):
        resource.__dict__ = {name: "held"}
        assert getattr(resource, name) == "held"


@pytest.mark.parametrize("cls", [*RESOURCES, spectrum.Provider])
def test_every_argument_is_described(cls: type[Any]) -> None:
    """The docstring of `__init__`, which editors show for a call, describes each argument on its own line."""
    described = inspect.getdoc(cls.__init__) or ""

    assert [name for name in [*arguments(cls), "resource_name", "opts"] if f"    {name}: " not in described] == []


@pytest.mark.parametrize("cls", RESOURCES)
def test_every_output_is_described(cls: type[SpectrumResource]) -> None:
    """Each output has a sentence of its own."""
    assert [name for name, getter in outputs(cls).items() if not inspect.getdoc(getter)] == []
