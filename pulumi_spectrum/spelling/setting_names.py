"""The settings in the configuration of a stack, and what a misspelt key was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi_spectrum.spelling.suggestions import closest

NAMESPACE = "spectrum:"
SETTING_NAMES = (
    "projectId",
    "projectSecret",
    "baseUrl",
    "requestsPerSecond",
    "timeoutSeconds",
    "log",
    "checkInPreview",
)
"""The keys that this package reads, without their namespace."""


def find_misspelt(keys: Iterable[str]) -> list[str]:
    """Return a sentence for each key of a configuration that is like a setting, and is none.

    A key that is like no setting may be the program's own, in a project that is called `spectrum`. So may one that is
    like a setting which has its value already.
    """
    given = {key.removeprefix(NAMESPACE) for key in keys if key.startswith(NAMESPACE)}
    meant = {key: closest(key, SETTING_NAMES) for key in sorted(given.difference(SETTING_NAMES))}
    return [
        f"{NAMESPACE}{key} is not a setting of pulumi-spectrum, and is not read. Did you mean {NAMESPACE}{name}?"
        for key, name in meant.items()
        if name is not None and name not in given
    ]
