"""Takes an existing object into the state in place of a creation, for the resource option `import_`.

The engine cannot import a dynamic resource of Python. So the resource class hands the id over as a hidden input, and
the provider reads the object where it would have made one. Nothing is changed: the object must be as the program says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.messages.imports import cannot_be_read, different_when_imported, imported_as_another
from pulumi_spectrum.messages.operations import no_such_object, not_an_id
from pulumi_spectrum.providers import IMPORT
from pulumi_spectrum.providers.bookkeeping import Bookkeeping
from pulumi_spectrum.providers.lifecycle import Lifecycle, Live, Readable
from pulumi_spectrum.providers.state import different_inputs, is_unknown


def import_id(inputs: Mapping[str, Any]) -> str | None:
    """Return the id that the program's option `import_` names, or None without the option or while it is unknown."""
    value = inputs.get(IMPORT)
    return None if value is None or is_unknown(value) else str(value)


def refuse_another_id(noun: str, resource_id: str, bookkeeping: Bookkeeping, inputs: Mapping[str, Any]) -> None:
    """Refuse a program whose option names another object than the one that the resource is or was imported from.

    Raises:
        Refusal: It names another.
    """
    wanted = import_id(inputs)
    if wanted is not None and wanted not in (resource_id, bookkeeping.imported):
        raise imported_as_another(noun, wanted, resource_id)


def find_imported(
    lifecycle: Lifecycle[Any], spectrum: SpectrumClient, object_id: str, inputs: Mapping[str, Any]
) -> Live:
    """Return the object to import.

    Args:
        lifecycle: The kind's rules.
        spectrum: The API.
        object_id: The object's id.
        inputs: What the program says of it.

    Raises:
        Refusal: It does not exist, or it differs from what the program says.
    """
    if lifecycle.split_id(object_id) is None:
        raise not_an_id(lifecycle.noun, lifecycle.id_parts)
    if not isinstance(lifecycle, Readable):
        raise cannot_be_read(lifecycle.noun)
    live = lifecycle.read(spectrum, object_id)
    if live is None:
        raise no_such_object(lifecycle.noun, object_id, spectrum.project_id)
    names = different_inputs(lifecycle.inputs, live.properties, inputs, inputs)
    if names:
        raise different_when_imported(lifecycle.noun, object_id, names)
    return live
