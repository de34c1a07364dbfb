"""The client: every area of the API over one transport."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache, cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from pulumi_spectrum.client.client_settings import ClientSettings
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.shared_slots import limiter_for
from pulumi_spectrum.quick_imports import without_garbage_collection

if TYPE_CHECKING:
    from pulumi_spectrum.client.lines import Lines
    from pulumi_spectrum.client.platforms import Platforms
    from pulumi_spectrum.client.project import Project
    from pulumi_spectrum.client.sip_inbound import SipInbound
    from pulumi_spectrum.client.slack_app import SlackApp
    from pulumi_spectrum.client.users import Users
    from pulumi_spectrum.client.webhooks import Webhooks
    from pulumi_spectrum.client.whatsapp import WhatsApp

A = TypeVar("A")


class _area(cached_property[A]):  # noqa: N801  # it is used as `property` is
    """An area of the API, made once, when it is first used: loading all of them takes longer than a request does."""

    @overload
    def __get__(self, client: None, owner: type[Any] | None = None) -> Self: ...

    @overload
    def __get__(self, client: object, owner: type[Any] | None = None) -> A: ...

    def __get__(self, client: Any, owner: type[Any] | None = None) -> Self | A:
        if client is None:
            return self
        # Each area has one list for all threads.
        with client._making, without_garbage_collection():  # noqa: SLF001
            area: A = super().__get__(client, owner)
        return area


class SpectrumClient:
    """The API of one project, for any number of threads.

    A `with` block closes the client at its end.

    Args:
        settings: The project's credentials and the limits to keep.
        repeats: Whether a request that failed is sent again, where that is safe.
        sleep: Waits for seconds, before a request is sent again and before a list is read again.
        clock: Seconds that only go forward.
        limiter: Grants the slots for requests; left out, the one of this process for the project.

    Raises:
        SettingsRefused: The environment names a file of certificates that does not exist.
    """

    def __init__(
        self,
        settings: ClientSettings,
        *,
        repeats: bool = True,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        limiter: RateLimiter | None = None,
    ) -> None:
        with without_garbage_collection():
            # This loads requests, which a provider that sends nothing does not need.
            from pulumi_spectrum.client.transport import Transport  # noqa: PLC0415

        limiter = limiter or limiter_for(settings.base_url, settings.project_id, settings.requests_per_second)
        self._transport = Transport(settings, limiter, repeats=repeats, sleep=sleep, clock=clock)
        self.project_id = settings.project_id
        self._sleep = sleep
        self._making = threading.Lock()

    @_area
    def project(self) -> Project:
        """What the API returns of the project itself."""
        from pulumi_spectrum.client.project import Project  # noqa: PLC0415

        return Project(self._transport)

    @_area
    def webhooks(self) -> Webhooks:
        """The project's webhooks."""
        from pulumi_spectrum.client.webhooks import Webhooks  # noqa: PLC0415

        return Webhooks(self._transport, sleep=self._sleep)

    @_area
    def platforms(self) -> Platforms:
        """The switches of its messaging platforms."""
        from pulumi_spectrum.client.platforms import Platforms  # noqa: PLC0415

        return Platforms(self._transport)

    @_area
    def lines(self) -> Lines:
        """Its lines."""
        from pulumi_spectrum.client.lines import Lines  # noqa: PLC0415

        return Lines(self._transport, sleep=self._sleep)

    @_area
    def users(self) -> Users:
        """Its users."""
        from pulumi_spectrum.client.users import Users  # noqa: PLC0415

        return Users(self._transport)

    @_area
    def sip_inbound(self) -> SipInbound:
        """Its SIP inbound target."""
        from pulumi_spectrum.client.sip_inbound import SipInbound  # noqa: PLC0415

        return SipInbound(self._transport)

    @_area
    def slack_app(self) -> SlackApp:
        """Its Slack app."""
        from pulumi_spectrum.client.slack_app import SlackApp  # noqa: PLC0415

        return SlackApp(self._transport)

    @_area
    def whatsapp(self) -> WhatsApp:
        """Its WhatsApp accounts and their templates."""
        from pulumi_spectrum.client.whatsapp import WhatsApp  # noqa: PLC0415

        return WhatsApp(self._transport, sleep=self._sleep)

    def close(self) -> None:
        """Close the connections of all threads. Call it when no thread uses the client any more."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


_opening = threading.Lock()


@cache
def _open_client(settings: ClientSettings) -> SpectrumClient:
    return SpectrumClient(settings)


def client_for(settings: ClientSettings) -> SpectrumClient:
    """Return the process's one client of these settings, with its connections and its lists. It is never closed."""
    # A cache alone makes one for each thread that asks before the first is made, each with lists and locks of its own.
    with _opening:
        return _open_client(settings)
