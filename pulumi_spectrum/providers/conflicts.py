"""Why a creation may not take over the object that it has met."""

from __future__ import annotations

from typing import Any

from pulumi_spectrum.messages.conflicts import held_by_another, held_by_failed_move, held_by_itself, held_by_unknown
from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.lifecycle import Adoptable, AlreadyThere
from pulumi_spectrum.providers.ownership import Ownership, Standing, Verdict


def wait_for_object(lifecycle: Adoptable[Any], ownership: Ownership, there: AlreadyThere, urn: str) -> str:
    """Return the id of the object that a creation has met, once it may be taken over.

    Raises:
        Refusal: It may not.
    """
    if there.object_id is None:
        raise _already_there(lifecycle, None, Verdict(Standing.UNKNOWN))
    if not there.may_be_adopted:
        with host.extra_host_thread():
            verdict = ownership.settle(there.object_id, urn)
        if verdict.standing is not Standing.FREE:
            raise _already_there(lifecycle, there.object_id, verdict)
    return there.object_id


def is_kept_object(ownership: Ownership, object_id: str, urn: str) -> bool:
    """Return whether a resource of the program has an object already and does not move away from it."""
    with host.extra_host_thread():
        verdict = ownership.settle(object_id, urn)
    return verdict.holder != "" and verdict.standing is not Standing.FREE


def _already_there(lifecycle: Adoptable[Any], object_id: str | None, verdict: Verdict) -> Refusal:
    """Return the refusal of a creation that has met an object with the same identity."""
    conflict = f"{lifecycle.already_there} (id {object_id or 'unknown'})"
    identified_by = lifecycle.identified_by
    match verdict.standing:
        case Standing.OWN:
            return held_by_itself(conflict)
        case Standing.KEPT:
            return held_by_another(conflict, verdict.holder, noun=lifecycle.noun, identified_by=identified_by)
        case Standing.MOVE_FAILED:
            return held_by_failed_move(conflict, verdict.holder, identified_by=identified_by)
        case _:
            return held_by_unknown(conflict, verdict.holder, ways_on=lifecycle.ways_on_after_conflict)
