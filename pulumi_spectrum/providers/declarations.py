"""Which resources are declared on this machine right now, also by other providers of one project and by other stacks.

Each provider of a program is a process of its own, so two that manage one Spectrum project do not see each other's
resources. They share what they have checked through one small SQLite file in a private temporary folder. It holds
hashes of what identifies an object, and URNs; an entry counts for as long as its process lives.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import uuid
import weakref
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TextIO

from pulumi_spectrum.shared_files import SharedFile, private_folder
from pulumi_spectrum.spelling.urns import stack_of

try:
    import fcntl
except ImportError:  # no such locks on this system: declarations are not shared
    fcntl = None  # type: ignore[assignment]

FILE = "declarations.sqlite3"

SCHEMA = """
CREATE TABLE IF NOT EXISTS declaration (
    object TEXT NOT NULL,
    urn TEXT NOT NULL,
    run TEXT NOT NULL,
    process TEXT NOT NULL,  -- the name of the file that it keeps locked while it lives
    PRIMARY KEY (object, process)
)
"""


def object_key(base_url: str, project_id: str, kind: str, identity: Sequence[str]) -> str:
    """Return a hash of what identifies an object among all projects."""
    return hashlib.sha256(json.dumps([base_url, project_id, kind, *identity]).encode()).hexdigest()


class Declarations:
    """What the processes of one user on this machine declare. Any number of threads may use it.

    Args:
        folder: Where the file is.
    """

    def __init__(self, folder: Callable[[], Path] = private_folder) -> None:
        self._find_folder = folder
        self._lock = threading.Lock()
        self._process = f"declaring-{uuid.uuid4().hex}"
        self._file = SharedFile(folder, FILE, SCHEMA)
        self._lock_file: TextIO | None = None

    def declare(self, key: str, urn: str, run: str) -> str | None:
        """Enter a resource, unless another process has entered another one with the same object.

        Where the file cannot be used, nothing is entered and nothing found.

        Args:
            key: The object, as `object_key` returns it.
            urn: The resource.
            run: What tells the engine's runs on this machine apart; an empty text where it is not known.

        Returns:
            The URN of the other resource: of the same run, or of another stack. A resource that another run of the
            same stack declares is none, since that may be the preview of a program that renames it.
        """
        with self._lock:
            return None if fcntl is None else self._file.use(lambda file: self._declare(file, key, urn, run))

    def _declare(self, file: sqlite3.Connection, key: str, urn: str, run: str) -> str | None:
        with file:
            file.execute("BEGIN IMMEDIATE")
            if self._lock_file is None:
                self._show_life(self._find_folder(), file)
            query = "SELECT urn, run, process FROM declaration WHERE object = ? AND process != ?"
            for other, other_run, process in file.execute(query, (key, self._process)).fetchall():
                duplicate = other != urn and ((run and run == other_run) or stack_of(other) != stack_of(urn))
                if duplicate and _is_alive(self._find_folder() / process):
                    return str(other)
            entry = (key, urn, run, self._process)
            file.execute("INSERT OR REPLACE INTO declaration VALUES (?, ?, ?, ?)", entry)
        return None

    def _show_life(self, folder: Path, file: sqlite3.Connection) -> None:
        """Lock a file of this process's own, and remove what ended processes have left.

        The system gives a lock up when its process ends, however it ends.
        """
        for (process,) in file.execute("SELECT DISTINCT process FROM declaration").fetchall():
            if not _is_alive(folder / process):
                (folder / process).unlink(missing_ok=True)
                file.execute("DELETE FROM declaration WHERE process = ?", (process,))
        self._lock_file = (folder / self._process).open("w")
        weakref.finalize(self, self._lock_file.close)
        fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_alive(path: Path) -> bool:
    """Return whether the process that has locked a file still runs."""
    try:
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@cache
def shared_declarations() -> Declarations:
    """Return this process's one entry to what is declared on this machine."""
    return Declarations()
