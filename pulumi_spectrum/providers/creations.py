"""Makes one object: anew, in the place of one that is there, or from what a run that was cut off has left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.checked_requests import CreationWatch, watch_creations
from pulumi_spectrum.client.errors import SpectrumError
from pulumi_spectrum.creation_journal import Creation, CreationJournal
from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.messages.interruptions import OF_THE_SAME_NAME, perhaps_left, several_left, taken_up
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.conflicts import is_kept_object, wait_for_object
from pulumi_spectrum.providers.declarations import object_key
from pulumi_spectrum.providers.inputs import ResourceInputs
from pulumi_spectrum.providers.lifecycle import LONGEST_CREATION, Adoptable, AlreadyThere, Lifecycle, Live, Resumable
from pulumi_spectrum.providers.ownership import Ownership
from pulumi_spectrum.spelling.urns import stack_of

if TYPE_CHECKING:
    from pulumi_spectrum.client.client_settings import ClientSettings
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

RECENT = timedelta(days=1)
"""How old an object may be that looks as if a killed run had left it."""


class Creations:
    """Makes the objects of one kind.

    Args:
        lifecycle: The kind's rules.
        ownership: What this process knows of who holds which object.
        journal: Where creations are entered before they are sent.
    """

    def __init__(self, lifecycle: Lifecycle[Any], ownership: Ownership, journal: CreationJournal) -> None:
        self._lifecycle = lifecycle
        self._ownership = ownership
        self._journal = journal
        self._warned: set[str] = set()
        self._lock = threading.Lock()

    def make(
        self,
        spectrum: SpectrumClient,
        settings: ClientSettings,
        wanted: ResourceInputs,
        inputs: Mapping[str, Any],
        follow: Callable[[Iterable[Live]], Live],
    ) -> Live:
        """Return the object of the running resource, once it is made.

        Args:
            spectrum: The API.
            settings: Where it is.
            wanted: The resource's inputs.
            inputs: The same, in the state's spelling.
            follow: Goes through the steps of the creation, and returns what they have reached.
        """
        urn = host.running_urn()
        entry = _Entry(self._journal, settings, self._lifecycle, inputs, urn)
        watch = CreationWatch(lambda: self._warn_of_left(spectrum, entry, inputs), entry.begin)
        with self._ownership.creation(urn), watch_creations(watch), entry.dropped_if_refused():
            return follow(entry.with_id(self._steps(spectrum, wanted, entry)))

    def has_made(self, settings: ClientSettings, inputs: Mapping[str, Any], object_id: str) -> bool:
        """Return whether the running resource has made an object in a run that was cut off, and will take it up.

        Args:
            settings: Where it is.
            inputs: The inputs that are known, in the state's spelling.
            object_id: An object with the identity that they say.
        """
        return _Entry(self._journal, settings, self._lifecycle, inputs, host.running_urn()).proves(object_id)

    def _steps(self, spectrum: SpectrumClient, wanted: ResourceInputs, entry: _Entry) -> Iterator[Live]:
        if isinstance(self._lifecycle, Resumable):
            left = self._left_by_earlier_run(spectrum, entry)
            if left is not None:
                host.inform(taken_up(self._lifecycle.noun, left, self._lifecycle.how_resumed))
                yield from self._lifecycle.resume(spectrum, wanted, left)
                return
        try:
            yield from self._lifecycle.create(spectrum, wanted)
        except AlreadyThere as there:
            if not isinstance(self._lifecycle, Adoptable):
                raise
            if (
                entry.proves(there.object_id)
                and not self._ownership.holders(str(there.object_id))
                and self._is_in_state(entry) is False
            ):
                object_id = str(there.object_id)
                host.inform(taken_up(self._lifecycle.noun, object_id, self._lifecycle.how_adopted))
            else:
                object_id = wait_for_object(self._lifecycle, self._ownership, there, entry.urn)
            with self._ownership.exclusive(object_id):
                yield from self._lifecycle.adopt(spectrum, wanted, object_id)

    def _left_by_earlier_run(self, spectrum: SpectrumClient, entry: _Entry) -> str | None:
        """Return the object that the running resource has made in a run that was cut off, or None.

        Raises:
            Refusal: Any of several objects may be the one.
        """
        earlier = entry.earlier
        if earlier is None or not isinstance(self._lifecycle, Resumable):
            return None
        if earlier.object_id is not None:
            is_left = not self._is_in_state(entry) and self._lifecycle.read(spectrum, earlier.object_id) is not None
            candidates = [earlier.object_id] if is_left else []
        else:
            candidates = [
                live.id
                for live in self._lifecycle.read_all(spectrum)
                if live.id not in earlier.before and self._is_made_near(live, earlier.begun, LONGEST_CREATION)
            ]
        makers = entry.makers()
        left = [
            each
            for each in candidates
            if makers.get(each, entry.urn) == entry.urn and not is_kept_object(self._ownership, each, entry.urn)
        ]
        if len(left) > 1:
            entry.forget()
            raise several_left(self._lifecycle.noun, self._lifecycle.plural, left)
        return left[0] if left else None

    def _is_in_state(self, entry: _Entry) -> bool | None:
        """Return whether the state holds what an earlier run has created, or None where that cannot be found out.

        The engine may replace by force what it has just created, and says so neither before nor when it creates.
        """
        earlier = entry.earlier
        if earlier is None or earlier.object_id is None:
            # A run that reads no response writes no state.
            return False
        # Imported here, since hardly any run asks.
        from pulumi_spectrum.providers.stack_state import holder_in_state  # noqa: PLC0415

        _, stack = stack_of(entry.urn)
        holder = holder_in_state(stack, entry.urn, earlier.object_id)
        return None if holder is None else holder != ""

    def _is_made_near(self, live: Live, moment: float, limit: timedelta) -> bool:
        """Return whether an object was made near a moment, given in Unix time; True where the API does not say when."""
        made = self._lifecycle.made_when(live.properties)
        return made is None or abs(moment - made.timestamp()) <= limit.total_seconds()

    def _names(self, properties: Mapping[str, Any]) -> list[str]:
        return [str(properties.get(name) or "") for name in self._lifecycle.full_name]

    def _warn_of_left(self, spectrum: SpectrumClient, entry: _Entry, inputs: Mapping[str, Any]) -> None:
        """Warn once of each object that a creation which was cut off may have left, before one more is made.

        It looks as such a creation leaves it: without its name, or with the name that the running one gives.
        """
        if not isinstance(self._lifecycle, Resumable):
            return
        wanted, suspects = self._names(inputs), {}
        for live in self._lifecycle.read_all(spectrum):
            names = self._names(live.properties)
            if (not any(names) or names == wanted) and self._is_made_near(live, time.time(), RECENT):
                suspects[live.id] = OF_THE_SAME_NAME if any(names) else self._lifecycle.unfinished
        with self._lock:
            new = suspects.keys() - self._warned
            self._warned |= new
        if not new:
            return
        for object_id in sorted(new - entry.makers().keys()):
            if not is_kept_object(self._ownership, object_id, entry.urn):
                host.log(perhaps_left(self._lifecycle.noun, object_id, suspects[object_id]), warning=True)


class _Entry:
    """The journal's entry for the running resource's creation."""

    def __init__(
        self,
        journal: CreationJournal,
        settings: ClientSettings,
        lifecycle: Lifecycle[Any],
        inputs: Mapping[str, Any],
        urn: str,
    ) -> None:
        self.urn = urn
        self._journal = journal
        self._kind = object_key(settings.base_url, settings.project_id, lifecycle.noun, ())
        identity = lifecycle.identity(inputs)
        self._identity = "" if identity is None else object_key(self._kind, "", "", identity)
        self._is_begun = False
        self._is_made = False
        # Without a URN nothing tells one creation from another.
        self.earlier: Creation | None = journal.unsettled(self._kind, urn) if urn else None

    def proves(self, object_id: str | None) -> bool:
        """Return whether an object with the wanted identity was made by this resource, in a run that was cut off."""
        earlier = self.earlier
        return (
            earlier is not None
            and object_id is not None
            and earlier.identity == self._identity != ""
            and earlier.object_id in (None, object_id)
        )

    def makers(self) -> Mapping[str, str]:
        """Return the URN of the resource that has made each object of the kind, as far as the journal knows."""
        return self._journal.makers(self._kind)

    def forget(self) -> None:
        """Remove the entry."""
        self._journal.drop(self._kind, self.urn)

    def begin(self, before: Collection[str]) -> None:
        """Enter a creation that is about to be sent."""
        if self.urn:
            self._is_begun = True
            self._journal.begin(self._kind, self.urn, self._identity, () if self._identity else before)

    @contextmanager
    def dropped_if_refused(self) -> Iterator[None]:
        """Remove the entry that the block makes if the API has not carried out the creation."""
        try:
            yield
        except Exception as error:
            # Whatever a run does that was cut off, the next one has to find out what became of it.
            is_lost = host.engine_has_ended() or (isinstance(error, SpectrumError | Refusal) and error.maybe_done)
            if self._is_begun and not self._is_made and not is_lost:
                self.forget()
            raise

    def with_id(self, steps: Iterable[Live]) -> Iterator[Live]:
        """Go through the steps of a creation, and enter the object's id as soon as one has it."""
        for step in steps:
            if not self._is_made and self.urn:
                self._is_made = True
                self._journal.made(self._kind, self.urn, step.id)
            yield step
