"""The explicit providers in a stack's state, whose inputs hold the credentials of the projects that they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum.cli.state_file import holds_ciphertext, unwrap_secrets
from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.settings import config_key, read_settings
from pulumi_spectrum.spelling.urns import resource_name

PROVIDER_TYPE = "pulumi:providers:pulumi-python"


@dataclass(frozen=True)
class StateProvider:
    """An explicit provider for a Spectrum project.

    Args:
        name: Its name in the program.
        project_id: The project that it is for.
        configuration: Its inputs, secrets in plain text where they were decrypted.
        is_encrypted: Whether its project's secret is not decrypted.
    """

    name: str
    project_id: str
    configuration: Mapping[str, Any] = field(repr=False)
    is_encrypted: bool

    def read_settings(self) -> ClientSettings:
        """Return the settings that its resources have had at the last `pulumi up`.

        Raises:
            SettingsRefused: They cannot be used.
        """
        return read_settings(self.configuration.get)


def find_providers(resources: Sequence[Mapping[str, Any]]) -> list[StateProvider]:
    """Return the explicit providers for a project whose id the state has, in its order.

    The engine's own, which has the stack's configuration of the last `pulumi up`, is not among them.
    """
    found = []
    for resource in resources:
        name = resource_name(resource["urn"])
        inputs = resource.get("inputs") or {}
        configuration = unwrap_secrets(inputs)
        project_id = configuration.get(config_key("project_id"))
        is_explicit = resource["type"] == PROVIDER_TYPE and name.partition("_")[0] != "default"
        if is_explicit and not resource.get("delete") and isinstance(project_id, str):
            is_encrypted = holds_ciphertext(inputs.get(config_key("project_secret")))
            found.append(StateProvider(name, project_id, configuration, is_encrypted))
    return found
