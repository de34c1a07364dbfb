"""Messages about two resources that mean the same object of the service.

`noun` is the word for one object of the kind, `identified_by` the arguments by which the service tells its objects
apart (empty for a kind of which a project has only one), and `conflict` the kind's words for "such an object exists",
with its id.
"""

from __future__ import annotations

from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.spelling.urns import resource_name, stack_of


def held_by_itself(conflict: str) -> Refusal:
    """Return the refusal of a creation that meets the object of the very resource that it replaces."""
    return Refusal(
        f"{conflict}: it is this very resource, which is being replaced by force, and the new one is created first. "
        "Set the resource option delete_before_replace=True."
    )


def held_by_another(conflict: str, holder: str, *, noun: str, identified_by: str) -> Refusal:
    """Return the refusal of a creation that meets the object of another resource, whose URN is `holder`."""
    way_on = f"give one of them another {identified_by}, or remove this one" if identified_by else "remove this one"
    return Refusal(
        f'{conflict}: it is "{resource_name(holder)}" of this program, which stays as it is. Two resources cannot be '
        f"the same {noun}: {way_on}."
    )


def held_by_failed_move(conflict: str, holder: str, *, identified_by: str) -> Refusal:
    """Return the refusal of a creation whose object another resource was to move away from, and failed."""
    name = resource_name(holder)
    return Refusal(
        f'{conflict}: it is "{name}" of this program, which was to move to another {identified_by} and failed, so it '
        f'was left as it is. Mend what is said of "{name}"; `pulumi up` then goes on from here.'
    )


def held_by_unknown(conflict: str, holder: str, *, ways_on: str) -> Refusal:
    """Return the refusal of a creation that meets an object of a resource which the program may no longer declare.

    Only an object that is not of this stack may be imported or removed: doing so loses another resource's object.

    Args:
        conflict: As in the module.
        holder: The URN of the resource of this stack that holds the object, or an empty text.
        ways_on: What to do about an object that is not of this stack; the end of a sentence.
    """
    renamed = "after a rename, give this resource an alias"
    removed = "run `pulumi up --continue-on-error`, which deletes that one, and `pulumi up` once more"
    if holder:
        return Refusal(
            f'{conflict}: it is "{resource_name(holder)}" of this stack. If the program no longer declares that one: '
            f"{renamed}; else {removed}."
        )
    return Refusal(
        f"{conflict}, and no resource of this program is known to hold it. If it is of this stack: {renamed}; if "
        f"another resource held it that the program no longer declares, {removed}; under --replace or a "
        f"replacement_trigger, set the resource option delete_before_replace=True. If it is not: {ways_on}."
    )


def declared_twice(noun: str, identified_by: str, one: str, other: str) -> str:
    """Return the message for two resources of one provider that mean the same object. Both are given by name."""
    if not identified_by:
        return (
            f'"{one}" and "{other}" are the same {noun}, of which a project has only one. Remove one of them from the '
            "program."
        )
    return (
        f'"{one}" and "{other}" are the same {noun}: both have the same {identified_by}. Remove one of them from the '
        "program, or give it another value."
    )


def declared_elsewhere(noun: str, identified_by: str, first: str, second: str) -> str:
    """Return the message for resources of two providers or stacks that mean the same object. Both are given as URNs."""
    one, other = resource_name(first), resource_name(second)
    same = (
        f"both have the same {identified_by} in the same Spectrum project"
        if identified_by
        else "both are of the same Spectrum project, which has only one"
    )
    if stack_of(first) == stack_of(second):
        value = "another value or " if identified_by else ""
        return (
            f'"{one}" and "{other}" are the same {noun}, though they have different providers: {same}. Remove one of '
            f"them from the program, or give it {value}a provider of another project."
        )
    stacks = ["/".join(stack_of(urn)) for urn in (first, second)]
    return (
        f'"{one}" of the stack {stacks[0]}, which is being run on this machine at this moment, and "{other}" of the '
        f"stack {stacks[1]} are the same {noun}: {same}. Declare it in one of the two stacks only."
    )


def imported_twice(noun: str, object_id: str, one: str, other: str) -> str:
    """Return the message for two resources whose options `import_` name the same object. Both are given by name."""
    return (
        f'"{one}" and "{other}" are the same {noun}: both have the option import_ with the id {object_id}. Remove one '
        "of them from the program, or take its option out."
    )
