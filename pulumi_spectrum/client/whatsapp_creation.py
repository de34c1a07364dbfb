"""The creation of a WhatsApp template, which is never doubled and never lost, whatever becomes of its response."""

from __future__ import annotations

from collections.abc import Callable

from pulumi_spectrum.client.checked_requests import MAX_CHECK_AGE_SECONDS, MAX_CHECKS, CheckedRequest, OnSend
from pulumi_spectrum.client.errors import AlreadyExists, Conflict, SpectrumError, failing_as
from pulumi_spectrum.client.list_cache import FetchedList
from pulumi_spectrum.client.whatsapp_rows import WhatsAppTemplateRow

CREATION_TRIES = 3
"""How often a creation is sent at most, when each response is lost."""
SECOND_LIST_SECONDS = 1.0
"""How long to wait before the list is read again, since the service may know a template before its list has it."""


class TemplateCreation:
    """Sends one creation until it is known what became of it, or the tries are used up.

    Args:
        list_templates: Takes the age in seconds that a list may have, and returns one with every template of the name.
        post: Sends the request.
        key: The template's name and language, which an account has only once.
        path: The request's path.
        clock: Seconds that only go forward.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        list_templates: Callable[[float], FetchedList[WhatsAppTemplateRow]],
        post: Callable[[OnSend], WhatsAppTemplateRow],
        *,
        key: tuple[str, str],
        path: str,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._list = list_templates
        self._post = post
        self._key = key
        self._path = path
        self._clock = clock
        self._sleep = sleep
        self._since = clock()
        self._is_lost = False
        self._is_certain = True

    def run(self) -> WhatsAppTemplateRow:
        """Return the new template.

        Raises:
            AlreadyExists: Another client has made it.
            SpectrumError: Anything else that went wrong, at the last try.
        """
        for tries_left in reversed(range(CREATION_TRIES)):
            request = CheckedRequest(max_age=MAX_CHECK_AGE_SECONDS, clock=self._clock, max_checks=MAX_CHECKS)
            try:
                return request.send(self._refuse_existing, self._post)
            except AlreadyExists as there:
                return self._own(there.existing)
            except SpectrumError as error:
                if not (self._is_lost or error.maybe_done or isinstance(error, Conflict)):
                    raise
                if error.maybe_done:
                    self._is_lost, self._is_certain = True, self._is_certain and request.in_time
                found = self._find_created(error)
                if found is not None:
                    return self._own(found)
                if not (error.maybe_done and tries_left):
                    # That the last try was refused does not prove that no earlier one was carried out.
                    error.maybe_done = self._is_lost
                    raise
        raise AssertionError("the last try returns or raises")

    def _own(self, found: WhatsAppTemplateRow) -> WhatsAppTemplateRow:
        """Return a template that is there if a try whose response was lost has surely made it: none was there before.

        Raises:
            AlreadyExists: Another client has made it, or may have.
        """
        if self._is_lost and self._is_certain:
            return found
        raise self._already_exists(found)

    def _already_exists(self, found: WhatsAppTemplateRow) -> AlreadyExists:
        return AlreadyExists(
            "a template with this name and language exists already", found, method="Creating", path=self._path
        )

    def _refuse_existing(self) -> float:
        listed = self._list(self._clock() - self._since)
        self._since = self._clock()
        existing = self._in(listed)
        if existing is not None:
            raise self._already_exists(existing)
        return listed.begun

    def _find_created(self, error: SpectrumError) -> WhatsAppTemplateRow | None:
        """Return the template after a creation that ended with an error, which stands where no list can be read."""
        self._since = self._clock()
        for pause in (0.0, SECOND_LIST_SECONDS):
            self._sleep(pause)
            with failing_as(error):
                found = self._in(self._list(0))
            if found is not None:
                return found
        return None

    def _in(self, listed: FetchedList[WhatsAppTemplateRow]) -> WhatsAppTemplateRow | None:
        rows = (row for row in listed.rows if (row.name, row.language) == self._key and not row.is_deleted)
        return next(rows, None)
