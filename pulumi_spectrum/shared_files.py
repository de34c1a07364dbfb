"""Small files that the processes of one user on this machine share."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

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
        file.execute(schema)
    except sqlite3.Error:
        file.close()
        raise
    return file
