"""The document for `pulumi import --file`, from which the engine takes whole states without asking the service."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum.cli.state_file import wrap_secret
from pulumi_spectrum.cli.state_providers import StateProvider
from pulumi_spectrum.kinds import Kind, Live


@dataclass(frozen=True)
class Entry:
    """One object that is taken over.

    Args:
        kind: Its kind.
        name: The resource's name.
        live: What the service holds.
        inputs: What the program gives it, defaults and secrets included.
        secrets: Secrets that were given for it, by the output that holds each.
        outputs: What the provider itself would have put into the state, those secrets included.
    """

    kind: Kind
    name: str
    live: Live
    inputs: Mapping[str, Any] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    outputs: Mapping[str, Any] = field(repr=False)

    @property
    def holds_secrets(self) -> bool:
        """Whether a secret is in it, in plain text."""
        return not self.kind.secret_outputs.isdisjoint(self.outputs)


def write_import_file(entries: Sequence[Entry], provider: StateProvider | None = None) -> str:
    """Return the document.

    Args:
        entries: What is taken over.
        provider: The explicit provider, if the resources are given one.
    """
    document: dict[str, Any] = {"resources": [_write_entry(entry, provider) for entry in entries]}
    if provider is not None:
        document = {"nameTable": {provider.name: provider.urn}, **document}
    return json.dumps(document, indent=2) + "\n"


def _write_entry(entry: Entry, provider: StateProvider | None) -> dict[str, Any]:
    inputs, outputs = (
        {name: wrap_secret(value) if name in entry.kind.secret_outputs else value for name, value in each.items()}
        for each in (entry.inputs, entry.outputs)
    )
    written: dict[str, Any] = {"type": entry.kind.type_token, "name": entry.name, "id": entry.live.id}
    if provider is not None:
        written["provider"] = provider.name
    return {**written, "inputs": entry.kind.as_written(inputs), "outputs": entry.kind.as_written(outputs)}
