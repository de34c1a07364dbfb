"""Files that a command writes: all of them or none, each whole, and none over a file that is there, unless forced."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click


@dataclass(frozen=True)
class NewFile:
    """A file to write.

    Args:
        path: Where to. A symbolic link there is replaced, and what it points to stays as it is.
        text: What it holds, written in UTF-8.
        replaces: Whether it may take the place of a file that is there.
        is_private: Whether only its owner may read it.
    """

    path: Path
    text: str = field(repr=False)
    replaces: bool = False
    is_private: bool = False


def refuse_existing(path: Path, *, replaces: bool, way_on: str = "") -> None:
    """Refuse to write where a file is, unless it may be replaced, or where a folder is.

    Args:
        path: Where to write.
        replaces: Whether a file there may be replaced.
        way_on: A sentence about what to do instead of using --force.

    Raises:
        click.ClickException: Something is there.
    """
    if path.is_dir() and not path.is_symlink():
        raise click.ClickException(f"{path} is a folder, where a file is to be written. Move it away.")
    if os.path.lexists(path) and not replaces:
        raise click.ClickException(
            f"{path} is there already, and is not written over without --force. {way_on}".rstrip()
        )


def write_files(files: Sequence[NewFile]) -> None:
    """Write files, in this order. Each is written beside its place first, so a full disk leaves no half of one.

    Raises:
        click.ClickException: One of them cannot be written, or a file is there. No new file is left behind.
    """
    drafts: list[Path] = []
    placed: list[Path] = []
    path = Path()
    try:
        for file in files:
            path = file.path
            drafts.append(_write_draft(file))
        for file, draft in zip(files, drafts, strict=True):
            path = file.path
            refuse_existing(path, replaces=file.replaces)
            if not os.path.lexists(path):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # fails if another process made it first
                placed.append(path)
            draft.replace(path)
        placed.clear()
    except FileExistsError:
        raise click.ClickException(f"{path} cannot be written: another file has just been put there.") from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        for each in (*placed, *drafts):
            each.unlink(missing_ok=True)


def _write_draft(file: NewFile) -> Path:
    file.path.parent.mkdir(parents=True, exist_ok=True)
    draft = file.path.with_name(f".{file.path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if file.is_private else 0o666)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(file.text)
        if not file.is_private and file.path.is_file():
            draft.chmod(stat.S_IMODE(file.path.stat().st_mode))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft
