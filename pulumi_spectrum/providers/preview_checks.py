"""What `pulumi up` would refuse, found out in a preview from a few lists of the project.

A preview that the program asks for it (`spectrum:checkInPreview`) has a hidden input in each resource: the engine does
not tell a provider whether it runs a preview. The engine checks a resource without its old inputs when it is about to
create the object, also in place of another one. So that check is the moment to look. What `pulumi up` would accept is
never refused: an object that the state holds may become free in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.messages.conflicts import held_by_another
from pulumi_spectrum.messages.imports import different_when_imported, missing_when_imported
from pulumi_spectrum.messages.previews import held_in_state, held_outside, perhaps_held_outside
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.inputs import NotKnownYet, partly_known
from pulumi_spectrum.providers.lifecycle import Adoptable, Lifecycle, Listable, Preexisting
from pulumi_spectrum.providers.ownership import Ownership, Standing
from pulumi_spectrum.providers.preview_obstacles import CheckedInPreview, CreationObstacle
from pulumi_spectrum.providers.project_seen import NotSeen, SeenInPreview, seen_project
from pulumi_spectrum.providers.stack_state import holder_in_state
from pulumi_spectrum.providers.state import different_inputs

if TYPE_CHECKING:
    from pulumi_spectrum.client.client_settings import ClientSettings


@dataclass(frozen=True)
class Planned:
    """A resource that the running check is about, and for which the engine is about to make an object.

    Args:
        known: Its inputs that are known.
        unknown: The names of the others.
        imported: The id of the object that it takes over in place of making one, or None.
        stack: The full name of its stack.
        has_made: Returns whether it has made an object in a run that was cut off, so that it takes it up.
    """

    known: Mapping[str, Any]
    unknown: frozenset[str]
    imported: str | None
    stack: str
    has_made: Callable[[str], bool]


def find_refused(
    lifecycle: Lifecycle[Any], ownership: Ownership, settings: ClientSettings, planned: Planned
) -> list[str]:
    """Return a sentence for each reason why `pulumi up` would refuse a creation, and show what is not sure as warnings.

    Args:
        lifecycle: The kind's rules.
        ownership: What this process knows of who holds which object of the kind.
        settings: Where the object will be.
        planned: The resource.

    Raises:
        CredentialsRefused: The credentials are not accepted.
    """
    project = seen_project(settings)
    if planned.imported is None:
        obstacles = _check_creation(lifecycle, ownership, project, planned)
    else:
        obstacles = _check_import(lifecycle, project, planned, planned.imported)
    refused = []
    with suppress(NotSeen, NotKnownYet):
        for obstacle in obstacles:
            if obstacle.certain:
                refused.append(obstacle.text)
            else:
                host.log(obstacle.text, warning=True)
    return refused


def _check_creation(
    lifecycle: Lifecycle[Any], ownership: Ownership, project: SeenInPreview, planned: Planned
) -> Iterator[CreationObstacle]:
    wanted = partly_known(lifecycle.inputs, planned.known, planned.unknown)
    if isinstance(lifecycle, Adoptable):
        with suppress(NotKnownYet):
            if not lifecycle.may_adopt(wanted):
                yield from _find_conflict(lifecycle, ownership, project, planned)
    if isinstance(lifecycle, CheckedInPreview):
        yield from lifecycle.check_creation(wanted, project)


def _find_conflict(
    lifecycle: Adoptable[Any], ownership: Ownership, project: SeenInPreview, planned: Planned
) -> Iterator[CreationObstacle]:
    """Yield what is said of the object that the creation will meet; nothing where it may be taken over."""
    identity = lifecycle.identity(planned.known)
    if identity is None:
        return
    met = project.with_identity(lifecycle, identity)
    obstacles = [_judge(lifecycle, ownership, object_id, planned) for object_id in met]
    if None not in obstacles:
        # The service may hold the identity more than once, in several spellings: the least sure is enough for a doubt.
        yield from sorted(filter(None, obstacles), key=lambda obstacle: obstacle.certain)[:1]


def _judge(
    lifecycle: Adoptable[Any], ownership: Ownership, object_id: str, planned: Planned
) -> CreationObstacle | None:
    """Return what stands in the way of taking over an object, or None where nothing does, or may in the end."""
    urn = host.running_urn()
    conflict = f"{lifecycle.already_there} (id {object_id})"
    verdict = ownership.known_now(object_id, urn)
    if verdict.standing is Standing.KEPT:
        refusal = held_by_another(conflict, verdict.holder, noun=lifecycle.noun, identified_by=lifecycle.identified_by)
        return CreationObstacle(str(refusal))
    if verdict.standing is not Standing.UNKNOWN or not urn or planned.has_made(object_id):
        return None
    holder = holder_in_state(planned.stack, urn, object_id)
    if holder is None:
        return CreationObstacle(perhaps_held_outside(conflict, lifecycle.ways_on_after_conflict), certain=False)
    if not holder:
        return CreationObstacle(held_outside(conflict, lifecycle.ways_on_after_conflict))
    return None if holder == urn else CreationObstacle(held_in_state(conflict, holder), certain=False)


def _check_import(
    lifecycle: Lifecycle[Any], project: SeenInPreview, planned: Planned, object_id: str
) -> Iterator[CreationObstacle]:
    """Yield why the object cannot be imported."""
    noun = lifecycle.noun
    if not isinstance(lifecycle, Listable):
        return
    listed = project.listed(lifecycle)
    live = next((each for each in listed.objects if each.id == object_id), None)
    if live is not None:
        names = different_inputs(lifecycle.inputs, live.properties, planned.known, planned.known)
        if names:
            yield CreationObstacle(str(different_when_imported(noun, object_id, names)))
    elif listed.complete and not isinstance(lifecycle, Preexisting):
        yield CreationObstacle(str(missing_when_imported(noun, object_id, project.project_id)))
