"""Why a creation may not take over the object that it has met."""

from __future__ import annotations

from typing import Any

from pulumi_spectrum.messages.conflicts import held_by_another, held_by_failed_move, held_by_itself, held_by_unknown
from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.providers.lifecycle import Adoptable, Lifecycle
from pulumi_spectrum.providers.ownership import Standing, Verdict


def already_there(
    lifecycle: Lifecycle[Any], adoptable: Adoptable[Any], object_id: str | None, verdict: Verdict
) -> Refusal:
    """Return the refusal of a creation that has met an object with the same identity."""
    conflict = f"{adoptable.already_there} (id {object_id or 'unknown'})"
    identified_by = lifecycle.identified_by
    match verdict.standing:
        case Standing.OWN:
            return held_by_itself(conflict)
        case Standing.KEPT:
            return held_by_another(conflict, verdict.holder, noun=lifecycle.noun, identified_by=identified_by)
        case Standing.MOVE_FAILED:
            return held_by_failed_move(conflict, verdict.holder, identified_by=identified_by)
        case _:
            return held_by_unknown(conflict, verdict.holder, ways_on=adoptable.ways_on_after_conflict)
