"""The parts of a URN."""

from __future__ import annotations

import pytest

from pulumi_spectrum.spelling.urns import provider_urn, resource_name, resource_type, stack_of

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
