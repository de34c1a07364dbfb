"""Users: the people a project talks with, on a shared number or on one of its own lines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.checked_requests import CheckedRequest, OnSend
from pulumi_spectrum.client.errors import Conflict, NotFound, ServiceFailed, SpectrumError
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS, FetchedList, ListCache, SendTime
from pulumi_spectrum.client.paging import Page, PagedList
from pulumi_spectrum.client.responses import PhoneNumber, Row, decode, decode_list
from pulumi_spectrum.results import UserFields

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

PAGE_ROWS = 500
"""The largest page that the API returns."""
READ_WHOLE_PAGES = 4
"""The users of a project of up to this many pages are always read whole."""
CHECK_AGE_SECONDS = 1.0
"""How old the list may be that shows before a creation whether the user exists, while such lists are few."""
MAX_CHECK_AGE_SECONDS = 6.0
"""How old that list may be when many users are created."""
FREE_LIST_REQUESTS = 1
LIST_REQUESTS_PER_CREATION = 0.04
"""How many list requests creations may make so that lists are at most CHECK_AGE_SECONDS old, one for each 25."""
MAX_CREATION_WAIT_SECONDS = 5.0
"""How long a creation may wait for the rate limit before its check is repeated."""


class UserRow(Row, UserFields):
    """A user. The API returns no time of the last change."""

    phone_number: PhoneNumber
    assigned_phone_number: PhoneNumber | None = None
    project_id: str | None = None
    deleted_at: str | None = None


def user_key(user_type: str, phone_number: str, assigned_phone_number: str | None) -> tuple[str, str, str | None]:
    """Return the key by which the service tells users apart: the phone, and for a dedicated user also the line."""
    return (user_type, phone_number, assigned_phone_number if user_type == "dedicated" else None)


class UserExists(Conflict):
    """A user with the same key exists already, so none was created.

    Attributes:
        existing: The existing user.
    """

    def __init__(self, existing: UserRow) -> None:
        super().__init__("a user with this key is there already", method="Creating", path="/users/")
        self.existing = existing


class Users:
    """The users of a project.

    Up to 2000 of them are read whole, in pages of 500. In a larger project the first page is read, and single users are
    then requested one by one, until that has taken as many requests as reading all pages would have.

    Args:
        transport: Sends the requests.
        wait: Waits for an event or for some seconds, whichever comes first.
    """

    def __init__(
        self, transport: Transport, *, wait: Callable[[threading.Event, float], object] = threading.Event.wait
    ) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._single_reads = 0
        self._checks = 0
        self._list_requests = 0
        self._cache: ListCache[UserRow] = ListCache(
            self._fetch, id_of=lambda row: row.id, key_of=_key_of, clock=transport.clock, wait=wait
        )

    def _fetch(self) -> FetchedList[UserRow]:
        sent = SendTime(self._transport.clock)
        first = self._fetch_page(0, {}, on_send=sent)
        pages = -(-(first.total or 0) // PAGE_ROWS)
        with self._lock:
            whole = pages <= max(READ_WHOLE_PAGES, self._single_reads)
        if whole:
            return FetchedList(self._read_pages(first, {}), begun=sent.at)
        rows = [row for row in first.rows if not _is_deleted(row)]
        return FetchedList(rows, complete=False, total=first.total, begun=sent.at)

    def _fetch_page(self, offset: int, filters: Mapping[str, str], *, on_send: OnSend | None = None) -> Page[UserRow]:
        with self._lock:
            self._list_requests += 1
        query = {"limit": PAGE_ROWS, "offset": offset, **filters}
        data = self._transport.request("GET", "/users/", query=query, on_send=on_send)
        if not isinstance(data, dict):
            raise ServiceFailed(
                "the answer is not a list of users, so this release cannot read it", method="Reading", path="/users/"
            )
        total = data.get("total")
        return Page(decode_list(UserRow, data.get("users"), "/users/"), total if type(total) is int else None)

    def _read_whole(self, **filters: str) -> list[UserRow]:
        return self._read_pages(self._fetch_page(0, filters), filters)

    def _read_pages(self, first: Page[UserRow], filters: Mapping[str, str]) -> list[UserRow]:
        pages = PagedList(
            lambda offset: self._fetch_page(offset, filters),
            id_of=lambda row: row.id,
            is_deleted=_is_deleted,
            path="/users/",
        )
        return pages.read(first)

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[UserRow]:
        """Return every active user, however many pages that takes."""
        known = self._cache.rows(max_age=max_age)
        return known.rows if known.complete else self._read_whole()

    def first_page(self) -> FetchedList[UserRow]:
        """Return what one request for active users returns, and whether these are all."""
        page = self._fetch_page(0, {})
        complete = len(page.rows) >= page.total if page.total is not None else len(page.rows) < PAGE_ROWS
        rows = [row for row in page.rows if not _is_deleted(row)]
        return FetchedList(rows, complete=complete, total=page.total)

    def find(self, user_id: str, *, max_age: float = MAX_AGE_SECONDS) -> UserRow | None:
        """Return a user by its id, or None when it is proven gone."""
        found = self._cache.find(user_id, max_age=max_age)
        if found is not None or self._reads_whole():
            return found or self._cache.find(user_id)
        try:
            data = self._transport.request("GET", f"/users/{user_id}/")
        except NotFound:
            # The page of the same project, which answered 200 a moment ago, proves that the project is there.
            return None
        user = decode(UserRow, data, f"/users/{user_id}/")
        return None if _is_deleted(user) else user

    def find_by_key(
        self,
        user_type: str,
        phone_number: str,
        assigned_phone_number: str | None,
        *,
        max_age: float = MAX_AGE_SECONDS,
    ) -> UserRow | None:
        """Return the active user that a creation with this key would change, or None."""
        key = user_key(user_type, phone_number, assigned_phone_number)
        found = self._cache.with_key(key, max_age=max_age)
        if not found and not self._reads_whole():
            found = [row for row in self.search(phone_number) if _key_of(row) == key]
        elif not found:
            # `_reads_whole` may have read the whole list only just now.
            found = self._cache.with_key(key)
        return found[0] if found else None

    def candidates_for(self, phone_number: str) -> list[UserRow]:
        """Return all users, or in a large project those that a search for the phone number finds."""
        known = self._cache.rows()
        return known.rows if known.complete else self.search(phone_number)

    def search(self, text: str) -> list[UserRow]:
        """Return the users whose names, phone or e-mail contain a text, in upper or lower case."""
        return self._read_whole(search=text)

    def redirect_url(self, user_id: str) -> str:
        """Return the public address that opens a conversation with the user's number. It needs no credentials."""
        return f"{self._transport.base_url}/users/{user_id}/redirect"

    def create(
        self, user_type: str, phone_number: str, assigned_phone_number: str | None = None, **fields: str
    ) -> UserRow:
        """Create a user, unless one with the same key exists.

        The API itself would change the existing user. So a list is checked before, which is at most a second old; where
        many users are created they share one that is at most 6 seconds old. A creation that then waits for the rate
        limit for more than 5 seconds is checked again. A user that another client creates after the check is changed.

        Args:
            user_type: `shared` or `dedicated`.
            phone_number: The user's phone, E.164.
            assigned_phone_number: The project's line that serves a dedicated user.
            fields: `firstName`, `lastName`, `email`.

        Raises:
            UserExists: A user with the same key exists. Nothing was sent.
            SpectrumError: As `upsert` does.
        """

        def refuse_existing() -> float:
            asked = self._transport.clock()
            existing = self.find_by_key(
                user_type, phone_number, assigned_phone_number, max_age=self.list_age_for_write()
            )
            if existing is not None:
                raise UserExists(existing)
            return asked

        request = CheckedRequest(max_age=MAX_CREATION_WAIT_SECONDS, clock=self._transport.clock, max_checks=2)
        return request.send(
            refuse_existing,
            lambda on_send: self.upsert(user_type, phone_number, assigned_phone_number, on_send=on_send, **fields),
        )

    def list_age_for_write(self) -> float:
        """Return how old the list may be that is checked before the next creation or change, and count that check."""
        with self._lock:
            self._checks += 1
            room = FREE_LIST_REQUESTS + LIST_REQUESTS_PER_CREATION * self._checks
            return CHECK_AGE_SECONDS if self._list_requests < room else MAX_CHECK_AGE_SECONDS

    def upsert(
        self,
        user_type: str,
        phone_number: str,
        assigned_phone_number: str | None = None,
        *,
        on_send: OnSend | None = None,
        **fields: str,
    ) -> UserRow:
        """Create a user, or change the one with the same key: the service makes no difference between the two.

        The request is idempotent, so it is repeated until a response can be read. If none can, a list is requested
        afterwards: if it has the user, that row is returned, which may have kept its old fields.

        Args:
            user_type: `shared` or `dedicated`.
            phone_number: The user's phone, E.164.
            assigned_phone_number: The project's line that serves a dedicated user; a shared one is given a number.
            on_send: Called right before the request is sent; see `Transport.request`.
            fields: `firstName`, `lastName`, `email`. What is left out stays as it is.

        Raises:
            PlanRefused: The plan's number of users is reached.
            RequestRefused: The service refuses a value; its message says which.
        """
        body: dict[str, Any] = {"type": user_type, "phoneNumber": phone_number, **fields}
        if user_type == "dedicated":
            body["assignedPhoneNumber"] = assigned_phone_number
        try:
            user: UserRow = self._transport.request(
                "POST",
                "/users/",
                body=body,
                repeatable=True,
                decode=partial(decode, UserRow, path="/users/"),
                on_send=on_send,
            )
        except SpectrumError as error:
            if not error.maybe_done:
                raise
            user = self._find_written(user_key(user_type, phone_number, assigned_phone_number), error)
        if user.assigned_phone_number is None:
            # The service may still be choosing the shared number; one more read usually returns it. The user
            # is created, and has to be returned even if that read fails.
            path = f"/users/{user.id}/"
            with suppress(SpectrumError):
                user = decode(UserRow, self._transport.request("GET", path), path)
        self._cache.put(user)
        return user

    def _find_written(self, key: tuple[str, str, str | None], error: SpectrumError) -> UserRow:
        """Return the user whose creation or change ended with an error, if a list that is requested now has it."""
        try:
            found = self._cache.with_key(key, max_age=0)
            found = found or [row for row in self.search(key[1]) if _key_of(row) == key]
        except SpectrumError:
            raise error from None
        if not found:
            raise error
        return found[0]

    def delete(self, user_id: str) -> None:
        """Delete a user. Do nothing if it is gone already.

        Raises:
            SpectrumError: The user may still be there.
        """
        self._transport.delete(
            f"/users/{user_id}/", lambda: any(row.id == user_id for row in self._read_whole(id=user_id))
        )
        self._cache.drop(user_id)

    def _reads_whole(self) -> bool:
        """Return whether the cached list has every user. If it does not, count one more read of a single user."""
        rows = self._cache.rows()
        if rows.complete:
            return True
        with self._lock:
            self._single_reads += 1
            worth_paging = self._single_reads >= -(-(rows.total or 0) // PAGE_ROWS)
        return worth_paging and self._cache.rows(max_age=0).complete


def _key_of(row: UserRow) -> tuple[str, str, str | None]:
    return user_key(row.type, row.phone_number, row.assigned_phone_number)


def _is_deleted(row: UserRow) -> bool:
    return row.deleted_at is not None
