"""What `drift` compares: the resources of stacks and state files, each with the credentials of its project."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from pulumi_spectrum.cli.credentials import find_settings
from pulumi_spectrum.cli.pulumi_cli import export_state
from pulumi_spectrum.cli.state_file import StateResource, find_spectrum_resources, list_resources
from pulumi_spectrum.client import ClientSettings, SettingsRefused
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.text_files import read_text


@dataclass(frozen=True)
class Source:
    """A stack, or a file with a stack's state.

    Args:
        name: What it is called in a message.
        resources: Its Spectrum resources.
        unknown_types: Types of Spectrum resources in it that this release does not know.
        settings: The credentials that its configuration and the environment hold, those of its own project first.
    """

    name: str
    resources: Sequence[StateResource]
    unknown_types: Sequence[str]
    settings: Sequence[ClientSettings]


@dataclass(frozen=True)
class ProjectResources:
    """One project, and its resources in all sources.

    Args:
        settings: The project's credentials.
        resources: The resources of all sources that belong to it.
    """

    settings: ClientSettings
    resources: list[StateResource]


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
        resources = _export(folder, stack, kinds)
        try:
            settings = find_settings(folder, stack, config_file)
        except SettingsRefused as error:
            raise SettingsRefused(f"Stack {stack}: {error}" if len(stacks) > 1 else str(error)) from None
        sources.append(Source(stack or "the selected stack", *find_spectrum_resources(resources, kinds), settings))
    settings = [] if sources else find_settings(folder, None, config_file)
    for path in state_files:
        resources = list_resources(load_state(path), str(path))
        sources.append(Source(str(path), *find_spectrum_resources(resources, kinds), settings))
    return sources


def group_by_project(sources: Sequence[Source]) -> tuple[list[ProjectResources], list[str]]:
    """Return each project once with its resources, and a message for each project without known credentials.

    The project of each source is returned even if the source has no resources, because objects in it may be unmanaged.
    A resource's credentials are those of its source if they are for its project, else those of any other source.
    """
    projects: dict[tuple[str, str], ProjectResources] = {}

    def of(settings: ClientSettings) -> ProjectResources:
        return projects.setdefault((settings.base_url, settings.project_id), ProjectResources(settings, []))

    for source in sources:
        for own in source.settings[:1]:
            of(own)
    without_credentials: dict[str, int] = {}
    everywhere = [settings for source in sources for settings in source.settings]
    for source in sources:
        for resource in source.resources:
            known = (each for each in (*source.settings, *everywhere) if each.project_id == resource.project_id)
            settings = next(known, None)
            if settings is None:
                project_id = str(resource.project_id)
                without_credentials[project_id] = without_credentials.get(project_id, 0) + 1
            else:
                of(settings).resources.append(resource)
    unchecked = [
        f"project {project_id}, with {count} of the resources: its credentials are not in the stack's configuration. "
        "Set SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET to those of that project."
        for project_id, count in sorted(without_credentials.items())
    ]
    return list(projects.values()), unchecked


def _export(folder: Path, stack: str | None, kinds: Sequence[Kind]) -> list[Mapping[str, Any]]:
    """Return a stack's resources. The state is exported decrypted only if a secret input has to be compared."""
    source = f"stack {stack}" if stack else "the selected stack"
    resources = list_resources(export_state(folder, stack), source)
    known, _ = find_spectrum_resources(resources, kinds)
    if any(each.encrypted & each.inputs.keys() for each in known):
        resources = list_resources(export_state(folder, stack, show_secrets=True), source)
    return resources


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
