"""The Spectrum management API, usable by itself: no part of this package knows Pulumi."""

from __future__ import annotations

import threading
from functools import cache

from pulumi_spectrum.client.errors import (
    AnswerLost,
    Conflict,
    CredentialsRefused,
    NetworkFailed,
    NotFound,
    PlanRefused,
    RateLimited,
    RequestRefused,
    ServiceFailed,
    SpectrumError,
    Unreachable,
)
from pulumi_spectrum.client.lines import Lines
from pulumi_spectrum.client.platforms import Platforms
from pulumi_spectrum.client.project import Project
from pulumi_spectrum.client.shared_pace import pace_for
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.users import Users
from pulumi_spectrum.client.webhooks import Webhooks
from pulumi_spectrum.settings import Settings

__all__ = [
    "AnswerLost",
    "Conflict",
    "CredentialsRefused",
    "NetworkFailed",
    "NotFound",
    "PlanRefused",
    "RateLimited",
    "RequestRefused",
    "ServiceFailed",
    "SpectrumClient",
    "SpectrumError",
    "Unreachable",
    "client_for",
]


class SpectrumClient:
    """The API of one project, for any number of threads.

    Args:
        settings: The project's credentials and the limits to keep.
    """

    def __init__(self, settings: Settings) -> None:
        pace = pace_for(settings.base_url, settings.project_id, settings.requests_per_second)
        transport = Transport(settings, pace)
        self.project_id = settings.project_id
        self.project = Project(transport)
        self.webhooks = Webhooks(transport)
        self.platforms = Platforms(transport)
        self.lines = Lines(transport)
        self.users = Users(transport)


_opening = threading.Lock()


@cache
def _open_client(settings: Settings) -> SpectrumClient:
    return SpectrumClient(settings)


def client_for(settings: Settings) -> SpectrumClient:
    """Return the process's one client of these settings, with its connections and its lists."""
    # A cache alone makes one for each thread that asks before the first is made, each with lists and locks of its own.
    with _opening:
        return _open_client(settings)
