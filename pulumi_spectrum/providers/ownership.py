"""Which resource holds which object in this run, and which resources move to another object.

The engine calls a provider for one resource at a time, and creates a replacement before it deletes the old object. So
when an identity (a phone, a URL) moves from one resource to another, the creation of the second resource finds the
object of the first. This module records what is known of the first: its diff shows that it will move away, and the end
of its own creation shows that it has. A late deletion is allowed only if no other resource holds the object by then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

QUIET_SECONDS = 2.5
"""How long after the last call for any resource a creation waits for the diff of the holder of the object it found."""
LONGEST_QUIET_SECONDS = 10.0
"""The longest such wait: the registrations of a large program take some seconds."""
FEWEST_AT_ONCE = 4
"""The least number of registrations that are under way at once, unless `--parallel` asks for fewer."""
STALL_SECONDS = 0.5
"""How long after the last call for any resource a creation waits for another one that is blocked or has not begun.

Only a limited number of registrations is under way at once. If all of them wait for each other, the next registration,
which could end the wait, is not made until one of them goes ahead.
"""


class Intent(Enum):
    """Whether a resource keeps the object that it holds in this run."""

    UNKNOWN = auto()
    KEEPS = auto()
    LEAVES = auto()


class Standing(Enum):
    """Whether a creation may take over an object that it has found."""

    FREE = auto()
    """Every resource that held it has moved away, or does so in this run."""
    KEPT = auto()
    """Another resource of the program keeps it."""
    OWN = auto()
    """The resource itself holds it: the engine replaces it by force, and creates first."""
    MOVE_FAILED = auto()
    """The resource that holds it was to move away, and its own creation failed."""
    UNKNOWN = auto()
    """No resource that was compared in this run holds it."""


@dataclass(frozen=True)
class Verdict:
    """What is known of an object that a creation has found.

    Args:
        standing: Whether it may be taken over.
        holder: The URN of the resource that holds it, or an empty text.
    """

    standing: Standing
    holder: str = ""


@dataclass(frozen=True)
class _Claim:
    """That a resource of the state holds an object.

    Args:
        urn: The resource, by the name under which the engine has called for it last.
        intent: Whether it keeps the object in this run.
    """

    urn: str
    intent: Intent


class _Move(Enum):
    ANNOUNCED = auto()
    UNDER_WAY = auto()
    ARRIVED = auto()
    FAILED = auto()


class Ownership:
    """Which resource holds which object of one kind. Safe for any number of threads.

    A resource of the state is identified by its creation. Its URN is no name for it: a resource that is replaced has
    the same URN as its replacement, and one that a program renames with an alias is compared under its new URN, and
    read and deleted under its old one. Where a state has no creation, the URN has to do; some hosts give none.

    Args:
        clock: Seconds that only go forward.
        wait: Waits for a condition, at most so many seconds; without end where there are none.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Condition, float | None], object] = threading.Condition.wait,
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._changed = threading.Condition()
        self._claims: dict[str, dict[str, _Claim]] = {}
        self._moves: dict[str, _Move] = {}
        self._free: dict[str, str] = {}
        self._waits_for: dict[str, str] = {}
        self._last_change = clock()
        self._locks: dict[str, threading.Lock] = {}

    def note(self, object_id: str, urn: str, creation: str | None, intent: Intent) -> None:
        """Record that a resource holds an object, and whether it moves away from it in this run."""
        with self._changed:
            self._claims.setdefault(object_id, {})[creation or urn] = _Claim(urn, intent)
            if intent is Intent.LEAVES:
                self._moves.setdefault(urn, _Move.ANNOUNCED)
            elif intent is Intent.KEEPS and self._moves.get(urn) is _Move.ANNOUNCED:
                del self._moves[urn]
            self._record_change()

    def note_free(self, object_ids: Iterable[str], urn: str) -> None:
        """Record that no resource holds these objects: a resource has left them in an earlier run, or they are deleted.

        Args:
            object_ids: The objects.
            urn: The resource that has left them and has its new object since; an empty text where they are deleted.
        """
        with self._changed:
            self._free.update(dict.fromkeys(object_ids, urn))
            self._record_change()

    def note_gone(self, object_id: str, urn: str, creation: str | None) -> None:
        """Record that a resource's object is gone."""
        with self._changed:
            self._claims.get(object_id, {}).pop(creation or urn, None)
            self._record_change()

    def holders(self, object_id: str) -> set[str]:
        """Return the URNs of the resources that hold an object, of those that the engine has called for in this run."""
        with self._changed:
            return {claim.urn for claim in self._claims.get(object_id, {}).values()}

    def keeper(self, object_id: str, urn: str) -> str:
        """Return the URN of another resource that keeps an object in this run, or an empty text."""
        with self._changed:
            claims = self._claims.get(object_id, {}).values()
            return next((claim.urn for claim in claims if claim.urn != urn and claim.intent is Intent.KEEPS), "")

    def left_by(self, urn: str) -> tuple[set[str], set[str]]:
        """Return the objects that a resource moves away from in this run, and those that it left in earlier ones."""
        with self._changed:
            now = {
                object_id for object_id, claims in self._claims.items() if _Claim(urn, Intent.LEAVES) in claims.values()
            }
            return now, {object_id for object_id, left_by in self._free.items() if left_by == urn != ""}

    @contextmanager
    def creation(self, urn: str) -> Iterator[None]:
        """Record that a resource's creation is under way during the block, and whether it succeeded at its end."""
        self._move(urn, _Move.UNDER_WAY)
        try:
            yield
        except BaseException:
            self._move(urn, _Move.FAILED)
            raise
        self._move(urn, _Move.ARRIVED)

    @contextmanager
    def deletion(self, object_id: str, urn: str, creation: str | None) -> Iterator[bool]:
        """Yield whether a resource's deletion may delete the object: only if no other or newer resource holds it.

        If several resources are to delete it, the last one does.
        """
        with self.exclusive(object_id):
            with self._changed:
                claims = self._claims.get(object_id, {})
                own = claims.get(creation or urn)
                if own is not None and (own.urn == urn or own.intent is Intent.LEAVES):
                    del claims[creation or urn]
                held = bool(claims)
            yield not held
            if not held:
                self.note_free([object_id], "")

    @contextmanager
    def exclusive(self, object_id: str) -> Iterator[None]:
        """Run only one deletion or take-over of an object at a time, so that each sees the result of the one before."""
        with self._changed:
            lock = self._locks.setdefault(object_id, threading.Lock())
        with lock:
            yield

    def known_now(self, object_id: str, urn: str) -> Verdict:
        """Return what is known so far of an object that a resource's creation will find, without a wait."""
        with self._changed:
            return self._decide(object_id, urn, self._clock())[0]

    def settle(self, object_id: str, urn: str) -> Verdict:
        """Return whether the creation of a resource may take over an object that it has found.

        If another resource moves away from the object, wait until that resource's own creation ends: if it fails, the
        resource still needs the object. Creations that wait for each other in a ring, or in a chain whose last one is
        blocked, go ahead one at a time, since their diffs have shown that all of them move. If nothing is known of the
        object, wait for some seconds: the diff of its holder may come later.
        """
        asked = self._clock()
        try:
            with self._changed:
                while True:
                    verdict, until = self._decide(object_id, urn, asked)
                    if until is not None and until <= self._clock():
                        # One at a time goes ahead of a stall: the others wait for what comes of that.
                        self._record_change()
                        return verdict
                    if urn not in self._waits_for:
                        self._waits_for[urn] = object_id
                        # Another one may find itself in a ring of waiting creations now.
                        self._changed.notify_all()
                    self._wait(self._changed, None if until is None else until - self._clock())
        finally:
            with self._changed:
                self._waits_for.pop(urn, None)

    def _decide(self, object_id: str, urn: str, asked: float) -> tuple[Verdict, float | None]:
        """Return the verdict of now, and until when to wait for a better one (None: without a limit)."""
        claims = self._claims.get(object_id, {})
        others = {claim.urn: claim.intent for claim in claims.values() if claim.urn != urn}
        for holder, intent in others.items():
            if intent is Intent.KEEPS:
                return Verdict(Standing.KEPT, holder), asked
        if claims and not others:
            return Verdict(Standing.OWN, urn), asked
        if not urn:
            return Verdict(Standing.UNKNOWN), asked
        if Intent.UNKNOWN in others.values() or not (others or object_id in self._free):
            holder = next(iter(others), "")
            quiet = min(self._last_change + QUIET_SECONDS, asked + LONGEST_QUIET_SECONDS)
            return Verdict(Standing.UNKNOWN, holder), max(quiet, asked + QUIET_SECONDS)
        for holder in others:
            if self._moves.get(holder) is _Move.FAILED:
                return Verdict(Standing.MOVE_FAILED, holder), asked
        return Verdict(Standing.FREE, next(iter(others), "")), self._deadline_of_moves(others, urn, asked)

    def _deadline_of_moves(self, leaving: Iterable[str], urn: str, asked: float) -> float | None:
        """Return until when to wait for the creations of the resources that leave an object (None: without a limit)."""
        until: float | None = asked
        for holder in leaving:
            if self._moves.get(holder) is _Move.ARRIVED:
                continue
            last, seen = holder, {holder}
            while (awaited := self._awaited_by(last)) is not None and awaited not in seen:
                if awaited == urn:
                    return asked
                seen.add(awaited)
                last = awaited
            # The last in the row waits for a diff that may find no room; or its creation has found none yet.
            full = last in self._waits_for and len({*self._waits_for, urn}) >= FEWEST_AT_ONCE
            if full or self._moves.get(last) is not _Move.UNDER_WAY:
                return max(self._last_change, asked) + STALL_SECONDS
            until = None
        return until

    def _awaited_by(self, urn: str) -> str | None:
        """Return the resource for whose creation another one waits."""
        claims = self._claims.get(self._waits_for.get(urn, ""), {})
        waited_for = (
            claim.urn
            for claim in claims.values()
            if claim.urn != urn and claim.intent is Intent.LEAVES and self._moves.get(claim.urn) is not _Move.ARRIVED
        )
        return next(waited_for, None)

    def _move(self, urn: str, move: _Move) -> None:
        with self._changed:
            self._moves[urn] = move
            self._record_change()

    def _record_change(self) -> None:
        self._last_change = self._clock()
        self._changed.notify_all()


@cache
def ownership_of(kind: str) -> Ownership:
    """Return this process's one `Ownership` of a kind. The provider of a kind serves one project."""
    del kind
    return Ownership()
