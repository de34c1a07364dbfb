"""The list of a project's users, which is read whole or, in a large project, one user at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pulumi_spectrum.client.checked_requests import OnSend
from pulumi_spectrum.client.errors import NotFound, ServiceFailed
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS, FetchedList, ListCache, SendTime
from pulumi_spectrum.client.paging import Page, PagedList
from pulumi_spectrum.client.paths import segment
from pulumi_spectrum.client.responses import UNREADABLE, PhoneNumber, Row, decode, decode_list
from pulumi_spectrum.client.user_keys import user_key
from pulumi_spectrum.results.users import UserFields

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

PAGE_ROWS = 500
"""The largest page that the API returns."""
READ_WHOLE_PAGES = 4
"""The users of a project of up to this many pages are always read whole."""


class UserRow(Row, UserFields):
    """A user. The API returns no time of the last change."""

    phone_number: PhoneNumber
    assigned_phone_number: PhoneNumber | None = None
    project_id: str | None = None
    deleted_at: str | None = None


def key_of(row: UserRow) -> tuple[str, str, str | None]:
    """Return the key of a user."""
    return user_key(row.type, row.phone_number, row.assigned_phone_number)


class UserList:
    """The users that a project has, as its lists show them.

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
        self._list_requests = 0
        self._cache: ListCache[UserRow] = ListCache(
            self._fetch, id_of=lambda row: row.id, key_of=key_of, clock=transport.clock, wait=wait
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
            raise ServiceFailed(f"the answer is not a list of users, {UNREADABLE}", method="Reading", path="/users/")
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
        path = f"/users/{segment(user_id)}/"
        try:
            data = self._transport.request("GET", path)
        except NotFound:
            # The page of the same project, which answered 200 a moment ago, proves that the project is there.
            return None
        user = decode(UserRow, data, path)
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
            found = [row for row in self.search(phone_number) if key_of(row) == key]
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

    def _reads_whole(self) -> bool:
        """Return whether the cached list has every user. If it does not, count one more read of a single user."""
        rows = self._cache.rows()
        if rows.complete:
            return True
        with self._lock:
            self._single_reads += 1
            worth_paging = self._single_reads >= -(-(rows.total or 0) // PAGE_ROWS)
        return worth_paging and self._cache.rows(max_age=0).complete


def _is_deleted(row: UserRow) -> bool:
    return row.deleted_at is not None
