"""Where credentials and limits come from: an explicit provider or the stack's configuration, then the environment."""

from __future__ import annotations

import ipaddress
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

DEFAULT_BASE_URL = "https://spectrum.photon.codes"
DEFAULT_REQUESTS_PER_SECOND = 5.0
DEFAULT_TIMEOUT_SECONDS = 30.0

ENVIRONMENT = {
    "projectId": "SPECTRUM_PROJECT_ID",
    "projectSecret": "SPECTRUM_PROJECT_SECRET",
    "baseUrl": "SPECTRUM_CLOUD_URL",
}
"""The environment variable that stands in for a configuration key of the `spectrum` namespace."""


class SettingsError(Exception):
    """A setting is missing or cannot be used. The message names the setting and never holds its value."""


@dataclass(frozen=True)
class Settings:
    """One project's credentials, and how to talk to the API.

    Args:
        project_id: The project's id, which stands in every path.
        project_secret: The project's secret. It never appears in a repr.
        base_url: Where the API answers. HTTPS, or plain HTTP on a loopback address.
        requests_per_second: The most requests that are sent in any second (5: the API's rate limit per project).
        timeout_seconds: How long one request may wait for its answer, in seconds.

    Raises:
        SettingsError: A value that cannot work, named by its configuration key.
    """

    project_id: str
    project_secret: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    requests_per_second: float = DEFAULT_REQUESTS_PER_SECOND
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        """Refuse what cannot work, before any request is built from it."""
        if not re.fullmatch(r"[!-~]+", self.project_id) or re.search(r"[:/?#%]", self.project_id):
            raise SettingsError(
                "spectrum:projectId is not a project id: it must not be empty, must be of plain ASCII characters, and "
                "must not hold spaces, ':', '/', '?', '#' or '%'. Copy it from the project's settings in the dashboard."
            )
        if not re.fullmatch(r"[\x21-\x7e]+", self.project_secret):
            raise SettingsError(
                "spectrum:projectSecret must be printable text without spaces or line breaks. Copy the secret again, "
                "and set it with: pulumi config set --secret spectrum:projectSecret"
            )
        object.__setattr__(self, "base_url", _checked_base_url(self.base_url))
        if not 0 < self.requests_per_second < math.inf:
            raise SettingsError("spectrum:requestsPerSecond must be a number above 0. The API allows 5.")
        if not 0 < self.timeout_seconds <= 600:  # noqa: PLR2004
            raise SettingsError("spectrum:timeoutSeconds must be above 0 and at most 600.")


def read_settings(config: Callable[[str], object | None], environment: Mapping[str, str] = os.environ) -> Settings:
    """Collect the settings, the most specific source first.

    Args:
        config: Looks up a key such as `spectrum:projectId` in the provider's or the stack's configuration.
        environment: The process environment, asked for what the configuration does not hold.

    Raises:
        SettingsError: A credential is in neither place, or a value cannot be used.
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
            raise SettingsError(f"spectrum:{key} must be a number.") from None

    project_id, project_secret = text("projectId"), text("projectSecret")
    if project_id is None or project_secret is None:
        missing = " and ".join(
            f"spectrum:{key} (or {ENVIRONMENT[key]})"
            for key, value in (("projectId", project_id), ("projectSecret", project_secret))
            if value is None
        )
        raise SettingsError(
            f"Spectrum credentials are missing: {missing}. Set them with: pulumi config set spectrum:projectId ID, and "
            "pulumi config set --secret spectrum:projectSecret; or pass a spectrum.Provider."
        )
    return Settings(
        project_id=project_id,
        project_secret=project_secret,
        base_url=text("baseUrl") or DEFAULT_BASE_URL,
        requests_per_second=number("requestsPerSecond", DEFAULT_REQUESTS_PER_SECOND),
        timeout_seconds=number("timeoutSeconds", DEFAULT_TIMEOUT_SECONDS),
    )


def is_loopback(host: str) -> bool:
    """Tell whether a URL's host is this machine itself: `localhost`, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_base_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    spaced = any(character.isspace() for character in url)
    if not host or spaced or parts.query or parts.fragment or parts.username or parts.password:
        raise SettingsError(
            "spectrum:baseUrl must be a plain URL such as https://spectrum.photon.codes, without spaces, credentials, "
            "query or fragment."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise SettingsError(
            "spectrum:baseUrl must be https: plain http would send the project secret in clear text, and is allowed "
            "for loopback addresses only."
        )
    return url.rstrip("/")
