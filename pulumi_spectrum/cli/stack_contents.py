"""What a stack has already, so that `adopt` neither takes it over again nor uses its names twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from pulumi_spectrum.cli.pulumi_cli import export_state
from pulumi_spectrum.cli.state_file import StateResource, find_spectrum_resources, list_resources
from pulumi_spectrum.cli.state_providers import StateProvider, find_providers
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.spelling.urns import resource_name

NOT_DECLARED = ("pulumi:pulumi:Stack", "pulumi:providers:")
"""What the types of resources begin with that the engine itself puts into a state."""


@dataclass(frozen=True)
class StackContents:
    """What is in a stack's state. Without arguments: nothing, as in a stack that is still to be made.

    Args:
        names: The names of all resources.
        spectrum: The Spectrum resources.
        declared: How many resources the program declares.
        providers: The explicit providers, by their names.
    """

    names: frozenset[str] = frozenset()
    spectrum: Sequence[StateResource] = ()
    declared: int = 0
    providers: Mapping[str, StateProvider] = field(default_factory=dict)

    def staying(self, project_id: str) -> list[StateResource]:
        """Return the resources of a project that do not wait for their deletion."""
        return [each for each in self._of(project_id) if not each.is_leaving]

    def ids(self, project_id: str) -> set[tuple[str, str]]:
        """Return the kind's key and the id of each object of a project that the stack has.

        Those that wait for their deletion are among them. Ids are compared within a project, since some
        kinds have the same ids in each.
        """
        return {(each.kind.key, each.id) for each in self._of(project_id)}

    def leaving(self, project_id: str) -> list[StateResource]:
        """Return the resources of a project that wait for their deletion, and that no other resource has taken over."""
        staying = {(each.kind.key, each.id) for each in self.staying(project_id)}
        return [each for each in self._of(project_id) if each.is_leaving and (each.kind.key, each.id) not in staying]

    def provider(self, name: str) -> StateProvider:
        """Return an explicit provider.

        Raises:
            click.ClickException: The stack has none of that name.
        """
        if name not in self.providers:
            raise click.ClickException(
                f'The stack has no spectrum.Provider named "{name}". Add it to the program and run `pulumi up`, so '
                "that the import finds it in the state."
            )
        return self.providers[name]

    def _of(self, project_id: str) -> Iterator[StateResource]:
        """Yield the resources of a project, and those whose project the state does not say."""
        return (each for each in self.spectrum if each.project_id in (project_id, None))


def read_stack(folder: Path, stack: str | None, kinds: Sequence[Kind]) -> StackContents:
    """Return what a stack's state holds.

    Raises:
        PulumiFailed: No stack is selected, or its state cannot be read.
    """
    resources = list_resources(export_state(folder, stack), "the stack")
    urns = [str(each["urn"]) for each in resources]
    return StackContents(
        names=frozenset(resource_name(urn) for urn in urns),
        spectrum=find_spectrum_resources(resources, kinds)[0],
        declared=sum(not (each.get("delete") or str(each["type"]).startswith(NOT_DECLARED)) for each in resources),
        providers={each.name: each for each in find_providers(resources)},
    )
