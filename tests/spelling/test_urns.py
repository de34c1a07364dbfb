"""The parts of a URN."""

from __future__ import annotations

import pytest

from pulumi_spectrum.spelling.urns import resource_name, resource_type, stack_of

USER = "pulumi-python:dynamic/spectrum:User"


@pytest.mark.parametrize("name", ["alice", "team::alice", "a$b"])
@pytest.mark.parametrize("types", [USER, f"acme:team:Team${USER}"])
def test_parts_of_a_urn(types: str, name: str) -> None:
    """A name may hold what separates the parts, and a type stands behind those of its parents."""
    urn = f"urn:pulumi:dev::app::{types}::{name}"

    assert (stack_of(urn), resource_type(urn), resource_name(urn)) == (("app", "dev"), USER, name)
