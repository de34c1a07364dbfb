"""Webhooks: the URLs that receive a project's events."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import Field

from pulumi_spectrum.client.answers import Row, decode, decode_list
from pulumi_spectrum.client.decisions import RIGHT_BEFORE_LOOKS, RIGHT_BEFORE_SECONDS, Decision, OnSend
from pulumi_spectrum.client.errors import Conflict, ServiceFailed, SpectrumError
from pulumi_spectrum.client.listing import MAX_AGE_SECONDS, Fetched, Listing, SendTime
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.spelling.urls import as_parsed

REGISTRATION_TRIES = 3
"""How often a registration whose answer was lost is made anew."""
SECOND_LOOK_SECONDS = 1.0
"""The service may know a URL before its list shows it."""


class Webhook(Row):
    """A registered webhook. Servers of the older generation send the first four fields only."""

    id: str
    webhook_url: str
    created_at: str | None = None
    updated_at: str | None = None
    schema_version: str | None = None
    event_types: tuple[str, ...] | None = None
    enabled: bool | None = None
    status: str | None = None
    failure_notification_email: str | None = None
    disabled_at: str | None = None
    disabled_reason: str | None = None


class RegisteredWebhook(Webhook):
    """The answer to a registration, the only one that holds the secrets."""

    signing_secret: str = Field(repr=False)
    standard_signing_secret: str | None = Field(default=None, repr=False)


class RotatedSecret(Row):
    """The answer to a rotation, the only one that holds the new standard secret."""

    id: str
    standard_signing_secret: str = Field(repr=False)
    previous_valid_until: str | None = None


class WebhookExists(Conflict):
    """The URL is registered already, and not by this program.

    Attributes:
        existing_id: The id of the registration that is there, where it could be found.
    """

    def __init__(self, existing_id: str | None, **about: Any) -> None:
        super().__init__("this webhook URL is registered already", **about)
        self.existing_id = existing_id


class Webhooks:
    """The webhooks of a project.

    Args:
        transport: Sends the requests.
        sleep: Waits for seconds.
    """

    def __init__(self, transport: Transport, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep
        self._listing: Listing[Webhook] = Listing(
            self._fetch, id_of=lambda row: row.id, key_of=lambda row: row.webhook_url, clock=transport.clock
        )

    def _fetch(self) -> Fetched[Webhook]:
        sent = SendTime(self._transport.clock)
        data = self._transport.request("GET", "/webhooks/", on_send=sent)
        return Fetched(decode_list(Webhook, data, "/webhooks/"), begun=sent.at)

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[Webhook]:
        """Return the active webhooks, oldest first."""
        return self._listing.rows(max_age=max_age).rows

    def find(self, webhook_id: str) -> Webhook | None:
        """Return a webhook by its id, or None when it is proven gone."""
        return self._listing.find(webhook_id)

    def register(
        self,
        url: str,
        *,
        schema_version: str | None = None,
        event_types: Sequence[str] | None = None,
        failure_notification_email: str | None = None,
    ) -> RegisteredWebhook:
        """Register a URL, and end with one webhook whose secrets are known.

        A URL that a list from right before the request has is refused, and nothing is sent.

        Where an answer is lost, a list tells what happened. A registration that the list from right before the request
        did not have is ours, and its secret is lost with the answer: it is deleted and made anew. Any other stays,
        since it may be somebody else's: one that was there a second before the request, and one of which that is not
        known, because the request waited for the rate limit after each of the lists before it.

        Args:
            url: Where events are delivered.
            schema_version: The events' form; the service chooses where it is left out.
            event_types: Which events are delivered; the service chooses where it is left out.
            failure_notification_email: Who is told when deliveries fail.

        Raises:
            WebhookExists: The URL is registered already.
            SpectrumError: Anything else that went wrong, at the last try.
        """
        settings = {
            "schemaVersion": schema_version,
            "eventTypes": None if event_types is None else list(event_types),
            "failureNotificationEmail": failure_notification_email,
        }
        body = {"webhookUrl": url, **{name: value for name, value in settings.items() if value is not None}}
        clock = self._transport.clock
        since = clock()
        others: set[str] = set()
        unanswered = 0
        tries = 0

        def look() -> float:
            nonlocal since
            listed = self._listing.rows(max_age=clock() - since)
            since = clock()
            existing = _of_url(listed.rows, url)
            if existing is not None:
                raise WebhookExists(existing.id, method="POST", path="/webhooks/")
            others.update(row.id for row in listed.rows)
            return listed.begun

        while True:
            tries += 1
            decision = Decision(within=RIGHT_BEFORE_SECONDS, clock=clock, looks=RIGHT_BEFORE_LOOKS)
            answer = decision.send(look, lambda on_send: self._post_registration(body, on_send))
            if isinstance(answer, RegisteredWebhook):
                self._listing.put(Webhook.model_validate(answer.model_dump(exclude_unset=True)))
                return answer
            # A list from after this try is from before the next.
            since = clock()
            refused = isinstance(answer, Conflict)
            unanswered += not refused
            found = self._find_registered(url, surely=refused)
            is_ours = found is not None and unanswered > 0 and decision.in_time and found.id not in others
            if (refused and not unanswered) or (found is not None and not is_ours):
                raise WebhookExists(found.id if found else None, method="POST", path="/webhooks/", status=answer.status)
            if found is not None:
                self.delete(found.id)
                since = clock()
                unanswered -= 1
            # A 409 over what an earlier try had made says nothing about this one: the way is free for one more.
            if tries >= REGISTRATION_TRIES + (refused and found is not None):
                raise answer

    def _post_registration(self, body: Mapping[str, Any], on_send: OnSend) -> RegisteredWebhook | SpectrumError:
        """Return the answer, or the error that leaves it open whether there is a registration now, and whose."""
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

    def _find_registered(self, url: str, *, surely: bool) -> Webhook | None:
        """Look for a URL in a new list, and once more where the service is sure to have it.

        The service keeps the text as it was sent, or as its parser writes it. A row in a third spelling is another one.
        """
        for pause in (0.0, SECOND_LOOK_SECONDS) if surely else (0.0,):
            self._sleep(pause)
            rows = self.all(max_age=0)
            for spelling in (url, as_parsed(url)):
                for row in rows:
                    if row.webhook_url == spelling:
                        return row
        return None

    def change(self, webhook_id: str, **changes: Any) -> Webhook:
        """Change settings in place.

        Args:
            webhook_id: The webhook.
            changes: What to set, in the API's spelling: `enabled`, `eventTypes`, `failureNotificationEmail` (None
                clears it), `schemaVersion` (the upgrade to `raw-inbound.v1`, which must stand alone).

        Raises:
            NotFound: The webhook is gone, or the deployment is too old to change webhooks.
        """
        path = f"/webhooks/{webhook_id}"
        changed: Webhook = self._transport.request(
            "PATCH", path, body=changes, decode=partial(decode, Webhook, path=path)
        )
        _refuse_another_webhook(changed.id, webhook_id, "PATCH", path)
        self._listing.put(changed)
        return changed

    def rotate_secret(self, webhook_id: str, overlap_seconds: int | None = None) -> RotatedSecret:
        """Make a new standard signing secret. The signing secret stays as it is.

        It is never repeated: a second rotation would end the overlap of the first.

        Args:
            webhook_id: The webhook.
            overlap_seconds: How long the previous secret stays valid; the service's default is 86400.

        Raises:
            NotFound: The webhook is gone, or the deployment is too old to rotate secrets.
        """
        path = f"/webhooks/{webhook_id}/secret/rotate"
        body = {} if overlap_seconds is None else {"overlapSeconds": overlap_seconds}
        rotated: RotatedSecret = self._transport.request(
            "POST", path, body=body, decode=partial(decode, RotatedSecret, path=path)
        )
        _refuse_another_webhook(rotated.id, webhook_id, "POST", path)
        return rotated

    def delete(self, webhook_id: str) -> None:
        """Delete a webhook. One that is gone already is deleted.

        Raises:
            SpectrumError: The webhook may still be there.
        """
        self._transport.delete(
            f"/webhooks/{webhook_id}", lambda: any(row.id == webhook_id for row in self._fetch().rows)
        )
        self._listing.drop(webhook_id)

    def egress_ips(self) -> list[str]:
        """Return the IPv4 addresses that deliveries come from."""
        path = "/webhooks/egress-ips"
        return list(decode(_EgressIps, self._transport.request("GET", path), path).addresses)


def _of_url(rows: Sequence[Webhook], url: str) -> Webhook | None:
    """Return the webhook of a URL, preferring one of exactly this text, which is what the API compares.

    Without one, it is a webhook whose text a parser reads as the same URL: both would get every event there.
    """
    same = [row for row in rows if as_parsed(row.webhook_url) == as_parsed(url)]
    return min(same, key=lambda row: row.webhook_url != url, default=None)


def _refuse_another_webhook(answered: str, webhook_id: str, method: str, path: str) -> None:
    if answered != webhook_id:
        raise ServiceFailed(f"the answer is about another webhook (id {answered})", method=method, path=path)


class _EgressIps(Row):
    addresses: tuple[str, ...]
