"""How a resource's state is made of what the program wants, what the API returns, and what the state held before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.output import Unknown

from pulumi_spectrum.providers.bookkeeping import PROJECT_ID, Bookkeeping, visible
from pulumi_spectrum.providers.inputs import ResourceInputs
from pulumi_spectrum.providers.properties import means_same, properties_of

Declared = type[ResourceInputs]


def is_unknown(value: Any) -> bool:
    """Return whether a value, or anything inside it, will be known only when other resources are made."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Mapping):
        return any(map(is_unknown, value.values()))
    return isinstance(value, list | tuple) and any(map(is_unknown, value))


def known_and_unknown(inputs: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the inputs whose values are known, and the names of the others."""
    unknown = frozenset(name for name, value in inputs.items() if is_unknown(value))
    return {name: value for name, value in inputs.items() if name not in unknown}, unknown


def changed_inputs(declared: Declared, olds: Mapping[str, Any], inputs: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the inputs that differ from what the state holds. What is not an input is not managed."""
    return frozenset(
        name
        for name, value in inputs.items()
        if olds.get(name) != value and (is_unknown(value) or not means_same(declared, name, olds.get(name), value))
    )


def different_inputs(
    declared: Declared, live: Mapping[str, Any], inputs: Mapping[str, Any], names: Iterable[str]
) -> frozenset[str]:
    """Return those of the named inputs that the API has returned with a value that means something else."""
    facts, found = properties_of(declared), _managed_parts(declared, live, inputs)
    return frozenset(
        name
        for name in names
        if name in found and not facts[name].write_only and not means_same(declared, name, found[name], inputs[name])
    )


def merge_outputs(
    declared: Declared,
    olds: Mapping[str, Any],
    live: Mapping[str, Any],
    inputs: Mapping[str, Any],
    *,
    settled: bool = True,
) -> dict[str, Any]:
    """Return the properties that the state will show.

    What the API returns goes over what the state held, so a one-time secret that is not returned again stays. An input
    keeps the program's spelling where the API's means the same.

    Args:
        declared: The kind's arguments.
        olds: What the state held.
        live: What the API has returned. A property that is None there is unset.
        inputs: What the program wants.
        settled: Whether all of that was done, so that it also holds for what the API does not return.
    """
    found = {**_unset_by_other_output(declared, live), **_managed_parts(declared, live, inputs)}
    as_spelled = {
        name: value
        for name, value in inputs.items()
        if (means_same(declared, name, found[name], value) if name in found else settled)
    }
    outputs = {**visible(olds), **found, **as_spelled}
    return {name: value for name, value in outputs.items() if value is not None}


def complete_outputs(outputs: Mapping[str, Any], project_id: str, bookkeeping: Bookkeeping) -> dict[str, Any]:
    """Return all that the state holds of a managed resource: its properties, its project and the bookkeeping."""
    return {**outputs, PROJECT_ID: project_id, **bookkeeping.as_output()}


def outputs_after_read(
    declared: Declared, olds: Mapping[str, Any], live: Mapping[str, Any], managed: Iterable[str]
) -> dict[str, Any]:
    """Return the properties that a refresh puts into the state.

    Args:
        declared: The kind's arguments.
        olds: What the state held.
        live: What the API returns now.
        managed: The names of the managed inputs.
    """
    was = {name: olds[name] for name in managed if olds.get(name) is not None}
    return merge_outputs(declared, olds, live, was)


def _managed_parts(declared: Declared, live: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the API has returned, and of each input only the part that the program manages."""
    parts = {
        name: each.managed_part(live[name], inputs)
        for name, each in properties_of(declared).items()
        if each.managed_part is not None and name in inputs and live.get(name) is not None
    }
    return {**live, **parts}


def _unset_by_other_output(declared: Declared, live: Mapping[str, Any]) -> dict[str, None]:
    """Return the write-only arguments, of which another output says that the object has no value for them."""
    facts = properties_of(declared)
    return {name: None for name, each in facts.items() if each.shown_by in live and not live[each.shown_by]}
