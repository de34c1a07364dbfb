"""A journal of creations, so that a run that was killed leaves no object behind that no state knows of.

Between the moment at which the API creates an object and the moment at which the engine has written its id into the
state, a killed process loses the object. So an entry is written before a creation is sent, in one small SQLite file in
a private folder of this user on this machine. It says which resource creates, and what was there before; it holds ids,
hashes and URNs, and no secret. Once a later call of the engine names the object's id, the entry counts as settled. The
file may be lost or unusable at any time: a run after a kill is then as it would be without it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pulumi_spectrum.shared_files import SharedFile, private_folder

FILE = "creations.sqlite3"

MAX_AGE_SECONDS = 7 * 24 * 3600.0
"""How long an entry is kept. A creation that was cut off is settled by the next `up`, which rarely comes later."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS creation (
    kind TEXT NOT NULL,      -- a hash of the project, and what sort of object it is
    urn TEXT NOT NULL,       -- the resource that creates
    begun REAL NOT NULL,     -- when the request was sent, in seconds of Unix time
    identity TEXT NOT NULL,  -- a hash of what the API knows the object by; no object had it then
    before TEXT NOT NULL,    -- the ids of the objects that were there before, where nothing identifies them
    object TEXT,             -- the id of the object, once the API has returned it
    settled INTEGER NOT NULL DEFAULT 0,  -- whether the engine has named the id since
    PRIMARY KEY (kind, urn)
);
CREATE INDEX IF NOT EXISTS creation_by_object ON creation (object);
CREATE INDEX IF NOT EXISTS creation_by_time ON creation (begun);
"""


@dataclass(frozen=True)
class Creation:
    """A creation that was sent.

    Args:
        urn: The resource that created.
        begun: When the request was sent, in seconds of Unix time.
        identity: A hash of what the API knows the object by, or an empty text where it knows it by its id alone. No
            object had that identity right before the request.
        before: The ids of the objects that were there right before the request, where there is no identity.
        object_id: The id of the object, or None while the API has not returned it.
    """

    urn: str
    begun: float
    identity: str
    before: frozenset[str]
    object_id: str | None


class CreationJournal:
    """The creations of all processes of one user on this machine. Any number of threads may use it.

    Where the file cannot be used, nothing is entered and nothing found.

    Args:
        folder: Where the file is.
        clock: Seconds of Unix time.
    """

    def __init__(self, folder: Callable[[], Path] = private_folder, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._file = SharedFile(folder, FILE, SCHEMA)
        self._awaited: set[str] | None = None
        self._unanswered: dict[str, list[str]] = {}

    def begin(self, kind: str, urn: str, identity: str = "", before: Collection[str] = ()) -> None:
        """Enter a creation that is about to be sent, in the place of an earlier one of the same resource.

        Args:
            kind: Which project's objects, and of what sort.
            urn: The resource that creates.
            identity: As in `Creation`.
            before: As in `Creation`.
        """
        now = self._clock()
        entry = (kind, urn, now, identity, json.dumps(sorted(before)))

        def enter(file: sqlite3.Connection) -> None:
            file.execute("DELETE FROM creation WHERE begun <= ?", (now - MAX_AGE_SECONDS,))
            file.execute("INSERT OR REPLACE INTO creation VALUES (?, ?, ?, ?, ?, NULL, 0)", entry)

        with self._lock:
            self._file.use(enter)

    def made(self, kind: str, urn: str, object_id: str) -> None:
        """Enter the id that the API has returned for a resource's creation."""
        with self._lock:
            self._execute("UPDATE creation SET object = ? WHERE kind = ? AND urn = ?", (object_id, kind, urn))
            if self._awaited is not None:
                self._awaited.add(object_id)

    def settle(self, urn: str, object_id: str) -> None:
        """Record that the engine has named the object of a resource: the state holds it, so it is not lost.

        A creation of that resource whose response was never read is settled too, if it can have made the object: a
        person has imported it meanwhile.
        """
        with self._lock:
            if self._awaited is None:
                rows = self._execute("SELECT urn, object, identity, before FROM creation WHERE NOT settled")
                self._awaited = {made for _, made, _, _ in rows if made is not None}
                self._unanswered = {
                    urn: json.loads(before) for urn, made, identity, before in rows if made is None and not identity
                }
            if object_id in self._awaited:
                self._awaited.discard(object_id)
                self._execute("UPDATE creation SET settled = 1 WHERE object = ?", (object_id,))
            if object_id not in self._unanswered.pop(urn, [object_id]):
                self._execute(
                    "UPDATE creation SET settled = 1, object = ? WHERE urn = ? AND object IS NULL", (object_id, urn)
                )

    def drop(self, kind: str, urn: str) -> None:
        """Remove the entry of a resource, whose creation was refused or is settled."""
        with self._lock:
            self._execute("DELETE FROM creation WHERE kind = ? AND urn = ?", (kind, urn))

    def unsettled(self, kind: str, urn: str) -> Creation | None:
        """Return the last creation of a resource, if the engine has not named its object since."""
        with self._lock:
            rows = self._execute(
                "SELECT urn, begun, identity, before, object FROM creation "
                "WHERE kind = ? AND urn = ? AND NOT settled AND begun > ?",
                (kind, urn, self._clock() - MAX_AGE_SECONDS),
            )
        return _creation(rows[0]) if rows else None

    def unanswered(self) -> list[Creation]:
        """Return the creations of all projects whose responses were never read, the oldest first."""
        with self._lock:
            rows = self._execute(
                "SELECT urn, begun, identity, before, object FROM creation "
                "WHERE object IS NULL AND begun > ? ORDER BY begun",
                (self._clock() - MAX_AGE_SECONDS,),
            )
        return [_creation(row) for row in rows]

    def makers(self, kind: str) -> dict[str, str]:
        """Return the URN of the resource that has made each object, settled or not."""
        with self._lock:
            return dict(
                self._execute("SELECT object, urn FROM creation WHERE kind = ? AND object IS NOT NULL", (kind,))
            )

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return the rows of a statement. Only the entry of a creation makes the file."""
        return self._file.use(lambda file: file.execute(statement, values).fetchall(), makes_file=False) or []


def _creation(row: tuple[str, float, str, str, str | None]) -> Creation:
    urn, begun, identity, before, object_id = row
    return Creation(urn, begun, identity, frozenset(json.loads(before)), object_id)


@cache
def shared_journal() -> CreationJournal:
    """Return this process's one access to the journal of this machine."""
    return CreationJournal()
