"""Secrets for objects that a stack has already: an import cannot change the state of those, so they are put into it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from pulumi_spectrum.cli.given_secrets import GivenSecrets, sort_out
from pulumi_spectrum.cli.pulumi_cli import export_state, replace_state
from pulumi_spectrum.cli.state_file import StateResource, find_spectrum_resources, list_resources, wrap_secret
from pulumi_spectrum.kinds import Kind, Live
from pulumi_spectrum.spelling.property_names import to_snake


@dataclass(frozen=True)
class LateSecrets:
    """Secrets that were given for a resource of the stack."""

    given: GivenSecrets
    resource: StateResource


def split_late(
    files: Sequence[GivenSecrets], resources: Sequence[StateResource]
) -> tuple[list[LateSecrets], list[GivenSecrets]]:
    """Return the secrets for resources of a stack, and the others.

    Args:
        files: What was given.
        resources: The stack's resources of the project, without those that wait for their deletion.

    Raises:
        click.ClickException: Several resources are called so.
    """
    late, others = [], []
    for given in files:
        found = [each for each in resources if _are_for(given, each)]
        if len(found) > 1:
            raise click.ClickException(
                f"--secret was given for {given.of}, and several resources of the stack are called so. Give the id of "
                f"one: {', '.join(each.id for each in found)}."
            )
        late += [LateSecrets(given, each) for each in found]
        others += [] if found else [given]
    return late, others


def put_secrets(folder: Path, stack: str | None, kinds: Sequence[Kind], late: Sequence[LateSecrets]) -> None:
    """Put secrets into the outputs of a stack's resources, in one step. The CLI encrypts them.

    Args:
        folder: The project folder.
        stack: The stack, or None for the selected one.
        kinds: All kinds there are.
        late: The secrets.

    Raises:
        PulumiFailed: The state cannot be read or written, because a run holds the stack, for example.
        click.ClickException: A resource has such a secret already, it is an argument of the program, or the state has
            pending operations or was changed since it was read.
    """
    before = export_state(folder, stack)
    if before["deployment"].get("pending_operations"):
        raise click.ClickException(
            "The stack has pending operations, which Pulumi would forget. Run `pulumi-spectrum recover --yes` and "
            "`pulumi up`, and then this again."
        )
    state: dict[str, Any] = copy.deepcopy(dict(before))
    decrypted, _ = find_spectrum_resources(
        list_resources(export_state(folder, stack, show_secrets=True), "the stack"), kinds
    )
    present = {each.urn: each.outputs for each in decrypted if not each.is_leaving}
    for each in late:
        secrets = sort_out(each.resource.kind, each.given)
        _refuse_known(each.resource, secrets.keys(), present[each.resource.urn])
        for entry in list_resources(state, "the stack"):
            if entry["urn"] == each.resource.urn and not entry.get("delete"):
                entry["outputs"].update({name: wrap_secret(secret) for name, secret in secrets.items()})
    if not replace_state(folder, stack, before, state):
        raise click.ClickException("The stack was changed by a run meanwhile. Wait until it ends, and run this again.")


def _are_for(given: GivenSecrets, resource: StateResource) -> bool:
    return given.are_for(resource.kind, resource.name, Live(resource.id, dict(resource.outputs)))


def _refuse_known(resource: StateResource, names: Iterable[str], outputs: Mapping[str, Any]) -> None:
    """Refuse a secret that the state or the program has, since the new one may be the wrong one."""
    arguments = {*resource.kind.arguments()}
    for name in names:
        if name in arguments:
            raise click.ClickException(
                f'{to_snake(name)} of "{resource.name}" is an argument: set it in the program, and run `pulumi up`.'
            )
        if outputs.get(name):
            raise click.ClickException(
                f'The state has a {to_snake(name)} of "{resource.name}" already, and keeps it. Give a file without it.'
            )
