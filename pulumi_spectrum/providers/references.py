"""What stands in a state for a provider, read without calling or importing anything that it names."""

from __future__ import annotations

import base64
import io
import pickle
from typing import Any

from pulumi_spectrum.providers import load


def refers_to(reference: Any, key: str) -> bool:
    """Return whether a state's text refers to the provider of a kind.

    The text of one reference differs between releases of Python, which pickle with another protocol.

    Args:
        reference: What the state holds.
        key: The kind's key.
    """
    return bool(_read(reference) == (load, (key,)))


class _ReferenceReader(pickle.Unpickler):
    """Reads what `ProviderReference.__reduce__` returns, without calling or importing anything that a pickle names."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) != (load.__module__, load.__qualname__):
            raise pickle.UnpicklingError(f"{module}.{name} is not part of a reference")
        return _loaded


def _loaded(*arguments: Any) -> tuple[Any, ...]:
    return (load, arguments)


def _read(reference: Any) -> Any:
    try:
        return _ReferenceReader(io.BytesIO(base64.b64decode(reference, validate=True))).load()
    except Exception:  # noqa: BLE001  # a damaged pickle raises almost anything
        return None
