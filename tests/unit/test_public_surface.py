"""The public names of the package and of its client."""

from types import ModuleType

import pytest

import pulumi_spectrum
from pulumi_spectrum import client, functions, results
from pulumi_spectrum.registry import REGISTRY

CLIENT_NAMES = [
    "AnswerLost",
    "Conflict",
    "CredentialsRefused",
    "NetworkFailed",
    "NotFound",
    "PlanRefused",
    "RateLimited",
    "RequestRefused",
    "ServiceFailed",
    "SpectrumClient",
    "SpectrumError",
    "Unreachable",
    "client_for",
]


def defined_in(module: ModuleType) -> set[str]:
    """Return the public names that a module defines itself."""
    defined = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
    return {name for name in defined if not name.startswith("_")}


def test_public_surface_is_what_there_is() -> None:
    """Public are the resources of the registry, `Provider`, the look-ups and what these return, in order."""
    look_ups = {name for name in defined_in(functions) if name.startswith("get_")}
    resources = {row.resource_class for row in REGISTRY}
    public = look_ups | defined_in(results) | resources | {"Provider"}

    assert pulumi_spectrum.__all__ == sorted(public)
    assert client.__all__ == sorted(CLIENT_NAMES)


@pytest.mark.parametrize("name", pulumi_spectrum.__all__)
def test_everything_public_is_described(name: str) -> None:
    """Each public name is there, and has a docstring."""
    assert getattr(pulumi_spectrum, name).__doc__
