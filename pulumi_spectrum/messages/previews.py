"""What a preview says that was asked to look into the project, with `spectrum:checkInPreview`.

`conflict` is the kind's words for "such an object exists", with its id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_spectrum.messages.failures import explain
from pulumi_spectrum.spelling.urns import resource_name

if TYPE_CHECKING:
    from pulumi_spectrum.client.errors import SpectrumError


def held_outside(conflict: str, ways_on: str) -> str:
    """Return why `pulumi up` would refuse to create an object that exists, and that this stack's state does not hold.

    Args:
        conflict: As in the module.
        ways_on: What to do about it; the end of a sentence.
    """
    return f"{conflict}, and it is not in the state of this stack, so `pulumi up` would fail: {ways_on}."


def held_in_state(conflict: str, holder: str) -> str:
    """Return the warning for an object that another resource of the state, whose URN is `holder`, has so far."""
    return (
        f'{conflict}: it is "{resource_name(holder)}" of this stack. `pulumi up` takes it over only if that one moves '
        "away from it in the same run. After a rename, give this resource an alias."
    )


def perhaps_held_outside(conflict: str, ways_on: str) -> str:
    """Return the warning for an object that exists, where the state of the stack could not be read."""
    return (
        f"{conflict}. The state of this stack could not be read to see whether it is of this stack. If it is not, "
        f"`pulumi up` will fail: {ways_on}."
    )


def not_checked(error: SpectrumError) -> str:
    """Return the warning that a preview checks nothing more, since the service did not answer."""
    return (
        f"This preview could not check the program against the project, and `pulumi up` may be refused: "
        f"{explain(error, 'check')}"
    )


def too_many_lists(most: int) -> str:
    """Return the warning that a preview has sent as many requests as it may."""
    return f"This preview has sent {most} requests, and sends no more: what is left is not checked against the project."


def not_listed_whole(plural: str) -> str:
    """Return the warning that a project has more objects than a preview reads."""
    return f"The project has more {plural} than a preview reads, so those that it has not read are not compared."
