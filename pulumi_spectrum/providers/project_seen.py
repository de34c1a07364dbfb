"""What a preview knows of a project: the first lists of it, and its plan, each requested once."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from pulumi_spectrum.client.errors import CredentialsRefused, RequestRefused, SpectrumError
from pulumi_spectrum.client.spectrum_client import SpectrumClient
from pulumi_spectrum.messages.previews import not_checked, not_listed_whole, too_many_lists
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.lifecycle import Lifecycle, Listable, Listed
from pulumi_spectrum.registry import find_registration

if TYPE_CHECKING:
    from pulumi_spectrum.client.client_settings import ClientSettings

MAX_REQUESTS = 5
"""How many requests a preview sends for one project at most, whatever the size of the program."""

T = TypeVar("T")


class NotSeen(Exception):
    """What was asked for is not known, and a warning has said so."""


class SeenInPreview:
    """Reads a project for a preview. Any number of threads may use it.

    A request is sent once and never again, and after the first one that fails no other is sent: a preview must not wait
    long for a service that is down.

    Args:
        spectrum: The API. It must not repeat requests.
    """

    def __init__(self, spectrum: SpectrumClient) -> None:
        self.project_id = spectrum.project_id
        self._spectrum = spectrum
        self._lock = threading.RLock()
        self._read: dict[str, object] = {}
        self._refused: CredentialsRefused | None = None
        self._stopped = False
        self._by_identity: dict[str, dict[tuple[str, ...] | None, list[str]]] = {}
        self._counted: dict[str, set[str]] = {}

    def objects(self, kind: str) -> Listed:
        """Return the objects of the kind with a key.

        Raises:
            NotSeen: They cannot be read.
            CredentialsRefused: The credentials are not accepted.
        """
        registration = find_registration(kind)
        if registration is None:
            raise NotSeen
        return self.listed(registration.load_rules())

    def listed(self, lifecycle: Lifecycle[Any]) -> Listed:
        """Return the objects of a kind. Errors are those of `objects`."""
        if not isinstance(lifecycle, Listable):
            raise NotSeen
        plural = lifecycle.plural

        def read() -> Listed:
            listed = lifecycle.read_first(self._spectrum)
            if not listed.complete:
                host.log(not_listed_whole(plural), warning=True)
            return listed

        return self._once(plural, read)

    def with_identity(self, lifecycle: Lifecycle[Any], identity: tuple[str, ...]) -> list[str]:
        """Return the ids of the objects of a kind that the API knows by an identity. Errors are those of `objects`."""
        listed = self.listed(lifecycle)
        with self._lock:
            if lifecycle.plural not in self._by_identity:
                ids = self._by_identity[lifecycle.plural] = defaultdict(list)
                for live in listed.objects:
                    ids[lifecycle.identity(live.properties)].append(live.id)
            return self._by_identity[lifecycle.plural].get(identity, [])

    def plan(self) -> str:
        """Return the name of the project's plan in lower case, or an empty text where the API does not return it.

        Raises:
            NotSeen: It cannot be read.
            CredentialsRefused: The credentials are not accepted.
        """

        def read() -> str:
            try:
                return (self._spectrum.project.subscription().tier or "").lower()
            except RequestRefused:
                return ""

        return self._once("plan", read)

    def count(self, what: str) -> int:
        """Count the running resource among those that the program adds of something, and return how many they are."""
        with self._lock:
            counted = self._counted.setdefault(what, set())
            counted.add(host.running_urn())
            return len(counted)

    def _once(self, part: str, read: Callable[[], T]) -> T:
        with self._lock:
            if part not in self._read:
                self._read[part] = self._request(read)
            return self._read[part]  # type: ignore[return-value]  # what `read` returned under this name

    def _request(self, read: Callable[[], T]) -> T:
        if self._refused is not None:
            raise self._refused
        if self._stopped:
            raise NotSeen
        if len(self._read) == MAX_REQUESTS:
            self._stop(too_many_lists(MAX_REQUESTS))
        try:
            return read()
        except CredentialsRefused as error:
            self._refused = error
            raise
        except SpectrumError as error:
            self._stop(not_checked(error))

    def _stop(self, warning: str) -> NoReturn:
        self._stopped = True
        host.log(warning, warning=True)
        raise NotSeen


@cache
def seen_project(settings: ClientSettings) -> SeenInPreview:
    """Return what this process knows of the project of some settings."""
    return SeenInPreview(SpectrumClient(settings, repeats=False))
