"""The project itself: what it is, what it pays for, and how iMessage serves it. Read-only."""

from __future__ import annotations

from typing import TypeVar

from pulumi_spectrum.client.answers import Row, decode
from pulumi_spectrum.client.transport import Transport


class ProjectProfile(Row):
    """What people see of the project on its lines."""

    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None
    imessage_synced: bool | None = None


class ProjectInfo(Row):
    """A project."""

    name: str
    slug: str
    profile: ProjectProfile | None = None


class Subscription(Row):
    """What the project pays for. The API spells this object in snake_case."""

    tier: str | None = None
    status: str | None = None
    cancel_at_period_end: bool | None = None
    subscription_id: str | None = None
    customer_id: str | None = None


class ImessageInfo(Row):
    """Whether iMessage runs on shared numbers or on lines of the project's own."""

    type: str


I = TypeVar("I", bound=Row)  # noqa: E741


class Project:
    """The project that the credentials belong to."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self) -> ProjectInfo:
        """Return the project's name, slug and profile."""
        return self._read(ProjectInfo, "/")

    def subscription(self) -> Subscription:
        """Return the project's plan."""
        return self._read(Subscription, "/billing/subscription")

    def imessage(self) -> ImessageInfo:
        """Return how iMessage serves the project."""
        return self._read(ImessageInfo, "/imessage/")

    def _read(self, model: type[I], path: str) -> I:
        return decode(model, self._transport.request("GET", path), path)
