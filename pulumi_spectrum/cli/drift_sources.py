"""What `drift` compares: the resources of stacks and state files, each with the credentials of its project."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from pulumi_spectrum.cli.credentials import find_settings
from pulumi_spectrum.cli.known_projects import KnownProject, KnownProjects, know_projects
from pulumi_spectrum.cli.pulumi_cli import export_state
from pulumi_spectrum.cli.state_file import StateResource, find_spectrum_resources, list_resources
from pulumi_spectrum.cli.state_providers import StateProvider, find_providers
from pulumi_spectrum.client import SettingsRefused
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.text_files import read_text


@dataclass(frozen=True)
class Source:
    """A stack, or a file with a stack's state.

    Args:
        name: What it is called in a message.
        resources: Its Spectrum resources.
        unknown_types: Types of Spectrum resources in it that this release does not know.
        projects: The projects whose credentials are known.
    """

    name: str
    resources: Sequence[StateResource]
    unknown_types: Sequence[str]
    projects: KnownProjects


@dataclass(frozen=True)
class ProjectResources:
    """One project, and its resources in all sources.

    Args:
        known: The project's credentials.
        resources: The resources of all sources that belong to it.
    """

    known: KnownProject
    resources: list[StateResource] = field(default_factory=list)


def read_sources(
    folder: Path,
    stacks: Sequence[str],
    state_files: Sequence[Path],
    kinds: Sequence[Kind],
    config_file: Path | None,
) -> list[Source]:
    """Return the given stacks and state files, or the selected stack where none is given.

    Raises:
        PulumiFailed: A stack cannot be read.
        SettingsRefused: A stack has no credentials, or invalid ones.
        UnreadableText: A file is not text.
        click.ClickException: A file is not a state.
    """
    sources = []
    chosen: list[str | None] = list(stacks) if stacks or state_files else [None]
    for stack in chosen:
        name = f"stack {stack}" if stack else "the selected stack"
        held = _read(export_state(folder, stack), name, kinds)
        try:
            outside = find_settings(folder, stack, config_file)
        except SettingsRefused as error:
            if not held.has_all_credentials:
                raise SettingsRefused(f"Stack {stack}: {error}" if len(stacks) > 1 else str(error)) from None
            outside = []
        projects = know_projects(held.providers, outside, stack)
        if projects.encrypted or any(each.encrypted & each.inputs.keys() for each in held.resources):
            held = _read(export_state(folder, stack, show_secrets=True), name, kinds)
            projects = know_projects(held.providers, outside, stack)
        sources.append(Source(stack or name, held.resources, held.unknown_types, projects))
    outside = [] if sources else find_settings(folder, None, config_file)
    for path in state_files:
        held = _read(load_state(path), str(path), kinds)
        sources.append(Source(str(path), held.resources, held.unknown_types, know_projects(held.providers, outside)))
    return sources


def group_by_project(sources: Sequence[Source]) -> tuple[list[ProjectResources], list[str]]:
    """Return each project once with its resources, and a message for each project without known credentials.

    The own projects of each source are there even without resources, because objects in them may be unmanaged. The
    resources of a source are looked for with the source's credentials first, then with those of the other sources.
    """
    projects: dict[tuple[str, str], ProjectResources] = {}

    def of(known: KnownProject) -> ProjectResources:
        return projects.setdefault((known.settings.base_url, known.settings.project_id), ProjectResources(known))

    for source in sources:
        for own in source.projects.own:
            of(own)
    everywhere = [known for source in sources for known in (*source.projects.own, *source.projects.spare)]
    without_credentials: Counter[str] = Counter()
    for source in sources:
        for resource in source.resources:
            candidates = (*source.projects.own, *source.projects.spare, *everywhere)
            known = next((each for each in candidates if each.settings.project_id == resource.project_id), None)
            if known is None:
                without_credentials[str(resource.project_id)] += 1
            else:
                of(known).resources.append(resource)
    encrypted = {each.project_id or "[secret]": each.name for source in sources for each in source.projects.encrypted}
    for project_id in encrypted.keys() - {each.settings.project_id for each in everywhere}:
        without_credentials[project_id] += 0  # its objects may be unmanaged
    unchecked = [
        f"project {project_id}, with {count} of the resources: {_why_unknown(encrypted.get(project_id))} "
        "SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET to those of that project."
        for project_id, count in sorted(without_credentials.items())
    ]
    return list(projects.values()), unchecked


def _why_unknown(provider: str | None) -> str:
    """Return why the credentials of a project are not known, and the beginning of what to do."""
    if provider is None:
        return "its credentials are neither in the stack's configuration nor in an explicit provider of the state. Set"
    return (
        f'its credentials are encrypted in the state, in the provider "{provider}". Give the stack with --stack '
        "instead of a file, so that they can be decrypted, or set"
    )


@dataclass(frozen=True)
class _Held:
    """What one state holds that is compared, or that has credentials."""

    resources: Sequence[StateResource]
    unknown_types: Sequence[str]
    providers: Sequence[StateProvider]

    @property
    def has_all_credentials(self) -> bool:
        """Whether explicit providers have the credentials of all resources, so that no others are needed."""
        in_providers = {each.project_id for each in self.providers}
        return bool(in_providers) and all(each.project_id in in_providers for each in self.resources)


def _read(state: Mapping[str, Any], name: str, kinds: Sequence[Kind]) -> _Held:
    entries = list_resources(state, name)
    return _Held(*find_spectrum_resources(entries, kinds), find_providers(entries))


def load_state(path: Path) -> Mapping[str, Any]:
    """Return a state that `pulumi stack export` has written to a file.

    Raises:
        UnreadableText: The file is not text.
        click.ClickException: It is not a state.
    """
    text = read_text(path)
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        state = None
    if not isinstance(state, Mapping):
        raise click.ClickException(f"{path} is not a state as `pulumi stack export` writes it.")
    return state
