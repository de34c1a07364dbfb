"""What a person is told when something is refused: what, where, and the command or setting that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pulumi_spectrum.client import (
    AnswerLost,
    CredentialsRefused,
    NotFound,
    PlanRefused,
    ServiceFailed,
    SpectrumError,
)
from pulumi_spectrum.providers.declarations import stack_of
from pulumi_spectrum.providers.lifecycle import Adoptable, Lifecycle
from pulumi_spectrum.providers.ownership import Standing, Verdict
from pulumi_spectrum.settings import SettingsError
from pulumi_spectrum.spelling.property_names import to_snake


class Refusal(Exception):
    """A rule of this package, and not the service, says no. The message is whole as it stands."""


def explain(error: SpectrumError | SettingsError | Refusal, operation: str) -> str:
    """Return the one message that the CLI shows for a failure.

    Args:
        error: What went wrong.
        operation: The engine's operation, such as `create` or `read`.
    """
    if isinstance(error, CredentialsRefused):
        advice = (
            "Check spectrum:projectId and spectrum:projectSecret (or SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET)."
        )
        if operation in ("read", "delete"):
            advice += (
                " The state is as it was. Refresh and destroy use the configuration of the last `pulumi up`: if the "
                "secret was rotated since, add --run-program."
            )
        return f"{error} {advice}"
    if isinstance(error, PlanRefused):
        return f"{error} The project's plan or one of its limits does not allow this."
    if isinstance(error, NotFound) and operation == "update":
        return f"{error} It may have been deleted by hand: run `pulumi refresh`, then `pulumi up` makes it again."
    if isinstance(error, SpectrumError) and error.maybe_done and operation == "create":
        return (
            f"{error} It may have been carried out all the same. It is safe to run the command again: should the "
            "object be there by then, the message names the ways on."
        )
    if isinstance(error, AnswerLost) or (isinstance(error, ServiceFailed) and (error.status or 0) >= 500):  # noqa: PLR2004
        return f"{error} It is safe to run the command again."
    return str(error)


def report_bug(operation: str, kind: str) -> str:
    """Return the line that goes above the traceback of a failure that is our own."""
    return f"This is a bug in pulumi-spectrum ({operation} of a {kind}). Please report it, with the traceback above."


def half_made(kind: str, resource_id: str, message: str) -> str:
    """The object is there, and not yet as wanted."""
    return (
        f"{message} The {kind} itself is there (id {resource_id}) and is in the state: `pulumi up` goes on from here."
    )


def wrong_project(kind: str, belongs_to: str, configured: str) -> Refusal:
    """The state's resource belongs to another project than the credentials."""
    return Refusal(
        f"This {kind} belongs to project {belongs_to}, but the credentials are of project {configured}. Nothing was "
        "sent for it, and it stays in the state. Set spectrum:projectId back, or give it its own spectrum.Provider; to "
        "move to the other project for good, destroy it with the old credentials first, or forget it with `pulumi "
        "state delete`."
    )


def no_such_object(kind: str, resource_id: str, project_id: str) -> Refusal:
    """A program looks up by `get` what is not there."""
    return Refusal(
        f"There is no {kind} with the id {resource_id} in project {project_id}. Check the id, and whether "
        "spectrum:projectId names the project that it belongs to."
    )


def already_there(
    lifecycle: Lifecycle[Any], conflict: Adoptable[Any], object_id: str | None, verdict: Verdict
) -> Refusal:
    """A creation has met an object with the same identity, and may not take it over.

    Only what is not of this stack may be imported or removed: doing that to another resource's object loses it.
    """
    holder = resource_name(verdict.holder)
    there = f"{conflict.already_there} (id {object_id or 'unknown'})"
    if verdict.standing is Standing.OWN:
        return Refusal(
            f"{there}: it is this very resource, which is being replaced by force, and the new one is created first. "
            "Set the resource option delete_before_replace=True."
        )
    if verdict.standing is Standing.KEPT:
        return Refusal(
            f'{there}: it is "{holder}" of this program, which stays as it is. Two resources cannot be the same '
            f"{lifecycle.noun}: give one of them another {lifecycle.identified_by}, or remove this one."
        )
    if verdict.standing is Standing.MOVE_FAILED:
        return Refusal(
            f'{there}: it is "{holder}" of this program, which was to move to another {lifecycle.identified_by} and '
            f'failed, so it was left as it is. Mend what is said of "{holder}"; `pulumi up` then goes on from here.'
        )
    renamed = "after a rename, give this resource an alias"
    removed = "run `pulumi up --continue-on-error`, which deletes that one, and `pulumi up` once more"
    if holder:
        return Refusal(
            f'{there}: it is "{holder}" of this stack. If the program no longer declares that one: {renamed}; else '
            f"{removed}."
        )
    return Refusal(
        f"{there}, and no resource of this program is known to hold it. If it is of this stack: {renamed}; if another "
        f"resource held it that the program no longer declares, {removed}; under --replace or a replacement_trigger, "
        f"set the resource option delete_before_replace=True. If it is not: {conflict.ways_on_after_conflict}."
    )


def resource_name(urn: str) -> str:
    """Return a resource's name in the program."""
    return urn.rsplit("::", 1)[-1]


def not_an_id(noun: str, parts: Sequence[str]) -> Refusal:
    """A program looks up, or an import names, an id that no object of the kind can have."""
    return Refusal(f"The id of a {noun} is {'/'.join(part.upper() for part in parts)}, so nothing was read. Check it.")


def newer_state(noun: str) -> Refusal:
    """The state of a resource has a format that this release does not read."""
    return Refusal(
        f"The state of this {noun} was written by a newer release of pulumi-spectrum. Nothing was changed. Upgrade "
        "pulumi-spectrum in the environment that runs the providers."
    )


def only_forgotten(noun: str) -> str:
    """Return the warning that a deletion has removed a resource from the state only."""
    return f"The API cannot delete this {noun}. It stays in the project as it is, and the state no longer has it."


def not_taken(kind: str, names: Iterable[str]) -> str:
    """Return the warning that the service answered a write with other values than were sent."""
    arguments = " and ".join(to_snake(name) for name in sorted(names))
    return (
        f"The service did not take {arguments} as given: its answer holds something else. The state shows what this "
        f"{kind} has now, so the next preview shows the difference. If `pulumi up` does not mend it, give the value "
        "that the service keeps, or leave the argument out."
    )


def declared_elsewhere(lifecycle: Lifecycle[Any], first: str, second: str) -> str:
    """Resources of two providers, or of two stacks, mean the same object. Both are given as URNs."""
    one, other = resource_name(first), resource_name(second)
    if stack_of(first) == stack_of(second):
        return (
            f'"{one}" and "{other}" are the same {lifecycle.noun}, though they have different providers: both have '
            f"the same {lifecycle.identified_by} in the same Spectrum project. Remove one of them from the program, or "
            "give it another value or a provider of another project."
        )
    stacks = ["/".join(stack_of(urn)) for urn in (first, second)]
    return (
        f'"{one}" of the stack {stacks[0]}, which is being run on this machine at this moment, and "{other}" of the '
        f"stack {stacks[1]} are the same {lifecycle.noun}: both have the same {lifecycle.identified_by} in the same "
        "Spectrum project. Declare it in one of the two stacks only."
    )


def declared_twice(kind: str, what: str, one: str, other: str) -> str:
    """Two resources of one program mean the same object."""
    if not what:
        return (
            f'"{one}" and "{other}" are the same {kind}, of which a project has only one. Remove one of them from the '
            "program."
        )
    return (
        f'"{one}" and "{other}" are the same {kind}: both have the same {what}. Remove one of them from the program, '
        "or give it another value."
    )
