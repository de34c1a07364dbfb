"""Where settings come from: an explicit provider or the stack's configuration, then the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from pulumi_spectrum.client.client_settings import (
    DEFAULT_BASE_URL,
    DEFAULT_REQUESTS_PER_SECOND,
    DEFAULT_TIMEOUT_SECONDS,
    ClientSettings,
)
from pulumi_spectrum.client.errors import SettingsRefused
from pulumi_spectrum.client.request_reports import report_requests_to
from pulumi_spectrum.spelling.property_names import to_camel

ENVIRONMENT = {
    "projectId": "SPECTRUM_PROJECT_ID",
    "projectSecret": "SPECTRUM_PROJECT_SECRET",
    "baseUrl": "SPECTRUM_CLOUD_URL",
}
"""The environment variable that is read when the configuration lacks a key of the `spectrum` namespace."""

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
        SettingsRefused: A credential is in neither place, or a value cannot be used. The message names the
            configuration key and never holds its value.
    """

    def text(key: str) -> str | None:
        value = config(f"spectrum:{key}")
        if value is None or value == "":
            value = environment.get(ENVIRONMENT[key]) if key in ENVIRONMENT else None
        return None if value is None or value == "" else str(value)

    def number(key: str, default: float) -> float:
        value = text(key)
        try:
            return default if value is None else float(value)
        except ValueError:
            raise SettingsRefused(f"spectrum:{key} must be a number.") from None

    project_id, project_secret = text("projectId"), text("projectSecret")
    if project_id is None or project_secret is None:
        missing = " and ".join(
            f"spectrum:{key} (or {ENVIRONMENT[key]})"
            for key, value in (("projectId", project_id), ("projectSecret", project_secret))
            if value is None
        )
        raise SettingsRefused(
            f"Spectrum credentials are missing: {missing}. Set them with: pulumi config set spectrum:projectId ID, and "
            "pulumi config set --secret spectrum:projectSecret; or pass a spectrum.Provider."
        )
    try:
        return ClientSettings(
            project_id=project_id,
            project_secret=project_secret,
            base_url=text("baseUrl") or DEFAULT_BASE_URL,
            requests_per_second=number("requestsPerSecond", DEFAULT_REQUESTS_PER_SECOND),
            timeout_seconds=number("timeoutSeconds", DEFAULT_TIMEOUT_SECONDS),
        )
    except SettingsRefused as error:
        if not error.setting:
            raise
        raise SettingsRefused(_with_config_key(error)) from None


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
        raise SettingsRefused(f'spectrum:log (or {LOG_VARIABLE}) must be "requests" or "bodies".')
    with report_requests_to(show, bodies=level == "bodies"):
        yield


def _with_config_key(error: SettingsRefused) -> str:
    """Return what is wrong with a setting, named by its configuration key, and the command that sets a secret."""
    advice = (
        " Set it with: pulumi config set --secret spectrum:projectSecret" if error.setting == "project_secret" else ""
    )
    return f"{config_key(error.setting)} {error.problem}{advice}"
