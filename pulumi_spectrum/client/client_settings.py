"""What a client needs to know: the project, its secret, the address of the API, and the limits to keep."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi_spectrum.client.base_urls import DEFAULT_BASE_URL, checked_base_url
from pulumi_spectrum.client.errors import SettingsRefused
from pulumi_spectrum.client.setting_sources import Source

DEFAULT_REQUESTS_PER_SECOND = 5.0
DEFAULT_TIMEOUT_SECONDS = 30.0
MAX_TIMEOUT_SECONDS = 600.0
"""The longest timeout that the settings allow, so that everything that outlasts a request knows how long that is."""


@dataclass(frozen=True)
class ClientSettings:
    """One project's credentials, and how to send requests for it.

    Args:
        project_id: The project's id, which is a part of every path.
        project_secret: The project's secret. It never appears in a repr.
        base_url: Where the API is. HTTPS, or plain HTTP on a loopback address.
        requests_per_second: The most requests that are sent in any second (5: the API's rate limit per project).
        timeout_seconds: How long one request may take, from connecting to the end of its response, in seconds, at most
            600.
        sources: Where values were found, by argument, so that errors can name the place. Settings that differ in
            nothing else are equal.

    Raises:
        SettingsRefused: A value cannot be used. The error names the argument and never holds its value.
    """

    project_id: str
    project_secret: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    requests_per_second: float = DEFAULT_REQUESTS_PER_SECOND
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse values that cannot be used, before any request is built from them."""
        if not re.fullmatch(r"(?!\.{1,2}$)[!-~]+", self.project_id) or re.search(r"[:/?#%]", self.project_id):
            raise SettingsRefused(
                "is not a project id: it must not be empty or of dots alone, must be of plain ASCII characters, and "
                "must not hold spaces, ':', '/', '?', '#' or '%'. "
                "Copy it from the project's settings in the dashboard.",
                "project_id",
            )
        if not re.fullmatch(r"[\x21-\x7e]+", self.project_secret):
            raise SettingsRefused(
                "must be printable text without spaces or line breaks. Copy the secret again.", "project_secret"
            )
        object.__setattr__(self, "base_url", checked_base_url(self.base_url))
        if not 0 < self.requests_per_second < math.inf:
            raise SettingsRefused("must be a number above 0. The API allows 5.", "requests_per_second")
        if not 0 < self.timeout_seconds <= MAX_TIMEOUT_SECONDS:
            raise SettingsRefused(f"must be above 0 and at most {MAX_TIMEOUT_SECONDS:g}.", "timeout_seconds")
