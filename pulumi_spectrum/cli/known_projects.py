"""The projects whose credentials are known: from a stack's configuration, the environment, and providers in its state.

For the project of an explicit provider, credentials that the configuration or the environment has are used, so that
nothing need be decrypted and a new secret can be given. Else those in the state are, which the CLI decrypts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pulumi_spectrum.cli.pulumi_cli import PulumiFailed, export_state
from pulumi_spectrum.cli.state_file import list_resources
from pulumi_spectrum.cli.state_providers import StateProvider, find_providers
from pulumi_spectrum.client import ClientSettings, SettingsRefused


@dataclass(frozen=True)
class KnownProject:
    """A project whose credentials are known.

    Args:
        settings: The credentials.
        provider: The name of the explicit provider that a stack has for it, or None.
        stack: The stack's name as it was given, or None.
    """

    settings: ClientSettings
    provider: str | None = None
    stack: str | None = None


@dataclass(frozen=True)
class KnownProjects:
    """The projects of one stack, or of a file with a stack's state.

    Args:
        own: The project of its configuration and those of its explicit providers.
        spare: Projects whose credentials are known, and which are its own only where it has a resource of them.
        encrypted: Explicit providers whose credentials are not known, because they are not decrypted.
    """

    own: Sequence[KnownProject]
    spare: Sequence[KnownProject] = ()
    encrypted: Sequence[StateProvider] = ()


def know_projects(
    providers: Sequence[StateProvider], outside: Sequence[ClientSettings], stack: str | None = None
) -> KnownProjects:
    """Return the projects whose credentials are known as far as a state is decrypted.

    Args:
        providers: The explicit providers in the state.
        outside: The credentials that are known without the state, the stack's own first.
        stack: The stack's name as it was given, or None.

    Raises:
        SettingsRefused: An explicit provider has settings that cannot be used.
    """
    own = [KnownProject(each, stack=stack) for each in outside[:1]]
    encrypted = []
    for provider in providers:
        elsewhere = _find_outside(provider, outside)
        if elsewhere is None and provider.is_encrypted:
            encrypted.append(provider)
        else:
            own.append(KnownProject(elsewhere or provider.read_settings(), provider.name, stack))
    return KnownProjects(own, [KnownProject(each, stack=stack) for each in outside[1:]], encrypted)


def settings_of(
    provider: StateProvider, find_outside: Callable[[], Sequence[ClientSettings]], folder: Path, stack: str | None
) -> ClientSettings:
    """Return the credentials of an explicit provider. The state is decrypted where it alone has them.

    Args:
        provider: The provider, as the state has it.
        find_outside: Returns the credentials that are known without the state. It may raise SettingsRefused where
            there are none.
        folder: The project folder.
        stack: The stack, or None for the selected one.

    Raises:
        SettingsRefused: The provider's settings cannot be used.
        PulumiFailed: The configuration cannot be read, or the state cannot be decrypted. Its message has the project.
        click.ClickException: The stack was changed by a run meanwhile.
    """
    try:
        outside = find_outside()
    except SettingsRefused:
        outside = []
    elsewhere = _find_outside(provider, outside)
    if elsewhere is None and provider.is_encrypted:
        provider = _decrypt(provider, folder, stack)
        elsewhere = _find_outside(provider, outside)
    return elsewhere or provider.read_settings()


def _find_outside(provider: StateProvider, outside: Sequence[ClientSettings]) -> ClientSettings | None:
    """Return the credentials of a provider's project that are known without the state."""
    return next((each for each in outside if each.project_id == provider.project_id), None)


def _decrypt(provider: StateProvider, folder: Path, stack: str | None) -> StateProvider:
    """Return the provider as the state has it in plain text."""
    try:
        resources = list_resources(export_state(folder, stack, show_secrets=True), "the stack")
    except PulumiFailed as failure:
        raise PulumiFailed(
            f'{failure.message.rstrip(".")}. Or give the credentials of provider "{provider.name}" (project '
            f"{provider.project_id or '[secret]'}) in SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET."
        ) from None
    for decrypted in find_providers(resources):
        if decrypted.urn == provider.urn:
            return decrypted
    raise click.ClickException(f'A run has just removed provider "{provider.name}" from the stack. Run this again.')
