"""The explicit providers in a stack's state, whose inputs hold the credentials of the projects that they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum.cli.state_file import holds_ciphertext, unwrap_secrets
from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.settings import config_key, read_settings
from pulumi_spectrum.spelling.urns import is_explicit_provider, resource_name


@dataclass(frozen=True)
class StateProvider:
    """An explicit provider for a Spectrum project.

    Args:
        urn: Its URN.
        project_id: The project that it is for; None while that is encrypted.
        configuration: Its inputs, secrets in plain text where they were decrypted.
        is_encrypted: Whether its project's id or secret is not decrypted.
    """

    urn: str
    project_id: str | None
    configuration: Mapping[str, Any] = field(repr=False)
    is_encrypted: bool

    @property
    def name(self) -> str:
        """The name in the program."""
        return resource_name(self.urn)

    def read_settings(self) -> ClientSettings:
        """Return the settings that its resources have had at the last `pulumi up`.

        Raises:
            SettingsRefused: They cannot be used.
        """
        return read_settings(self.configuration.get)


def find_providers(resources: Sequence[Mapping[str, Any]]) -> list[StateProvider]:
    """Return the explicit providers for a Spectrum project, in the state's order.

    The engine's own, which has the stack's configuration of the last `pulumi up`, is not among them.
    """
    found = []
    for resource in resources:
        urn, inputs = resource["urn"], resource.get("inputs") or {}
        if not is_explicit_provider(urn) or resource.get("delete"):
            continue
        configuration = unwrap_secrets(inputs)
        project_id = configuration.get(config_key("project_id"))
        hides_id = holds_ciphertext(project_id)
        is_encrypted = hides_id or holds_ciphertext(configuration.get(config_key("project_secret")))
        if hides_id or isinstance(project_id, str):
            found.append(StateProvider(urn, None if hides_id else project_id, configuration, is_encrypted))
    return found
