"""The dynamic providers, one per kind of resource.

What a program pickles into the state is a reference to `load` and the kind's key, nothing else. States live longer than
releases, so both are a promise for ever: `load` stays here, under this name, and takes the keys of the registry.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_spectrum.registry import find_registration
from pulumi_spectrum.secret_outputs import secrets_of

IMPORT = "__import"
"""The hidden input in which a program's option `import_` reaches the provider: the id of the object to take over."""
IGNORED = "__ignored"
"""The hidden input beside it: the names of the arguments that the option `ignore_changes` leaves as they are."""

PREVIEW = "__preview"
"""The hidden input that a resource has in a preview that checks against the API: the full name of its stack."""


class ProviderReference(ResourceProvider):
    """Stands for a provider in a program: it is what `load` is called with, and loads nothing itself.

    Args:
        key: The key of a kind of resource.
    """

    serialize_as_secret_always = False

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def __reduce__(self) -> tuple[Any, ...]:
        return (load, (self.key,))


@cache
def serialized_reference(key: str) -> str:
    """Return the text by which the state finds the provider of a kind.

    It is made once in a process. Pulumi's SDK would make it for each resource: that is a thirtieth of a program's time,
    and wraps two methods of Python's pickler once more each time, so that after some 300 dynamic resources the next
    provider that holds a dictionary exceeds the recursion limit.
    """
    return str(serialize_provider(ProviderReference(key)))


def load(key: str) -> ResourceProvider:
    """Return the provider of the kind with a key. The engine's host calls this through what stands in the state."""
    # Imported here, since programs must not load the client.
    from pulumi_spectrum.quick_imports import without_garbage_collection  # noqa: PLC0415

    with without_garbage_collection():
        from pulumi_spectrum.providers.base import SpectrumProvider  # noqa: PLC0415
        from pulumi_spectrum.providers.ownership import ownership_of  # noqa: PLC0415

        registration = find_registration(key)
        if registration is None:
            from pulumi_spectrum.providers.unknown_kind import UnknownKindProvider  # noqa: PLC0415

            return UnknownKindProvider(key)
        return SpectrumProvider(registration.load_rules(), secrets_of(registration.load_class()), ownership_of(key))
