"""Messages for look-ups that a program cannot go on from. The look-up and its argument are passed in by name."""

from __future__ import annotations

from collections.abc import Sequence


def nothing_found(function: str, noun: str, argument: str) -> str:
    """Return the message of a look-up that finds no object."""
    return f"{function}: no active {noun} of the project has this {argument}."


def several_found(
    function: str, plural: str, argument: str, ids: Sequence[str], *, difference: str, way_on: str
) -> str:
    """Return the message of a look-up that finds more than one object.

    Args:
        function: The look-up.
        plural: The word for several of the objects.
        argument: What they were looked up by.
        ids: Their ids.
        difference: How they differ, such as `on different lines`.
        way_on: What to do instead, as a sentence.
    """
    return f"{function}: {len(ids)} {plural} have this {argument}, {difference} ({', '.join(ids)}). {way_on}"


def deployment_too_old(ability: str) -> str:
    """Return the message for a deployment of the service that lacks an operation."""
    return f"This Spectrum deployment is too old to {ability}."


def credentials_are_outputs(example: str) -> str:
    """Return the message of a look-up whose credentials are Outputs. `example` is a look-up that waits for them."""
    return (
        "A look-up needs credentials that are known text, and those of this spectrum.Provider are Outputs. Use its "
        f"twin that ends in _output, such as {example}, which waits for them."
    )
