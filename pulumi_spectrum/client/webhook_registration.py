"""The registration of a webhook: never doubled, and never without its secrets, whatever becomes of its response."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from pulumi_spectrum.client.checked_requests import MAX_CHECK_AGE_SECONDS, MAX_CHECKS, CheckedRequest, OnSend
from pulumi_spectrum.client.errors import AlreadyExists, Conflict, SpectrumError, failing_as
from pulumi_spectrum.spelling.urls import as_parsed

if TYPE_CHECKING:
    from pulumi_spectrum.client.list_cache import FetchedList
    from pulumi_spectrum.client.webhooks import RegisteredWebhook, WebhookRow

REGISTRATION_TRIES = 3
"""How often a registration is sent at most, when each response is lost."""
SECOND_LIST_SECONDS = 1.0
"""How long to wait before the list is read again, since the service may know a URL before its list shows it."""


class WebhookRegistration:
    """Sends one registration until it is known what became of it, or the tries are used up.

    Args:
        list_webhooks: Takes the age in seconds that a list may have, and returns one.
        post: Sends the request. It returns the response, or an error after which a registration may be there.
        delete: Deletes a webhook by its id.
        url: The URL.
        clock: Seconds that only go forward.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        list_webhooks: Callable[[float], FetchedList[WebhookRow]],
        post: Callable[[OnSend], RegisteredWebhook | SpectrumError],
        delete: Callable[[str], None],
        *,
        url: str,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._list = list_webhooks
        self._post = post
        self._delete = delete
        self._url = url
        # The service keeps the text as it was sent, or as its parser writes it. A third spelling is another webhook.
        self._spellings = (url, as_parsed(url))
        self._clock = clock
        self._sleep = sleep
        self._since = clock()
        self._before: set[str] = set()
        self._lost: list[SpectrumError] = []
        """The errors of the tries of which a registration may be there."""
        self._is_certain = True

    def run(self) -> RegisteredWebhook:
        """Return the new webhook.

        Raises:
            AlreadyExists: The URL is registered already, and not by this call or not surely.
            SpectrumError: Anything else that went wrong; of a try that may have been carried out, where there was one.
        """
        tries = 0
        while True:
            tries += 1
            answer = self._send()
            if not isinstance(answer, SpectrumError):
                return answer
            refused = isinstance(answer, Conflict)
            if not refused:
                self._lost.append(answer)
            found = self._find(is_certain=refused)
            if (refused and not self._lost) or (found is not None and not self._is_own(found)):
                raise _already_registered(found, status=answer.status)
            if found is not None:
                with self._lost_tries_count():
                    self._delete(found.id)
                self._since = self._clock()
                self._lost.pop()
            # A 409 because of what an earlier try had made does not count: one more try is allowed.
            if tries >= REGISTRATION_TRIES + (refused and found is not None):
                # That the last try was refused does not prove that no earlier one was carried out.
                answer.maybe_done = bool(self._lost)
                raise answer

    def _send(self) -> RegisteredWebhook | SpectrumError:
        request = CheckedRequest(max_age=MAX_CHECK_AGE_SECONDS, clock=self._clock, max_checks=MAX_CHECKS)
        with self._lost_tries_count():
            answer = request.send(self._refuse_existing, self._post)
        self._is_certain = self._is_certain and request.in_time
        # The next try may use a list that is requested after this one.
        self._since = self._clock()
        return answer

    def _refuse_existing(self) -> float:
        listed = self._list(self._clock() - self._since)
        self._since = self._clock()
        existing = _of_url(listed.rows, self._url)
        if existing is not None:
            raise _already_registered(existing)
        self._before.update(row.id for row in listed.rows)
        return listed.begun

    def _find(self, *, is_certain: bool) -> WebhookRow | None:
        """Return the webhook with the URL from a new list, or from a second list if the service certainly has it."""
        for pause in (0.0, SECOND_LIST_SECONDS) if is_certain else (0.0,):
            self._sleep(pause)
            with self._lost_tries_count():
                rows = self._list(0).rows
            for spelling in self._spellings:
                for row in rows:
                    if row.webhook_url == spelling:
                        return row
        return None

    def _is_own(self, found: WebhookRow) -> bool:
        """Return whether a try whose response was lost has surely made a webhook: none was there before."""
        return bool(self._lost) and self._is_certain and found.id not in self._before

    def _lost_tries_count(self) -> AbstractContextManager[None]:
        """Where the block fails after a try that may have been carried out, fail as that try did."""
        return failing_as(self._lost[-1]) if self._lost else nullcontext()


def _already_registered(existing: WebhookRow | None, *, status: int | None = None) -> AlreadyExists:
    """Return the error for a URL that is registered already."""
    return AlreadyExists(
        "this webhook URL is registered already", existing, method="POST", path="/webhooks/", status=status
    )


def _of_url(rows: Sequence[WebhookRow], url: str) -> WebhookRow | None:
    """Return the webhook of a URL, if there is one: preferably of exactly this text, which is what the API compares.

    Otherwise it is a webhook whose text a parser reads as the same URL, since both would receive every event there.
    """
    same = [row for row in rows if as_parsed(row.webhook_url) == as_parsed(url)]
    return min(same, key=lambda row: row.webhook_url != url, default=None)
