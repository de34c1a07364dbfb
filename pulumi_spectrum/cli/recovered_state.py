"""The state of a stack once its pending operations are settled, as the engine would have written it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_spectrum.cli.pending_operations import PendingOperation
from pulumi_spectrum.cli.state_file import wrap_secret
from pulumi_spectrum.kinds import Live


def settle(state: Mapping[str, Any], made: Sequence[tuple[PendingOperation, Live, str]]) -> dict[str, Any]:
    """Return a state without pending operations, in which each object that one of them made is a resource.

    Args:
        state: The state, as `pulumi stack export` prints it.
        made: The creations that made an object, each with the object and the id of its project.
    """
    settled: dict[str, Any] = copy.deepcopy(dict(state))
    settled["deployment"].pop("pending_operations", None)
    resources = settled["deployment"]["resources"] = settled["deployment"].get("resources") or []
    for operation, live, project_id in made:
        _put(resources, {**operation.entry, **_recorded(operation, live, project_id)})
    return settled


def exchange(
    state: Mapping[str, Any], operation: PendingOperation, old_id: str, live: Live, project_id: str
) -> dict[str, Any] | None:
    """Return a state in which a resource has another object, or None where it does not have the old one any more."""
    exchanged: dict[str, Any] = copy.deepcopy(dict(state))
    for entry in exchanged["deployment"].get("resources") or ():
        if (entry["urn"], entry.get("id"), bool(entry.get("delete"))) == (operation.resource.urn, old_id, False):
            entry.update(_recorded(operation, live, project_id))
            return exchanged
    return None


def _recorded(operation: PendingOperation, live: Live, project_id: str) -> dict[str, Any]:
    """Return what a refresh would leave in a resource's entry: the id, the outputs, and the inputs that the object has.

    An input that the killed run had not set yet is left out, or is as the object has it: the engine compares inputs,
    and the next `up` would not set one that it finds in the state.
    """
    kind, secret = operation.kind, operation.resource.secret
    outputs = kind.as_written(kind.outputs_for(live, operation.inputs, {}, project_id))
    written = {name: wrap_secret(value) if name in secret else value for name, value in outputs.items()}
    as_given = operation.entry.get("inputs") or {}
    hidden = {name: value for name, value in as_given.items() if name not in operation.inputs}
    inputs = {
        name: as_given[name] if outputs[name] == value else written[name]
        for name, value in operation.inputs.items()
        if name in outputs
    }
    return {"id": live.id, "inputs": {**hidden, **inputs}, "outputs": written}


def _put(resources: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """Add a resource after all that it depends on, or in the place of the one that was deleted to make room for it."""
    for index, each in enumerate(resources):
        if each["urn"] == entry["urn"] and each.get("pendingReplacement"):
            resources[index] = entry
            return
    resources.append(entry)
