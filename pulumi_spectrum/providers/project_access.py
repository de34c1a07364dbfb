"""The project that a provider serves: its settings, read when they are first needed, and the client for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.errors import SettingsRefused
from pulumi_spectrum.providers import host
from pulumi_spectrum.settings import read_settings, show_requests

if TYPE_CHECKING:
    from pulumi_spectrum.client.client_settings import ClientSettings
    from pulumi_spectrum.client.spectrum_client import SpectrumClient


def _shared_client(settings: ClientSettings) -> SpectrumClient:
    # This loads every area of the API, which a provider that sends nothing does not need.
    from pulumi_spectrum.client.spectrum_client import client_for  # noqa: PLC0415

    return client_for(settings)


class ProjectAccess:
    """Reads the settings of one provider. A preview reads none of them, so it needs no credentials.

    Args:
        open_client: Returns the client of some settings. It is the process's one client of these settings by default.
    """

    def __init__(self, open_client: Callable[[ClientSettings], SpectrumClient] = _shared_client) -> None:
        self._open_client = open_client
        self._config: Callable[[str], Any] = lambda _key: None
        self._settings: ClientSettings | None = None

    def configure(self, config: Callable[[str], Any]) -> None:
        """Remember where settings are found: `config` returns the value of a key, or None."""
        self._config = config
        self._settings = None

    def settings(self) -> ClientSettings:
        """Return the settings.

        Raises:
            SettingsRefused: One is missing or wrong.
        """
        if self._settings is None:
            self._settings = read_settings(self._config)
        return self._settings

    def settings_if_known(self) -> ClientSettings | None:
        """Return the settings, or None where one is missing or wrong."""
        try:
            return self.settings()
        except SettingsRefused:
            return None

    def requests_shown(self) -> AbstractContextManager[None]:
        """Return a block in which each request is shown on the resource's line, where the settings ask for it.

        Raises:
            SettingsRefused: The setting is none of the words that can be given.
        """
        return show_requests(self._config, host.inform)

    def client(self) -> SpectrumClient:
        """Return the client for the project."""
        return self._open_client(self.settings())
