"""Takes an existing object into the state in place of a creation, for the resource option `import_`.

The engine cannot import a dynamic resource of Python. So the resource class hands the id over as a hidden input, and
the provider reads the object where it would have made one. Nothing is changed: the object must be as the program says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.messages.imports import (
    cannot_be_read,
    different_when_imported,
    empty_id,
    id_with_space,
    imported_as_another,
    kept_by_another,
    missing_when_imported,
    not_replaced,
    to_be_imported,
)
from pulumi_spectrum.messages.operations import not_an_id
from pulumi_spectrum.providers import IGNORED, IMPORT, host
from pulumi_spectrum.providers.bookkeeping import Bookkeeping
from pulumi_spectrum.providers.lifecycle import Lifecycle, Live, Readable
from pulumi_spectrum.providers.ownership import Ownership
from pulumi_spectrum.providers.state import different_inputs, is_unknown, known_and_unknown

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

HIDDEN = (IMPORT, IGNORED)


class Imports:
    """What the option `import_` means for the resources of one kind, as the engine's calls of a run show it.

    A resource that is in the state already is not imported again, also when it is replaced. The engine says in two ways
    that it is there: it has its diff made, or it has the old object deleted. Before `pulumi up --replace` makes the new
    one first it says nothing.

    Args:
        lifecycle: The kind's rules.
        ownership: Who holds which object of the kind.
    """

    def __init__(self, lifecycle: Lifecycle[Any], ownership: Ownership) -> None:
        self._lifecycle = lifecycle
        self._ownership = ownership
        self._in_state: set[str] = set()
        self._importers: dict[str, str] = {}
        self._imported: set[tuple[str, str]] = set()

    def note_in_state(self, urn: str) -> None:
        """Record that the state has a resource. Nothing is recorded where the host does not know the URN."""
        if urn:
            self._in_state.add(urn)

    def check(self, urn: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
        """Return one sentence if the id that the option names is none, or is kept by another resource, else nothing."""
        wanted = import_id(news)
        if wanted is None:
            return []
        if problem := self._problem_of(wanted):
            return [problem]
        if olds or urn in self._in_state:
            return []
        if holder := self._ownership.keeper(wanted, urn):
            return [kept_by_another(self._lifecycle.noun, wanted, holder, urn)]
        self._importers.setdefault(wanted, urn)
        return []

    def _problem_of(self, object_id: str) -> str | None:
        """Return why no object of the kind can have an id, or None if one can."""
        if not object_id.strip():
            return empty_id(self._lifecycle.noun)
        if re.search(r"\s", object_id):
            return id_with_space(self._lifecycle.noun)
        if self._lifecycle.split_id(object_id) is None:
            return str(not_an_id(self._lifecycle.noun, self._lifecycle.id_parts))
        return None

    def refuse_imported_by_another(self, urn: str, object_id: str) -> None:
        """Refuse a resource that stays as it is, where another one of the program imports its object.

        Raises:
            Refusal: Another one does.
        """
        importer = self._importers.get(object_id, urn)
        if importer != urn:
            raise Refusal(kept_by_another(self._lifecycle.noun, object_id, urn, importer))

    def settle_inputs(
        self, urn: str, olds: Mapping[str, Any], news: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the inputs of a resource that was checked, the hidden ones included. Say so where it will be imported.

        An argument that the option `ignore_changes` names is not managed when the object is imported, so that it stays
        as it is; one that the program cannot leave out is.

        Args:
            urn: The resource.
            olds: Its inputs in the state, if the engine hands any over.
            news: Its inputs in the program.
            inputs: Those of them that belong to the resource and have a value.
        """
        hidden = {name: news[name] for name in HIDDEN if news.get(name) is not None}
        if IMPORT not in hidden or olds or urn in self._in_state:
            return {**inputs, **hidden}
        host.inform(to_be_imported(self._lifecycle.noun))
        managed, names = dict(inputs), hidden.get(IGNORED)
        for ignored in names if isinstance(names, list | tuple) else ():
            fewer = {name: value for name, value in managed.items() if name != ignored}
            managed = fewer if self._is_complete(fewer) else managed
        return {**managed, **hidden}

    def _is_complete(self, inputs: Mapping[str, Any]) -> bool:
        """Return whether a program could have these inputs and no others."""
        return not self._lifecycle.problems_of(*known_and_unknown(inputs))

    def wanted(self, urn: str, inputs: Mapping[str, Any]) -> str | None:
        """Return the id of the object that a resource takes over, or None where it is to be made."""
        return None if urn in self._in_state else import_id(inputs)

    def find(self, urn: str, spectrum: SpectrumClient, object_id: str, inputs: Mapping[str, Any]) -> Live:
        """Return the object that a resource takes over.

        Args:
            urn: The resource.
            spectrum: The API.
            object_id: The object's id.
            inputs: What the program says of it.

        Raises:
            Refusal: It does not exist, it differs from what the program says, or another resource keeps it.
        """
        if holder := self._ownership.keeper(object_id, urn):
            raise Refusal(kept_by_another(self._lifecycle.noun, object_id, holder, urn))
        if not isinstance(self._lifecycle, Readable):
            raise cannot_be_read(self._lifecycle.noun)
        live = self._lifecycle.read(spectrum, object_id)
        if live is None:
            raise missing_when_imported(self._lifecycle.noun, object_id, spectrum.project_id)
        names = different_inputs(self._lifecycle.inputs, live.properties, inputs, inputs)
        if names:
            raise different_when_imported(self._lifecycle.noun, object_id, names)
        if urn:
            self._imported.add((urn, live.id))
        return live

    def warn_of_old_owner(self, urn: str, object_id: str) -> None:
        """Warn of a replacement that took the same object over once more, when its old owner is deleted."""
        if (urn, object_id) in self._imported:
            host.log(not_replaced(self._lifecycle.noun), warning=True)


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
