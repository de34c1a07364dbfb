"""The classes that a program uses: every argument and output typed, named and described."""

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

import pulumi_spectrum as spectrum
from pulumi_spectrum.providers import load
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.resources.base import SpectrumResource

RESOURCES: list[type[SpectrumResource]] = [spectrum.Line, spectrum.Platform, spectrum.User, spectrum.Webhook]

OUTPUTS: dict[str, dict[str, str]] = {
    "Webhook": {
        "webhook_url": "str",
        "enabled": "bool",
        "event_types": "list[str] | None",
        "failure_notification_email": "str | None",
        "schema_version": "str | None",
        "on_conflict": "str",
        "secret_rotation": "str | None",
        "rotation_overlap_seconds": "int | None",
        "signing_secret": "str",
        "standard_signing_secret": "str | None",
        "status": "str | None",
        "disabled_at": "str | None",
        "disabled_reason": "str | None",
        "created_at": "str",
        "updated_at": "str",
        "project_id": "str",
    },
    "Platform": {
        "platform": "str",
        "enabled": "bool",
        "auto_scale": "bool | None",
        "imessage_enabled": "bool | None",
        "project_id": "str",
    },
    "Line": {
        "platform": "str",
        "first_name": "str | None",
        "last_name": "str | None",
        "phone_number": "str",
        "status": "str | None",
        "avatar_url": "str | None",
        "created_at": "str",
        "project_id": "str",
    },
    "User": {
        "phone_number": "str",
        "type": "str",
        "assigned_phone_number": "str | None",
        "first_name": "str | None",
        "last_name": "str | None",
        "email": "str | None",
        "on_conflict": "str",
        "created_at": "str",
        "redirect_url": "str",
        "project_id": "str",
    },
}


def public_names(cls: type[SpectrumResource]) -> list[str]:
    return [name for name in cls.__annotations__ if not name.startswith("_")]


def arguments(cls: type[Any]) -> dict[str, inspect.Parameter]:
    """Return a class's own arguments, without the resource's name and options."""
    parameters = dict(inspect.signature(cls.__init__).parameters)
    return {name: value for name, value in parameters.items() if name not in ("self", "resource_name", "opts")}


@pytest.mark.parametrize("cls", RESOURCES)
def test_every_output_is_typed(cls: type[SpectrumResource]) -> None:
    """Each output is an attribute with the type of what it holds."""
    assert {name: cls.__annotations__[name] for name in public_names(cls)} == {
        name: f"pulumi.Output[{held}]" for name, held in OUTPUTS[cls.__name__].items()
    }


@pytest.mark.parametrize("cls", [*RESOURCES, spectrum.Provider])
def test_every_argument_takes_an_input(cls: type[Any]) -> None:
    """Each argument takes a plain value or another resource's output, and is given by its name; options come last."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())

    assert [each.name for each in parameters[:2]] == ["self", "resource_name"]
    assert {each.kind for each in parameters[2:]} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters[-1].name == "opts"
    assert [name for name, each in arguments(cls).items() if not each.annotation.startswith("pulumi.Input[")] == []


@pytest.mark.parametrize("cls", RESOURCES)
def test_program_and_provider_know_the_same_arguments(cls: type[SpectrumResource]) -> None:
    """What a program can set is what is checked, with the same defaults, and each argument is an output, too."""
    provider = load(cls._kind)
    assert isinstance(provider, SpectrumProvider)
    fields = provider._lifecycle.inputs.model_fields

    assert set(arguments(cls)) == set(fields) == set(cls._input_names())
    for name, parameter in arguments(cls).items():
        default = PydanticUndefined if parameter.default is inspect.Parameter.empty else parameter.default
        assert default == fields[name].default, name
    assert set(public_names(cls)) == {*fields, *cls._output_only, "project_id"}


@pytest.mark.parametrize("cls", RESOURCES)
def test_both_spellings_are_one_to_one(cls: type[SpectrumResource]) -> None:
    """Translating a name to the state's spelling and back gives it again, and what is hidden stays as it is."""
    resource = cls.__new__(cls)
    for name in [*public_names(cls), "__provider", "__managed"]:
        state = resource.translate_input_property(name)

        assert resource.translate_output_property(state) == name
        assert state == name or "_" not in state or name.startswith("__")


@pytest.mark.parametrize("cls", RESOURCES)
def test_an_output_is_read_where_the_state_has_it(cls: type[SpectrumResource]) -> None:
    """The name that an attribute is declared with is the one that it is translated to."""
    resource = cls.__new__(cls)
    source = ast.parse(Path(inspect.getfile(cls)).read_text(encoding="utf-8"))
    declared = {
        node.target.id: node.value.args[0].value
        for node in ast.walk(source)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.args[0], ast.Constant)
    }

    assert declared == {name: resource.translate_input_property(name) for name in public_names(cls)}


@pytest.mark.parametrize("cls", [*RESOURCES, spectrum.Provider])
def test_every_argument_is_described(cls: type[Any]) -> None:
    """A class's text tells of each argument, on a line of its own."""
    described = inspect.getdoc(cls) or ""

    assert [name for name in [*arguments(cls), "resource_name", "opts"] if f"    {name}: " not in described] == []


@pytest.mark.parametrize("cls", RESOURCES)
def test_every_output_is_described(cls: type[SpectrumResource]) -> None:
    """Each attribute has a sentence below it."""
    [tree] = [
        node
        for node in ast.parse(Path(inspect.getfile(cls)).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]
    described = {
        node.target.id
        for node, text in zip(tree.body, tree.body[1:], strict=False)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }

    assert set(public_names(cls)) - described == set()
