"""Where settings come from: an explicit provider or the stack's configuration, then the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from pulumi_spectrum.client.base_urls import DEFAULT_BASE_URL
from pulumi_spectrum.client.client_settings import (
    DEFAULT_REQUESTS_PER_SECOND,
    DEFAULT_TIMEOUT_SECONDS,
    ClientSettings,
)
from pulumi_spectrum.client.errors import SettingsRefused
from pulumi_spectrum.client.request_reports import report_requests_to
from pulumi_spectrum.client.setting_sources import Source
from pulumi_spectrum.spelling.property_names import to_camel
from pulumi_spectrum.spelling.suggestions import did_you_mean

ENVIRONMENT = {
    "projectId": "SPECTRUM_PROJECT_ID",
    "projectSecret": "SPECTRUM_PROJECT_SECRET",
    "baseUrl": "SPECTRUM_CLOUD_URL",
    "requestsPerSecond": "SPECTRUM_REQUESTS_PER_SECOND",
    "timeoutSeconds": "SPECTRUM_TIMEOUT_SECONDS",
}
"""The environment variable that is read when the configuration lacks a key of the `spectrum` namespace."""

PROVIDER_NAME = "spectrum:providerName"
"""The key under which a `spectrum.Provider` holds its own name beside the settings."""

IN_CONFIGURATION = "in the stack's configuration"

LOG_VARIABLE = "SPECTRUM_LOG"
"""The environment variable that is read for `spectrum:log`."""


def config_key(setting: str) -> str:
    """Return the configuration key of an argument of `ClientSettings`, such as `spectrum:baseUrl`."""
    return f"spectrum:{to_camel(setting)}"


def read_settings(
    config: Callable[[str], object | None], environment: Mapping[str, str] = os.environ
) -> ClientSettings:
    """Collect the settings, the most specific source first.

    Args:
        config: Looks up a key such as `spectrum:projectId` in the provider's or the stack's configuration.
        environment: The process environment, read for what the configuration does not hold.

    Raises:
        SettingsRefused: A credential is in neither place, or a value cannot be used. The message names the place
            where it was found, and shows the value of the base URL alone.
    """
    sources: dict[str, Source] = {}

    def text(setting: str) -> str | None:
        """Return the value of an argument of `ClientSettings`, and remember where it was found."""
        key = config_key(setting)
        variable = ENVIRONMENT.get(to_camel(setting), "")
        configured, exported = _as_text(config(key)), _as_text(environment.get(variable))
        value = exported if configured is None else configured
        if value is None:
            return None
        shown = "" if setting == "project_secret" else value
        if configured is None:
            sources[setting] = Source(variable, "in the environment", shown)
            return value
        unused = variable if exported not in (None, configured) else ""
        name, place = (setting, f'of the spectrum.Provider "{provider}"') if provider else (key, IN_CONFIGURATION)
        sources[setting] = Source(name, place, shown, unused)
        return value

    def number(setting: str, default: float) -> float:
        value = text(setting)
        try:
            return default if value is None else float(value)
        except ValueError:
            raise SettingsRefused(f"{sources[setting]} must be a number.") from None

    provider = _as_text(config(PROVIDER_NAME))
    project_id, project_secret = text("project_id"), text("project_secret")
    if project_id is None or project_secret is None:
        missing = " and ".join(
            f"{config_key(setting)} (or {ENVIRONMENT[to_camel(setting)]})"
            for setting, value in (("project_id", project_id), ("project_secret", project_secret))
            if value is None
        )
        found = "".join(f" There is {source}." for source in sources.values())
        raise SettingsRefused(
            f"Spectrum credentials are missing: {missing}.{found} Set them with: pulumi config set spectrum:projectId "
            "ID, and pulumi config set --secret spectrum:projectSecret; or pass a spectrum.Provider."
        )
    try:
        return ClientSettings(
            project_id=project_id,
            project_secret=project_secret,
            base_url=text("base_url") or DEFAULT_BASE_URL,
            requests_per_second=number("requests_per_second", DEFAULT_REQUESTS_PER_SECOND),
            timeout_seconds=number("timeout_seconds", DEFAULT_TIMEOUT_SECONDS),
            sources=sources,
        )
    except SettingsRefused as error:
        if not error.setting:
            raise
        raise SettingsRefused(_with_source(error, sources[error.setting])) from None


@contextmanager
def show_requests(
    config: Callable[[str], object | None],
    show: Callable[[str], None],
    environment: Mapping[str, str] = os.environ,
) -> Iterator[None]:
    """Show each request of this block and thread, where the settings ask for it.

    Args:
        config: Looks up a key, as for `read_settings`.
        show: Shows one line.
        environment: The process environment.

    Raises:
        SettingsRefused: The setting is neither `requests` nor `bodies`.
    """
    level = config("spectrum:log") or environment.get(LOG_VARIABLE)
    if not level:
        yield
        return
    if level not in ("requests", "bodies"):
        suggestion = did_you_mean(str(level), ("requests", "bodies"))
        raise SettingsRefused(f'spectrum:log (or {LOG_VARIABLE}) must be "requests" or "bodies".{suggestion}')
    with report_requests_to(show, bodies=level == "bodies"):
        yield


def _as_text(value: object | None) -> str | None:
    """Return a value as text; None for an empty one, which CI systems set for a missing variable."""
    return None if value is None or value == "" else str(value)


def _with_source(error: SettingsRefused, source: Source) -> str:
    """Return what is wrong with a setting, named by where it was found, and the command that sets a secret."""
    advice = (
        " Set it with: pulumi config set --secret spectrum:projectSecret" if error.setting == "project_secret" else ""
    )
    return f"{source} {error.problem}{advice}"
