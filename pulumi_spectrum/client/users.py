"""Users: the people a project talks with, on a shared number or on one of its own lines."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from pulumi_spectrum.client.answers import PhoneNumber, Row, decode, decode_list
from pulumi_spectrum.client.decisions import Decision, OnSend
from pulumi_spectrum.client.errors import Conflict, NotFound, ServiceFailed, SpectrumError
from pulumi_spectrum.client.listing import MAX_AGE_SECONDS, Fetched, Listing, SendTime
from pulumi_spectrum.client.paging import Page, PagedList
from pulumi_spectrum.client.transport import Transport

PAGE_ROWS = 500
"""The largest page that the API hands out."""
READ_WHOLE_PAGES = 4
"""A project of up to this many pages is always read whole."""
SOON_SECONDS = 1.0
"""How old the list may be by which a creation is decided, as long as that costs few requests."""
LATEST_SECONDS = 6.0
"""How old that list may be in any case."""
LISTS_FOR_ALL = 1
LISTS_FOR_EACH_CREATION = 0.04
"""How many requests creations may spend on lists of at most SOON_SECONDS, which is one in 25 of their own."""
LONGEST_WAIT_SECONDS = 5.0
"""How long a creation may wait for the rate limit before it is decided anew."""


class User(Row):
    """A user. The API tells no time of the last change."""

    id: str
    project_id: str | None = None
    type: str
    phone_number: PhoneNumber
    assigned_phone_number: PhoneNumber | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    created_at: str | None = None
    deleted_at: str | None = None


def user_key(user_type: str, phone_number: str, assigned_phone_number: str | None) -> tuple[str, str, str | None]:
    """Return what the service knows a user by: the phone, and for a dedicated user also the line."""
    return (user_type, phone_number, assigned_phone_number if user_type == "dedicated" else None)


class UserExists(Conflict):
    """A user with the same key is there already, so none was created.

    Attributes:
        existing: The user that is there.
    """

    def __init__(self, existing: User) -> None:
        super().__init__("a user with this key is there already", method="Creating", path="/users/")
        self.existing = existing


class Users:
    """The users of a project.

    Up to 2000 of them are read whole, in pages of 500. In a larger project the first page is read, and single users are
    then asked for one by one, until that has cost as much as reading all pages would have.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._asked_singly = 0
        self._decisions = 0
        self._list_requests = 0
        self._listing: Listing[User] = Listing(
            self._fetch, id_of=lambda row: row.id, key_of=_key_of, clock=transport.clock
        )

    def _fetch(self) -> Fetched[User]:
        sent = SendTime(self._transport.clock)
        first = self._fetch_page(0, {}, on_send=sent)
        pages = -(-(first.total or 0) // PAGE_ROWS)
        with self._lock:
            whole = pages <= max(READ_WHOLE_PAGES, self._asked_singly)
        if whole:
            return Fetched(self._read_pages(first, {}), begun=sent.at)
        rows = [row for row in first.rows if not _is_deleted(row)]
        return Fetched(rows, complete=False, total=first.total, begun=sent.at)

    def _fetch_page(self, offset: int, filters: Mapping[str, str], *, on_send: OnSend | None = None) -> Page[User]:
        with self._lock:
            self._list_requests += 1
        query = {"limit": PAGE_ROWS, "offset": offset, **filters}
        data = self._transport.request("GET", "/users/", query=query, on_send=on_send)
        if not isinstance(data, dict):
            raise ServiceFailed(
                "the answer is not a list of users, so this release cannot read it", method="Reading", path="/users/"
            )
        total = data.get("total")
        return Page(decode_list(User, data.get("users"), "/users/"), total if type(total) is int else None)

    def _read_whole(self, **filters: str) -> list[User]:
        return self._read_pages(self._fetch_page(0, filters), filters)

    def _read_pages(self, first: Page[User], filters: Mapping[str, str]) -> list[User]:
        pages = PagedList(
            lambda offset: self._fetch_page(offset, filters),
            id_of=lambda row: row.id,
            is_deleted=_is_deleted,
            path="/users/",
        )
        return pages.read(first)

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[User]:
        """Return every active user, however many pages that takes."""
        known = self._listing.rows(max_age=max_age)
        return known.rows if known.complete else self._read_whole()

    def find(self, user_id: str, *, max_age: float = MAX_AGE_SECONDS) -> User | None:
        """Return a user by its id, or None when it is proven gone."""
        found = self._listing.find(user_id, max_age=max_age)
        if found is not None or self._reads_whole():
            return found or self._listing.find(user_id)
        try:
            data = self._transport.request("GET", f"/users/{user_id}/")
        except NotFound:
            # The page of the same project, which answered 200 a moment ago, proves that the project is there.
            return None
        user = decode(User, data, f"/users/{user_id}/")
        return None if _is_deleted(user) else user

    def find_by_key(
        self,
        user_type: str,
        phone_number: str,
        assigned_phone_number: str | None,
        *,
        max_age: float = MAX_AGE_SECONDS,
    ) -> User | None:
        """Return the active user whom a creation with this key would change."""
        key = user_key(user_type, phone_number, assigned_phone_number)
        found = self._listing.with_key(key, max_age=max_age)
        if not found and not self._reads_whole():
            found = [row for row in self.search(phone_number) if _key_of(row) == key]
        elif not found:
            # The whole list may have been read only just now.
            found = self._listing.with_key(key)
        return found[0] if found else None

    def who_may_have(self, phone_number: str) -> list[User]:
        """Return everybody, or in a large project those whom a search for the phone number finds."""
        known = self._listing.rows()
        return known.rows if known.complete else self.search(phone_number)

    def search(self, text: str) -> list[User]:
        """Return the users whose names, phone or e-mail contain a text, in upper or lower case."""
        return self._read_whole(search=text)

    def redirect_url(self, user_id: str) -> str:
        """Return the public address that opens a conversation with the user's number. It needs no credentials."""
        return f"{self._transport.base_url}/users/{user_id}/redirect"

    def create(
        self, user_type: str, phone_number: str, assigned_phone_number: str | None = None, **fields: str
    ) -> User:
        """Create a user, unless one with the same key is there.

        The API itself would change that one. So a list decides, of at most a second before; where many users are
        created it is shared, and at most 6 seconds old. A creation that then waits for the rate limit for more than 5
        seconds is decided anew. A user whom somebody else creates after the list is still changed.

        Args:
            user_type: `shared` or `dedicated`.
            phone_number: The user's phone, E.164.
            assigned_phone_number: The project's line that serves a dedicated user.
            fields: `firstName`, `lastName`, `email`.

        Raises:
            UserExists: A user with the same key is there. Nothing was sent.
            SpectrumError: As `upsert` does.
        """

        def look() -> float:
            asked = self._transport.clock()
            existing = self.find_by_key(user_type, phone_number, assigned_phone_number, max_age=self.decision_age())
            if existing is not None:
                raise UserExists(existing)
            return asked

        decision = Decision(within=LONGEST_WAIT_SECONDS, clock=self._transport.clock, looks=2)
        return decision.send(
            look,
            lambda on_send: self.upsert(user_type, phone_number, assigned_phone_number, on_send=on_send, **fields),
        )

    def decision_age(self) -> float:
        """Return how old the list may be that decides the next creation or change, and count it."""
        with self._lock:
            self._decisions += 1
            room = LISTS_FOR_ALL + LISTS_FOR_EACH_CREATION * self._decisions
            return SOON_SECONDS if self._list_requests < room else LATEST_SECONDS

    def upsert(
        self,
        user_type: str,
        phone_number: str,
        assigned_phone_number: str | None = None,
        *,
        on_send: OnSend | None = None,
        **fields: str,
    ) -> User:
        """Create a user, or change the one with the same key: the service makes no difference between the two.

        Because doing it twice is doing it once, it is repeated until an answer can be read. If none can, a list that is
        begun afterwards decides: a user that is in it is returned as it is there, and may have kept its old fields.

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
            user: User = self._transport.request(
                "POST",
                "/users/",
                body=body,
                repeatable=True,
                decode=partial(decode, User, path="/users/"),
                on_send=on_send,
            )
        except SpectrumError as error:
            if not error.maybe_done:
                raise
            user = self._find_written(user_key(user_type, phone_number, assigned_phone_number), error)
        if user.assigned_phone_number is None:
            # The service may still be choosing the shared number; one more look usually shows it. The user is made,
            # and has to be told of, whatever becomes of that look.
            path = f"/users/{user.id}/"
            with suppress(SpectrumError):
                user = decode(User, self._transport.request("GET", path), path)
        self._listing.put(user)
        return user

    def _find_written(self, key: tuple[str, str, str | None], error: SpectrumError) -> User:
        """Return the user whose writing ended with an error, if a list that is begun now has it."""
        try:
            found = self._listing.with_key(key, max_age=0)
            found = found or [row for row in self.search(key[1]) if _key_of(row) == key]
        except SpectrumError:
            raise error from None
        if not found:
            raise error
        return found[0]

    def delete(self, user_id: str) -> None:
        """Delete a user. One that is gone already is deleted.

        Raises:
            SpectrumError: The user may still be there.
        """
        self._transport.delete(
            f"/users/{user_id}/", lambda: any(row.id == user_id for row in self._read_whole(id=user_id))
        )
        self._listing.drop(user_id)

    def _reads_whole(self) -> bool:
        """Tell whether the listing holds every user. If it does not, count one more question that goes past it."""
        rows = self._listing.rows()
        if rows.complete:
            return True
        with self._lock:
            self._asked_singly += 1
            worth_paging = self._asked_singly >= -(-(rows.total or 0) // PAGE_ROWS)
        return worth_paging and self._listing.rows(max_age=0).complete


def _key_of(row: User) -> tuple[str, str, str | None]:
    return user_key(row.type, row.phone_number, row.assigned_phone_number)


def _is_deleted(row: User) -> bool:
    return row.deleted_at is not None
