"""The document for `pulumi import --file`, from which the engine takes whole states without asking the service."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_spectrum.cli.state_file import wrap_secret
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.lifecycle import Live
from pulumi_spectrum.providers.state import PROVIDER, complete_outputs, merge_outputs


@dataclass(frozen=True)
class Entry:
    """One object that is taken over.

    Args:
        kind: Its kind.
        name: The resource's name.
        live: What the service tells of it.
        inputs: What the program gives it, defaults included.
        secrets: One-time secrets that somebody has kept, by the output that holds each.
    """

    kind: Kind
    name: str
    live: Live
    inputs: Mapping[str, Any]
    secrets: Mapping[str, str]


def outputs_of(entry: Entry, project_id: str) -> dict[str, Any]:
    """Return the outputs that the provider itself would have put into the state."""
    outputs = merge_outputs(entry.kind.lifecycle, entry.secrets, entry.live.properties, entry.inputs)
    return complete_outputs(outputs, project_id, entry.inputs)


def write_import_file(entries: Sequence[Entry], project_id: str, provider: tuple[str, str] | None = None) -> str:
    """Return the document.

    Args:
        entries: What is taken over.
        project_id: The Spectrum project that it belongs to.
        provider: The explicit provider's name and URN, if the resources are given one.
    """
    document: dict[str, Any] = {"resources": [_write_entry(entry, project_id, provider) for entry in entries]}
    if provider is not None:
        document = {"nameTable": {provider[0]: provider[1]}, **document}
    return json.dumps(document, indent=2) + "\n"


def _write_entry(entry: Entry, project_id: str, provider: tuple[str, str] | None) -> dict[str, Any]:
    reference = {PROVIDER: entry.kind.reference()}
    outputs = {
        name: wrap_secret(value) if name in entry.kind.secret_outputs else value
        for name, value in outputs_of(entry, project_id).items()
    }
    written: dict[str, Any] = {"type": entry.kind.type_token, "name": entry.name, "id": entry.live.id}
    if provider is not None:
        written["provider"] = provider[0]
    return {**written, "inputs": {**entry.inputs, **reference}, "outputs": {**outputs, **reference}}
