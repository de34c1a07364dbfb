"""Small files that the processes of one user on this machine share."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LOCK_TIMEOUT_SECONDS = 1.0
"""How long to wait for another process that writes, which takes it a tenth of a millisecond."""


def private_folder() -> Path:
    """Return a folder that only this user can write to, and make it where it does not exist.

    Raises:
        OSError: There is none, and none can be made.
    """
    if not hasattr(os, "getuid"):
        raise OSError("This system has no private folders for users.")
    folder = Path(tempfile.gettempdir()) / f"pulumi-spectrum-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone.")
    return folder


def remove_if_spoilt(find_folder: Callable[[], Path], name: str, error: Exception) -> None:
    """Remove a shared file that is spoilt, as by a power cut, so that the next process begins a new one.

    Args:
        find_folder: Returns the folder that the file is in.
        name: The file's name.
        error: The error of its last use, which says whether it is spoilt.
    """
    if type(error) is sqlite3.DatabaseError:  # its subclasses stand for troubles that pass
        with suppress(OSError):
            folder = find_folder()
            (folder / f"{name}-journal").unlink(missing_ok=True)
            (folder / name).unlink()


def open_shared_file(path: Path, schema: str) -> sqlite3.Connection:
    """Return a connection to a small SQLite file that the processes of a machine share, made if there is none.

    Raises:
        sqlite3.Error: The file cannot be used. It is closed again.
    """
    file = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        file.execute("PRAGMA synchronous = off")  # nothing here needs to outlive the machine
        file.execute("PRAGMA journal_mode = persist")
        file.executescript(schema)
    except sqlite3.Error:
        file.close()
        raise
    return file


class SharedFile:
    """A small SQLite file that the processes of a machine share, for as long as this process can use it.

    Args:
        find_folder: Returns the folder that it is in.
        name: Its name.
        schema: The statements that make its table where there is none.
    """

    def __init__(self, find_folder: Callable[[], Path], name: str, schema: str) -> None:
        self._find_folder = find_folder
        self._name = name
        self._schema = schema
        self._file: sqlite3.Connection | None = None
        self._usable = True

    def use(self, act: Callable[[sqlite3.Connection], T], *, makes_file: bool = True) -> T | None:
        """Return what `act` returns, or None once the file could not be used.

        Args:
            act: Is called with the open file, by one thread at a time.
            makes_file: Whether to make the file where there is none. If not, None is returned then.
        """
        if not self._usable:
            return None
        try:
            if self._file is None:
                path = self._find_folder() / self._name
                if not makes_file and not path.exists():
                    return None
                self._file = open_shared_file(path, self._schema)
                weakref.finalize(self, self._file.close)
            return act(self._file)
        except (OSError, sqlite3.Error) as error:
            self._usable = False
            remove_if_spoilt(self._find_folder, self._name, error)
            return None
