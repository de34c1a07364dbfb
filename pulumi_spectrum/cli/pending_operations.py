"""The operations that a stack's state has as pending: those under way when the run that wrote it was killed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pulumi_spectrum.cli.pulumi_cli import export_state
from pulumi_spectrum.cli.state_file import (
    SPECTRUM_TYPE_PREFIX,
    StateResource,
    find_spectrum_resources,
    list_resources,
)
from pulumi_spectrum.cli.state_providers import StateProvider, find_providers
from pulumi_spectrum.kinds import Kind, visible
from pulumi_spectrum.spelling.urns import provider_urn

CREATING = "creating"


@dataclass(frozen=True)
class PendingOperation:
    """An operation on one Spectrum resource whose outcome the state does not have.

    Args:
        does: The engine's word, such as `creating` or `updating`.
        resource: The resource that it is about, its secrets decrypted. One that is being created has no id and outputs.
        entry: The same as the state holds it.
        provider: The explicit provider that it is of, or None.
        project_id: The Spectrum project that its provider is for, or None where the state does not say.
        made_since: The id of the resource of this URN that the state has in spite of the creation, or None.
    """

    does: str
    resource: StateResource
    entry: Mapping[str, Any] = field(repr=False)
    provider: StateProvider | None = None
    project_id: str | None = None
    made_since: str | None = None

    @property
    def kind(self) -> Kind:
        """The kind of the resource."""
        return self.resource.kind

    @property
    def inputs(self) -> dict[str, Any]:
        """The inputs, without the hidden ones."""
        return visible(self.resource.inputs)

    @property
    def is_creation(self) -> bool:
        """Whether an object may exist that no state knows."""
        return self.does == CREATING


@dataclass(frozen=True)
class PendingStack:
    """A stack, with its pending operations.

    Args:
        name: The stack's name as it was given, or None for the selected one.
        state: Its state, with secrets encrypted.
        known: The Spectrum resources in it.
        operations: The pending operations on resources that this release knows.
        unknown: The URNs of Spectrum resources with a pending creation that this release does not know.
        others: The URNs of other resources with a pending creation.
        written_at: When the state was last written.
    """

    name: str | None
    state: Mapping[str, Any] = field(repr=False)
    known: Sequence[StateResource]
    operations: Sequence[PendingOperation]
    unknown: Sequence[str]
    others: Sequence[str]
    written_at: datetime | None

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"stack {self.name}" if self.name else "the selected stack"


def read_pending(folder: Path, stack: str | None, kinds: Sequence[Kind]) -> PendingStack:
    """Return a stack's pending operations. Its state is decrypted only if an operation has a secret input.

    Raises:
        PulumiFailed: No stack is selected, or its state cannot be read.
    """
    state = export_state(folder, stack)
    pending = find_pending(stack, state, state, kinds)
    if any(each.resource.encrypted for each in pending.operations if each.is_creation):
        return find_pending(stack, state, export_state(folder, stack, show_secrets=True), kinds)
    return pending


def find_pending(
    stack: str | None, state: Mapping[str, Any], decrypted: Mapping[str, Any], kinds: Sequence[Kind]
) -> PendingStack:
    """Return the pending operations in a state.

    Args:
        stack: The stack's name as it was given, or None for the selected one.
        state: What `pulumi stack export` prints.
        decrypted: The same, where secrets have to be read in plain text.
        kinds: All kinds there are.
    """
    resources = list_resources(state, f"stack {stack}" if stack else "the selected stack")
    known, _ = find_spectrum_resources(resources, kinds)
    providers = find_providers(list_resources(decrypted, "the stack"))
    operations, unknown, others = [], [], []
    in_plain_text = decrypted["deployment"].get("pending_operations") or ()
    for operation, plain in zip(state["deployment"].get("pending_operations") or (), in_plain_text, strict=True):
        entry = operation["resource"]
        found, of_unknown_type = find_spectrum_resources([plain["resource"]], kinds)
        is_creation = operation["type"] == CREATING
        if found:
            made_since = next((each.id for each in known if each.urn == entry["urn"] and not each.is_leaving), None)
            reference = str(entry.get("provider", ""))
            provider = next((each for each in providers if each.urn == provider_urn(reference)), None)
            project_id = _project_of(reference, resources, known)
            operations.append(PendingOperation(operation["type"], found[0], entry, provider, project_id, made_since))
        elif of_unknown_type and is_creation:
            unknown.append(str(entry["urn"]))
        elif is_creation:
            others.append(str(entry["urn"]))
    return PendingStack(stack, state, known, operations, unknown, others, _time_of(state))


def count_pending(state: Mapping[str, Any]) -> int:
    """Return how many operations on Spectrum resources a state has as pending."""
    operations = state["deployment"].get("pending_operations") or ()
    return sum(str(each["resource"]["type"]).startswith(SPECTRUM_TYPE_PREFIX) for each in operations)


def _project_of(provider: str, resources: Sequence[Mapping[str, Any]], known: Sequence[StateResource]) -> str | None:
    """Return the project that a provider is for: the one that its inputs name, or that of its other resources."""
    urn = provider_urn(provider)
    inputs = next((each.get("inputs") or {} for each in resources if each["urn"] == urn), {})
    if isinstance(inputs.get("spectrum:projectId"), str):
        return str(inputs["spectrum:projectId"])
    beside = {str(each["urn"]) for each in resources if each.get("provider") == provider}
    return next((each.project_id for each in known if each.urn in beside and each.project_id), None)


def _time_of(state: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str((state["deployment"].get("manifest") or {}).get("time")))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
