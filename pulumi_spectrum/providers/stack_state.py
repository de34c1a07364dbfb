"""Which objects the state of the running stack holds, which no call of the engine says.

A provider is handed one resource at a time, and those that the program registers later are not known yet. So the Pulumi
CLI is asked, once, and only when the answer decides something.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pulumi_spectrum.providers.bookkeeping import bookkeeping_of
from pulumi_spectrum.spelling.urns import resource_type

LONGEST_SECONDS = 60
PAUSES = (0.0, 0.2, 0.5)
"""How many seconds to wait before each try to read a state."""


def holder_in_state(stack: str, urn: str, object_id: str, *, sleep: Callable[[float], None] = time.sleep) -> str | None:
    """Return the URN of the resource that holds an object, among those of one type; an empty text where none does.

    Args:
        stack: The stack's full name.
        urn: The URN of a resource of the type. It is returned as well for an object that another one has left.
        object_id: The object's id.
        sleep: Waits for so many seconds before a state is read again.

    Returns:
        None where the state cannot be read.
    """
    resources = _read_state(stack, sleep)
    if resources is None:
        return None
    for resource in resources:
        if resource_type(str(resource["urn"])) != resource_type(urn):
            continue
        if resource.get("id") == object_id:
            # The engine is about to delete what waits for that.
            return urn if resource.get("delete") else str(resource["urn"])
        bookkeeping = bookkeeping_of(resource.get("outputs") or {})
        if bookkeeping is not None and object_id in bookkeeping.left:
            return urn
    return ""


_reading = threading.Lock()


def _read_state(stack: str, sleep: Callable[[float], None]) -> list[Mapping[str, Any]] | None:
    """Return the resources of a stack's state as they were when it was first read, or None where it cannot be read."""
    # A cache alone asks the CLI once for each thread that comes before the first answer.
    with _reading:
        return _read_once(stack, sleep)


@cache
def _read_once(stack: str, sleep: Callable[[float], None]) -> list[Mapping[str, Any]] | None:
    """Return the resources of a stack's state, or None where it cannot be read. Secrets stay encrypted.

    A backend of files cannot be read in the moment in which the running `pulumi up` writes to it, so it is read again.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        return None
    for pause in PAUSES:
        sleep(pause)
        resources = _export(pulumi, stack)
        if resources is not None:
            return resources
    return None


def _export(pulumi: str, stack: str) -> list[Mapping[str, Any]] | None:
    try:
        exported = subprocess.run(  # noqa: S603  # the CLI that is on PATH, and no shell reads the stack's name
            [pulumi, "stack", "export", "--stack", stack, "--non-interactive"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=LONGEST_SECONDS,
        ).stdout
        return list((json.loads(exported)["deployment"] or {}).get("resources") or ())
    except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError, AttributeError):
        # What the CLI prints in other releases may have another form. Then a warning takes the place of a refusal.
        return None
