"""The differences between a state and the service, by the same rules as a refresh."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.state_file import StateResource
from pulumi_spectrum.kinds import Kind, Live


@dataclass(frozen=True)
class PropertyDrift:
    """One property that differs, with masks in place of a secret's values."""

    name: str
    state: Any
    live: Any


@dataclass(frozen=True)
class Changed:
    """A resource whose object was changed outside Pulumi."""

    resource: StateResource
    properties: tuple[PropertyDrift, ...]


@dataclass(frozen=True)
class Unmanaged:
    """An object of the service that is in no state."""

    project_id: str
    kind: Kind
    live: Live


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Args:
        changed: Resources whose objects differ from the state.
        missing: Resources whose objects are gone.
        unmanaged: Objects that are in no state.
        unchecked: One message for each resource, property or project that could not be compared.
        compared: How many resources were compared.
    """

    changed: tuple[Changed, ...] = ()
    missing: tuple[StateResource, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    unchecked: tuple[str, ...] = ()
    compared: int = 0


def combine(comparisons: Iterable[Comparison]) -> Comparison:
    """Return one comparison with what several have found, in their order."""
    each = tuple(comparisons)
    return Comparison(
        changed=tuple(changed for one in each for changed in one.changed),
        missing=tuple(missing for one in each for missing in one.missing),
        unmanaged=tuple(unmanaged for one in each for unmanaged in one.unmanaged),
        unchecked=tuple(sentence for one in each for sentence in one.unchecked),
        compared=sum(one.compared for one in each),
    )


def compare(
    resources: Sequence[StateResource],
    kinds: Sequence[Kind],
    project: LiveProject,
    *,
    is_ignored: Callable[[Kind, Live], bool] | None,
) -> Comparison:
    """Compare one project with its resources in the states. One list is requested for each area.

    Args:
        resources: The project's resources in all states.
        kinds: All kinds.
        project: The project.
        is_ignored: Returns whether an unmanaged object is left out of the report; None to look for no unmanaged ones.
    """
    return combine(
        _compare_kind(kind, in_states, project, is_ignored)
        for kind in kinds
        if (in_states := [each for each in resources if each.kind.key == kind.key]) or is_ignored is not None
    )


def _compare_kind(
    kind: Kind,
    resources: Sequence[StateResource],
    project: LiveProject,
    is_ignored: Callable[[Kind, Live], bool] | None,
) -> Comparison:
    if not kind.is_listed:
        unlisted = f"The {kind.plural} {', '.join(each.id for each in resources)}: the API does not list them."
        return Comparison(unchecked=(unlisted,) if resources else ())
    listed = {live.id: live for live in project.read_all(kind)}
    in_states = combine(
        _compare_one(each, listed.get(each.id) or project.read(kind, each.id))
        for each in resources
        if not each.is_leaving
    )
    if is_ignored is None:
        return in_states
    known = {each.id for each in resources}
    unmanaged = tuple(
        Unmanaged(project.id, kind, live)
        for live in listed.values()
        if live.id not in known and not kind.is_preexisting(live) and not is_ignored(kind, live)
    )
    return combine([in_states, Comparison(unmanaged=unmanaged)])


def _compare_one(resource: StateResource, live: Live | None) -> Comparison:
    if live is None:
        return Comparison(missing=(resource,), compared=1)
    hidden = sorted(resource.encrypted & resource.kind.compared(resource.inputs, resource.outputs))
    drift = tuple(each for each in _find_drift(resource, live) if each.name not in hidden)
    unchecked = (
        f"{', '.join(hidden)} of {resource.urn}: the value is encrypted in the state. Give the stack with --stack "
        "instead of a file, so that it can be decrypted."
    )
    return Comparison(
        changed=(Changed(resource, drift),) if drift else (), unchecked=(unchecked,) if hidden else (), compared=1
    )


def _find_drift(resource: StateResource, live: Live) -> Iterator[PropertyDrift]:
    """Yield the properties that a refresh would show as changed, without those in the resource's `ignore_changes`."""
    if "*" not in resource.ignored:
        for name, values in resource.kind.drifted(resource.inputs, resource.outputs, live).items():
            if name not in resource.ignored:
                yield PropertyDrift(name, *(_shown(name, value, resource.secret) for value in values))


def _shown(name: str, value: Any, secret: Collection[str]) -> Any:
    return "[secret]" if name in secret and value is not None else value
