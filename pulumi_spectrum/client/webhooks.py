"""Webhooks: the URLs that receive a project's events."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pulumi_spectrum.client.checked_requests import OnSend
from pulumi_spectrum.client.errors import Conflict, ServiceFailed, SpectrumError
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS, FetchedList, ListCache, SendTime
from pulumi_spectrum.client.masking import shown_id
from pulumi_spectrum.client.paths import segment
from pulumi_spectrum.client.responses import Row, decode, decode_list
from pulumi_spectrum.client.webhook_registration import WebhookRegistration
from pulumi_spectrum.results.webhooks import WebhookInfo

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests


class WebhookRow(Row, WebhookInfo):
    """A registered webhook. Servers of the older generation return id, URL and the two times only."""


class RegisteredWebhook(WebhookRow):
    """The response to a registration, the only one that has the secrets."""

    signing_secret: str = Field(repr=False)
    standard_signing_secret: str | None = Field(default=None, repr=False)


class RotatedSecret(Row):
    """The response to a rotation, the only one that has the new standard secret."""

    id: str
    standard_signing_secret: str = Field(repr=False)
    previous_valid_until: str | None = None


class Webhooks:
    """The webhooks of a project.

    Args:
        transport: Sends the requests.
        sleep: Waits for seconds.
    """

    def __init__(self, transport: Transport, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep
        self._cache: ListCache[WebhookRow] = ListCache(
            self._fetch, id_of=lambda row: row.id, key_of=lambda row: row.webhook_url, clock=transport.clock
        )

    def _fetch(self) -> FetchedList[WebhookRow]:
        sent = SendTime(self._transport.clock)
        data = self._transport.request("GET", "/webhooks/", on_send=sent)
        return FetchedList(decode_list(WebhookRow, data, "/webhooks/"), begun=sent.at)

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[WebhookRow]:
        """Return the active webhooks, oldest first."""
        return self._cache.rows(max_age=max_age).rows

    def find(self, webhook_id: str) -> WebhookRow | None:
        """Return a webhook by its id, or None when it is proven gone."""
        return self._cache.find(webhook_id)

    def register(
        self,
        url: str,
        *,
        schema_version: str | None = None,
        event_types: Sequence[str] | None = None,
        failure_notification_email: str | None = None,
    ) -> RegisteredWebhook:
        """Register a URL, and return the webhook with its secrets.

        If the list from right before the request has the URL, AlreadyExists is raised and nothing is sent.

        If a response is lost, a list shows what happened. A registration that the list from right before the request
        did not have was made by this call, and its secret is lost with the response: it is deleted and registered anew.
        Any other registration stays, since another client may have made it: one that existed a second before the
        request, and one for which that is unknown, because the request waited for the rate limit after each list.

        Args:
            url: Where events are delivered.
            schema_version: The events' form; the service chooses where it is left out.
            event_types: Which events are delivered; the service chooses where it is left out.
            failure_notification_email: The address that the service writes to when deliveries fail.

        Raises:
            AlreadyExists: The URL is registered already.
            SpectrumError: Anything else that went wrong, at the last try.
        """
        settings = {
            "schemaVersion": schema_version,
            "eventTypes": None if event_types is None else list(event_types),
            "failureNotificationEmail": failure_notification_email,
        }
        body = {"webhookUrl": url, **{name: value for name, value in settings.items() if value is not None}}
        registration = WebhookRegistration(
            lambda max_age: self._cache.rows(max_age=max_age),
            lambda on_send: self._post_registration(body, on_send),
            self.delete,
            url=url,
            clock=self._transport.clock,
            sleep=self._sleep,
        )
        registered = registration.run()
        self._cache.put(WebhookRow.model_validate(registered.model_dump(exclude_unset=True)))
        return registered

    def _post_registration(self, body: Mapping[str, Any], on_send: OnSend) -> RegisteredWebhook | SpectrumError:
        """Return the response, or the error after which a registration may exist, of this call or of another client."""
        try:
            registered: RegisteredWebhook = self._transport.request(
                "POST",
                "/webhooks/",
                body=body,
                decode=partial(decode, RegisteredWebhook, path="/webhooks/"),
                on_send=on_send,
            )
        except SpectrumError as error:
            if not (error.maybe_done or isinstance(error, Conflict)):
                raise
            return error
        return registered

    def change(self, webhook_id: str, **changes: Any) -> WebhookRow:
        """Change settings in place.

        Args:
            webhook_id: The webhook.
            changes: What to set, in the API's spelling: `enabled`, `eventTypes`, `failureNotificationEmail` (None
                clears it), `schemaVersion` (the upgrade to `raw-inbound.v1`, which must stand alone).

        Raises:
            NotFound: The webhook is gone, or the deployment is too old to change webhooks.
        """
        path = f"/webhooks/{segment(webhook_id)}"
        changed: WebhookRow = self._transport.request(
            "PATCH", path, body=changes, decode=partial(decode, WebhookRow, path=path)
        )
        _refuse_another_webhook(changed.id, webhook_id, "PATCH", path)
        self._cache.put(changed)
        return changed

    def rotate_secret(self, webhook_id: str, overlap_seconds: int | None = None) -> RotatedSecret:
        """Make a new standard signing secret. The signing secret stays as it is.

        The request is never repeated: a second rotation would end the overlap of the first.

        Args:
            webhook_id: The webhook.
            overlap_seconds: How long the previous secret stays valid; the service's default is 86400.

        Raises:
            NotFound: The webhook is gone, or the deployment is too old to rotate secrets.
        """
        path = f"/webhooks/{segment(webhook_id)}/secret/rotate"
        body = {} if overlap_seconds is None else {"overlapSeconds": overlap_seconds}
        rotated: RotatedSecret = self._transport.request(
            "POST", path, body=body, decode=partial(decode, RotatedSecret, path=path)
        )
        _refuse_another_webhook(rotated.id, webhook_id, "POST", path)
        return rotated

    def delete(self, webhook_id: str) -> None:
        """Delete a webhook. Do nothing if it is gone already.

        Raises:
            SpectrumError: The webhook may still be there.
        """
        self._transport.delete(
            f"/webhooks/{segment(webhook_id)}", lambda: any(row.id == webhook_id for row in self._fetch().rows)
        )
        self._cache.drop(webhook_id)

    def egress_ips(self) -> list[str]:
        """Return the IPv4 addresses that deliveries come from."""
        path = "/webhooks/egress-ips"
        return list(decode(_EgressIps, self._transport.request("GET", path), path).addresses)


def _refuse_another_webhook(answered: str, webhook_id: str, method: str, path: str) -> None:
    if answered != webhook_id:
        raise ServiceFailed(f"the answer is about another webhook (id {shown_id(answered)})", method=method, path=path)


class _EgressIps(Row):
    addresses: tuple[str, ...]
