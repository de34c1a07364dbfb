"""The parts of a URN."""

from __future__ import annotations

import pytest

from pulumi_spectrum.spelling.urns import is_explicit_provider, provider_urn, resource_name, resource_type, stack_of

USER = "pulumi-python:dynamic/spectrum:User"


@pytest.mark.parametrize("name", ["alice", "team::alice", "a$b"])
@pytest.mark.parametrize("types", [USER, f"acme:team:Team${USER}"])
def test_parts_of_a_urn(types: str, name: str) -> None:
    """A name may hold what separates the parts, and a type stands behind those of its parents."""
    urn = f"urn:pulumi:dev::app::{types}::{name}"

    assert (stack_of(urn), resource_type(urn), resource_name(urn)) == (("app", "dev"), USER, name)


def test_urn_of_a_provider() -> None:
    """A reference to a provider is its URN, which may hold `::` in its name, and its id."""
    urn = "urn:pulumi:dev::app::pulumi:providers:pulumi-python::team::europe"

    assert provider_urn(f"{urn}::9b2f") == urn
    assert provider_urn("") == ""


@pytest.mark.parametrize(
    ("name", "of_the_engine"),
    [
        ("default", True),
        ("default_3_272_0", True),
        ("default_1_0_0_alpha_2", True),
        ("defaults", False),
        ("default-eu", False),
        ("default_eu", False),
        ("default_2", False),
        ("europe", False),
    ],
)
def test_providers_of_the_engine(name: str, *, of_the_engine: bool) -> None:
    """The engine calls its own provider `default`, with a version behind it where the program asks for one."""
    urn = f"urn:pulumi:dev::app::pulumi:providers:pulumi-python::{name}"

    assert is_explicit_provider(urn) is not of_the_engine
    assert not is_explicit_provider(f"urn:pulumi:dev::app::{USER}::{name}")
