"""Objects of which a project has one, and that somebody has deleted and made anew since the state was written.

Such an object has the id of the one before it, so only the time at which it was made tells them apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from pulumi_spectrum.providers.lifecycle import Lifecycle, Live

ROUNDING = timedelta(seconds=1)
"""How far two forms of one time may differ: the API returns times with milliseconds and without."""


def without_secrets_of_another(
    lifecycle: Lifecycle[Any], secrets: Collection[str], olds: Mapping[str, Any], live: Live
) -> Mapping[str, Any]:
    """Return what the state held, without the secrets of an object that is not the live one.

    The API does not return these secrets, or masks them, so those of the state would be kept although the service holds
    others or none. Without them the next preview shows them, and `pulumi up` sets them.

    Args:
        lifecycle: The kind's own rules.
        secrets: The names of its secret properties.
        olds: What the state held.
        live: What the API has returned.
    """
    if not lifecycle.singleton:
        return olds
    before, now = lifecycle.made_when(olds), lifecycle.made_when(live.properties)
    if before is None or now is None or abs(now - before) < ROUNDING:
        return olds
    return {name: value for name, value in olds.items() if name not in secrets}
