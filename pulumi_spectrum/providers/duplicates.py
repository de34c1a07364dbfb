"""Finds two resources that mean the same object: of one program, or of two providers or stacks on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.messages.conflicts import declared_elsewhere, declared_twice, imported_twice
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.declarations import Declarations, object_key, shared_declarations
from pulumi_spectrum.providers.lifecycle import Lifecycle
from pulumi_spectrum.spelling.urns import resource_name

if TYPE_CHECKING:
    from pulumi_spectrum.client.client_settings import ClientSettings


class Duplicates:
    """Which resources of the running program were checked, by the identity of the object that each declares.

    Args:
        lifecycle: The kind's rules.
        declarations: Returns what is declared on this machine.
    """

    def __init__(
        self, lifecycle: Lifecycle[Any], declarations: Callable[[], Declarations] = shared_declarations
    ) -> None:
        self._lifecycle = lifecycle
        self._declarations = declarations
        self._declared: dict[tuple[str, ...], str] = {}
        self._imported: dict[str, str] = {}
        self._lock = threading.Lock()

    def find(self, known: Mapping[str, Any], imported: str | None, settings: ClientSettings | None) -> list[str]:
        """Return one sentence if another resource declares the same object as the running one, else nothing.

        Args:
            known: The running resource's inputs that are known.
            imported: The id that its option `import_` names, or None.
            settings: Where its object is; None where that is not known, so that only this program is looked at.
        """
        identity, urn = self._lifecycle.identity(known), host.running_urn()
        if urn and imported is not None:
            with self._lock:
                first = self._imported.setdefault(imported, urn)
            if first != urn:
                return [imported_twice(self._lifecycle.noun, imported, *map(resource_name, (first, urn)))]
        if identity is None or not urn:
            return []
        with self._lock:
            first = self._declared.setdefault(identity, urn)
        if first != urn:
            names = [resource_name(each) for each in (first, urn)]
            return [declared_twice(self._lifecycle.noun, self._lifecycle.identified_by, *names)]
        if settings is None:
            return []
        key = object_key(settings.base_url, settings.project_id, self._lifecycle.noun, identity)
        other = self._declarations().declare(key, urn, host.engine_address())
        if other is None:
            return []
        return [declared_elsewhere(self._lifecycle.noun, self._lifecycle.identified_by, other, urn)]
