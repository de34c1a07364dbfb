"""How a resource's state is made of what the program wants, what the service tells, and what the state held before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.output import Unknown

from pulumi_spectrum.providers.lifecycle import Lifecycle

PROVIDER = "__provider"
MANAGED = "__managed"
"""The output that keeps the names of the inputs which the program has set: a refresh is handed old outputs only."""
CREATION = "__creation"
"""The output that tells apart two resources of the state that are the same object, one the owner before the other."""
LEFT = "__left"
"""The output that keeps the ids of the objects which the resource has moved away from, and which may still be there:
the engine deletes them only once a whole run succeeds, and does not tell the next run's diffs of them."""
PROJECT_ID = "projectId"


def visible(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that belong to the resource, without the engine's and our own hidden ones."""
    return {name: value for name, value in properties.items() if not name.startswith("__")}


def is_unknown(value: Any) -> bool:
    """Tell whether a value, or anything inside it, will be known only when other resources are made."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Mapping):
        return any(map(is_unknown, value.values()))
    return isinstance(value, list | tuple) and any(map(is_unknown, value))


def means_same(lifecycle: Lifecycle[Any], name: str, one: Any, other: Any) -> bool:
    """Tell whether two values of a property mean the same to the service."""
    same = lifecycle.same.get(name)
    return bool(one == other) if same is None else same(one, other)


def changed_inputs(lifecycle: Lifecycle[Any], olds: Mapping[str, Any], inputs: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the inputs that differ from what the state holds. What is not an input is not managed."""
    return frozenset(
        name
        for name, value in inputs.items()
        if is_unknown(value) or not means_same(lifecycle, name, olds.get(name), value)
    )


def merge_outputs(
    lifecycle: Lifecycle[Any],
    olds: Mapping[str, Any],
    told: Mapping[str, Any],
    inputs: Mapping[str, Any],
    *,
    settled: bool = True,
) -> dict[str, Any]:
    """Return the properties that the state will show.

    What the service tells goes over what the state held, so a one-time secret that is not told again stays. An input
    keeps the program's spelling where the service's means the same.

    Args:
        lifecycle: The kind's rules.
        olds: What the state held.
        told: What the service has told. A property that is None there is unset.
        inputs: What the program wants.
        settled: Whether all of that was done, so that it also holds for what the service does not tell.
    """
    as_spelled = {
        name: value
        for name, value in inputs.items()
        if (means_same(lifecycle, name, told[name], value) if name in told else settled)
    }
    outputs = {**visible(olds), **told, **as_spelled}
    return {name: value for name, value in outputs.items() if value is not None}


def complete_outputs(outputs: Mapping[str, Any], project_id: str, managed: Iterable[str]) -> dict[str, Any]:
    """Return all that the state holds of a managed resource: its properties, its project, its inputs' names."""
    return {**outputs, PROJECT_ID: project_id, MANAGED: sorted(managed)}


def outputs_after_read(lifecycle: Lifecycle[Any], olds: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that a refresh puts into the state.

    Args:
        lifecycle: The kind's rules.
        olds: What the state held, the names of the managed inputs included.
        told: What the service tells now.
    """
    was = {name: olds[name] for name in olds.get(MANAGED, ()) if olds.get(name) is not None}
    return merge_outputs(lifecycle, olds, told, was)
