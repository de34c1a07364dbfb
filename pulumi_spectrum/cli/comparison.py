"""What differs between a state and the service, by the rules that a refresh follows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum.cli.state_file import StateResource
from pulumi_spectrum.cli.tables import reading
from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.lifecycle import Live
from pulumi_spectrum.providers.state import MANAGED, PROJECT_ID, changed_inputs, outputs_after_read, visible


@dataclass(frozen=True)
class PropertyDrift:
    """One property that differs. A secret's values are not in it."""

    name: str
    state: Any
    live: Any


@dataclass(frozen=True)
class Changed:
    """A resource whose object was changed behind its back."""

    resource: StateResource
    properties: tuple[PropertyDrift, ...]


@dataclass(frozen=True)
class Unmanaged:
    """An object of the service that no state knows."""

    project_id: str
    kind: Kind
    live: Live


@dataclass
class Comparison:
    """What a comparison found.

    Args:
        changed: Resources whose objects differ from the state.
        missing: Resources whose objects are gone.
        unmanaged: Objects that are in no state.
        unchecked: One sentence for each thing that could not be compared.
        compared: How many resources were compared.
    """

    changed: list[Changed] = field(default_factory=list)
    missing: list[StateResource] = field(default_factory=list)
    unmanaged: list[Unmanaged] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    compared: int = 0


def compare(
    resources: Sequence[StateResource],
    kinds: Sequence[Kind],
    spectrum: SpectrumClient,
    into: Comparison,
    *,
    is_wanted: Callable[[Kind, Live], bool] | None,
) -> None:
    """Compare one project with the resources of it that states know, in one listing for each area.

    Args:
        resources: The project's resources in all states.
        kinds: All kinds there are.
        spectrum: The project's API.
        into: Takes what is found.
        is_wanted: Tells of an unmanaged object whether it is known and wanted; None to look for no unmanaged ones.
    """
    for kind in kinds:
        in_states = [resource for resource in resources if resource.kind.name == kind.name]
        if not in_states and is_wanted is None:
            continue
        with reading(kind.area):
            listed = {live.id: live for live in kind.lifecycle.read_all(spectrum)}
        for resource in in_states:
            if not resource.is_leaving:
                _compare_one(resource, listed.get(resource.id) or kind.lifecycle.read(spectrum, resource.id), into)
        if is_wanted is not None:
            known = {resource.id for resource in in_states}
            into.unmanaged += [
                Unmanaged(spectrum.project_id, kind, live)
                for live in listed.values()
                if live.id not in known and not kind.lifecycle.is_there_by_itself(live) and not is_wanted(kind, live)
            ]


def properties_behind(resource: StateResource, live: Live) -> tuple[PropertyDrift, ...]:
    """Return what a refresh would show as changed: inputs of a managed resource, outputs of one that is only read."""
    outputs = outputs_after_read(resource.kind.lifecycle, resource.outputs, live.properties)
    managed = resource.outputs.get(MANAGED)
    if managed is None:
        old, new = visible(resource.outputs), {**outputs, PROJECT_ID: resource.project_id}
    else:
        old = visible(resource.inputs)
        new = {name: outputs[name] for name in managed if name in outputs}
        if not changed_inputs(resource.kind.lifecycle, outputs, old) and set(managed) == set(old):
            return ()
    if "*" in resource.ignored:
        return ()
    return tuple(
        PropertyDrift(name, *(_shown(name, side.get(name), resource.secret) for side in (old, new)))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name) and name not in resource.ignored
    )


def _compare_one(resource: StateResource, live: Live | None, into: Comparison) -> None:
    into.compared += 1
    if live is None:
        into.missing.append(resource)
        return
    hidden = sorted(resource.encrypted & _compared_names(resource.outputs, resource.inputs))
    if hidden:
        into.unchecked.append(
            f"{', '.join(hidden)} of {resource.urn}: the value is encrypted in the state. Give the stack with --stack "
            "instead of a file, so that it can be decrypted."
        )
    drift = tuple(each for each in properties_behind(resource, live) if each.name not in hidden)
    if drift:
        into.changed.append(Changed(resource, drift))


def _compared_names(outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> set[str]:
    return {*outputs.get(MANAGED, ()), *visible(inputs)}


def _shown(name: str, value: Any, secret: Collection[str]) -> Any:
    return "[secret]" if name in secret and value is not None else value
