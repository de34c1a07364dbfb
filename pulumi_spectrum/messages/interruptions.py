"""Messages about what a run that was cut off has left. `noun` is the word for one object of the kind."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi_spectrum.messages.failures import Refusal


def taken_up(noun: str, object_id: str, how: str) -> str:
    """Return the line that says that a resource takes up what an earlier run has created for it.

    Args:
        noun: As in the module.
        object_id: The object's id.
        how: What is done with the object; the end of a sentence.
    """
    return f"An earlier run was cut off after it had created this {noun} (id {object_id}): {how}."


def several_left(noun: str, plural: str, object_ids: Iterable[str]) -> Refusal:
    """Return the refusal of a creation after an earlier run was cut off, where several objects are new since."""
    return Refusal(
        f"An earlier run was cut off while it created this {noun}, and more than one of the project's {plural} is new "
        f"since and in no resource of this program: {', '.join(object_ids)}. Nothing was sent. If one of them is of "
        "this resource, set its resource option import_ to the id. If none is, run `pulumi up` again, which creates "
        "another one."
    )


OF_THE_SAME_NAME = "with the name that this one is given"


def perhaps_left(noun: str, object_id: str, looks: str) -> str:
    """Return the warning before a creation that an object may have been left by a run that was cut off.

    Args:
        noun: As in the module.
        object_id: The object's id.
        looks: What gives it away, such as "without a name".
    """
    return (
        f"The project has a {noun} {looks} (id {object_id}) that is less than a day old and in no resource of "
        f"this program: an earlier run that was cut off may have created it. One more {noun} is created now. To keep "
        f'that one too, declare it with the resource option import_="{object_id}"; else delete it.'
    )
