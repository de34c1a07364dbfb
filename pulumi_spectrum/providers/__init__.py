"""The dynamic providers, one per kind of resource.

What a program pickles into the state is a reference to `load` and the kind's name, nothing else. States live longer
than releases, so both are a promise for ever: `load` stays here, under this name, and takes these kinds.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pulumi.dynamic import ResourceProvider


class ProviderReference(ResourceProvider):
    """Stands for a provider in a program: it is what `load` is called with, and loads nothing itself.

    Args:
        kind: The kind of resource, which is also the name of its module here.
    """

    serialize_as_secret_always = False

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def __reduce__(self) -> tuple[Any, ...]:
        return (load, (self.kind,))


def load(kind: str) -> ResourceProvider:
    """Return the provider of a kind of resource. The engine's host calls this through what stands in the state."""
    # Imported here, since programs must not load the client.
    from pulumi_spectrum.providers.base import SpectrumProvider  # noqa: PLC0415
    from pulumi_spectrum.providers.ownership import ownership_of  # noqa: PLC0415
    from pulumi_spectrum.providers.unknown_kind import UnknownKindProvider  # noqa: PLC0415

    module = f"{__name__}.{kind}"
    lifecycle = getattr(import_module(module), "LIFECYCLE", None) if kind.isidentifier() and find_spec(module) else None
    return UnknownKindProvider(kind) if lifecycle is None else SpectrumProvider(lifecycle, ownership_of(kind))
