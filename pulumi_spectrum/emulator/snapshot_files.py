"""Seeds and saved states as files."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import yaml

from pulumi_spectrum.emulator.snapshot import ProjectSnapshot, read_snapshot
from pulumi_spectrum.emulator.state.loading import SnapshotError
from pulumi_spectrum.text_files import UnreadableText, read_text


def read_file(path: Path) -> list[ProjectSnapshot]:
    """Return the projects of a seed or a saved state: JSON when the file's name ends in ``.json``, else YAML.

    Raises:
        SnapshotError: The file cannot be read, or is no snapshot.
    """
    try:
        text = read_text(path)
    except UnreadableText as unreadable:
        raise SnapshotError(str(unreadable)) from None
    try:
        document = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as broken:
        raise SnapshotError(f"{path} cannot be read: {_place(broken)}. Mend it, or name another file.") from None
    try:
        return read_snapshot(document)
    except SnapshotError as wrong:
        raise SnapshotError(f"{path}: {wrong}.") from None


def write_file(path: Path, document: dict[str, Any]) -> None:
    """Write a state. A reader finds either the former or the new one, never a part.

    Only the file's owner may read it, because it holds secrets.
    """
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
            file.write("\n")
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _place(broken: Exception) -> str:
    if isinstance(broken, RecursionError):
        return "it is nested too deeply"
    if not isinstance(broken, json.JSONDecodeError | yaml.YAMLError):
        return "it holds a date or a number that does not exist"
    if isinstance(broken, json.JSONDecodeError):
        return f"line {broken.lineno}, {broken.msg[:1].lower()}{broken.msg[1:]}"
    mark = getattr(broken, "problem_mark", None)
    problem = getattr(broken, "problem", None) or "it is not YAML"
    return f"line {mark.line + 1}, {problem}" if mark else problem
