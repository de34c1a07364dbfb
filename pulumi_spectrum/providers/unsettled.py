"""Arguments that the service did not take when they were last sent, and that the program has not changed since.

The engine compares a program's inputs with those in the state, which are equal then, and would see nothing to do. So
the provider has to say that there is a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.bookkeeping import visible


def unsettled_inputs(changed: frozenset[str], inputs: Mapping[str, Any]) -> frozenset[str]:
    """Return those of the changed arguments that `pulumi up` has to set although the engine sees no change.

    Nothing is returned where the engine sees one: it then has the resource updated anyway.

    Args:
        changed: The arguments that differ from the outputs in the state.
        inputs: The program's inputs.
    """
    compared = host.compared_inputs()
    if compared is None or visible(compared.old) != inputs:
        return frozenset()
    return changed - compared.ignored
