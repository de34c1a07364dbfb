"""The project itself: its profile, its subscription, and how iMessage serves it. Only the profile can be changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pulumi_spectrum.client.responses import Row, decode
from pulumi_spectrum.results.project import ImessageInfo, ProjectFields, ProjectProfileFields, SubscriptionInfo

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests


class ProjectProfileRow(Row, ProjectProfileFields):
    """What people see of the project on its lines."""


class ProjectRow(Row, ProjectFields):
    """A project."""

    profile: ProjectProfileRow | None = None


class SubscriptionRow(Row, SubscriptionInfo):
    """What the project pays for. The API spells this object in snake_case."""


class ImessageRow(Row, ImessageInfo):
    """Whether iMessage runs on shared numbers or on lines of the project's own."""


I = TypeVar("I", bound=Row)  # noqa: E741


class Project:
    """The project that the credentials belong to."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self) -> ProjectRow:
        """Return the project's name, slug and profile."""
        return self._read(ProjectRow, "/")

    def change_profile(self, **names: str) -> ProjectProfileRow:
        """Change the profile's names, and return it. A name that is not given stays.

        Args:
            names: `firstName` and `lastName`. The API has no way to clear one.
        """
        path = "/profile"
        profile: ProjectProfileRow = self._transport.request(
            "PATCH", path, body=names, decode=partial(decode, ProjectProfileRow, path=path)
        )
        return profile

    def sync_profile(self) -> None:
        """Copy the profile to all lines of the project. A second copy changes nothing, so the request is retried."""
        self._transport.request("POST", "/profile/sync", repeatable=True)

    def subscription(self) -> SubscriptionRow:
        """Return the project's plan."""
        return self._read(SubscriptionRow, "/billing/subscription")

    def imessage(self) -> ImessageRow:
        """Return how iMessage serves the project."""
        return self._read(ImessageRow, "/imessage/")

    def _read(self, model: type[I], path: str) -> I:
        return decode(model, self._transport.request("GET", path), path)
