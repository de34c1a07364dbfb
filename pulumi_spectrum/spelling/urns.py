"""The parts of a URN, the engine's name for a resource."""

from __future__ import annotations

import re

PROVIDER_TYPE = "pulumi:providers:pulumi-python"
"""The type of a provider of dynamic resources in Python."""


def resource_name(urn: str) -> str:
    """Return a resource's name in the program, which may itself hold `::`."""
    return urn.split("::", 3)[-1]


def resource_type(urn: str) -> str:
    """Return a resource's type, without the types of its parents."""
    return urn.split("::", 3)[2].rpartition("$")[2]


def provider_urn(reference: str) -> str:
    """Return the URN in a resource's reference to its provider, which ends with that provider's id."""
    return reference.rpartition("::")[0]


def is_explicit_provider(urn: str) -> bool:
    """Return whether a URN is that of a provider of dynamic resources that a program has made.

    The engine calls its own `default`, with its version where that is asked for. A program's may be `default_europe`.
    """
    return resource_type(urn) == PROVIDER_TYPE and not re.fullmatch(r"default(_\d+_.*)?", resource_name(urn))


def stack_of(urn: str) -> tuple[str, str]:
    """Return the project and the stack that a URN belongs to."""
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    return project, stack
