"""Messages about one resource that was created in part, belongs to another project, or does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.spelling.property_names import to_snake

_WRITTEN_BY_NEWER = (
    "was written by a newer release of pulumi-spectrum. Nothing was changed. Upgrade pulumi-spectrum in the "
    "environment that runs the providers."
)
_IF_NEVER_TAKEN = "If `pulumi up` does not mend it, give the value that the service keeps, or leave the argument out."


def partially_created(noun: str, resource_id: str, failure: str) -> str:
    """Return the message of an object that was created or changed in part, and is recorded in the state."""
    return (
        f"{failure} The {noun} exists (id {resource_id}) and is recorded in the state. Run `pulumi up` to finish "
        "setting it up."
    )


def wrong_project(noun: str, belongs_to: str, configured: str) -> Refusal:
    """Return the refusal of an operation whose credentials are those of another project than the resource's."""
    return Refusal(
        f"This {noun} belongs to project {belongs_to}, but the credentials are of project {configured}. Nothing was "
        "sent for it, and it stays in the state. Set spectrum:projectId back, or give it its own spectrum.Provider; to "
        "move to the other project for good, destroy it with the old credentials first, or forget it with `pulumi "
        "state delete`."
    )


def no_such_object(noun: str, resource_id: str, project_id: str) -> Refusal:
    """Return the refusal of a `get` with an id that the project does not have."""
    return Refusal(
        f"There is no {noun} with the id {resource_id} in project {project_id}. Check the id, and whether "
        "spectrum:projectId names the project that it belongs to."
    )


def not_an_id(noun: str, parts: Sequence[str]) -> Refusal:
    """Return the refusal of a `get`, or of an import, with an id that no object of the kind can have."""
    return Refusal(f"The id of a {noun} is {'/'.join(part.upper() for part in parts)}, so nothing was read. Check it.")


def newer_state(noun: str) -> Refusal:
    """Return the refusal to touch a resource whose state has a format that this release does not read."""
    return Refusal(f"The state of this {noun} {_WRITTEN_BY_NEWER}")


def unknown_kind(key: str, version: str) -> str:
    """Return the message for a resource of a kind that this release does not have."""
    return (
        f"This resource is of the kind {key}, which pulumi-spectrum {version} does not have: its state "
        f"{_WRITTEN_BY_NEWER}"
    )


def only_forgotten(noun: str) -> str:
    """Return the warning that a deletion has removed a resource from the state only."""
    return f"The API cannot delete this {noun}. It stays in the project as it is, and the state no longer has it."


def not_taken(noun: str, names: Iterable[str]) -> str:
    """Return the warning that the service answered a write with other values than were sent."""
    arguments = " and ".join(to_snake(name) for name in sorted(names))
    return (
        f"The service did not take {arguments} as given: its answer holds something else. The state shows what this "
        f"{noun} has now, so the next preview shows the difference. {_IF_NEVER_TAKEN}"
    )


def still_to_be_set(noun: str, names: Iterable[str]) -> str:
    """Return the warning of a preview that an update is due although the program has not changed."""
    arguments = " and ".join(to_snake(name) for name in sorted(names))
    return (
        f"This {noun} does not have {arguments} as given, since the last `pulumi up` could not set that. The next one "
        f"tries again. {_IF_NEVER_TAKEN}"
    )


def nested_too_deeply(noun: str, depth: int) -> Refusal:
    """Return the refusal of properties that no request could hold."""
    return Refusal(
        f"A property of the {noun} is nested more than {depth} levels deep, which the API has no use for. Give it a "
        "flatter value."
    )
