"""Users, the people a project talks with: how they are created, changed and deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.checked_requests import CheckedRequest, OnSend
from pulumi_spectrum.client.errors import AlreadyExists, SpectrumError, failing_as
from pulumi_spectrum.client.paths import segment
from pulumi_spectrum.client.responses import decode
from pulumi_spectrum.client.user_keys import user_key
from pulumi_spectrum.client.user_list import UserList, UserRow, key_of
from pulumi_spectrum.spelling.values import same_email, same_name

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

CHECK_AGE_SECONDS = 1.0
"""How old the list may be that shows before a creation whether the user exists, while such lists are few."""
MAX_CHECK_AGE_SECONDS = 6.0
"""How old that list may be when many users are created."""
FREE_LIST_REQUESTS = 1
LIST_REQUESTS_PER_CREATION = 0.04
"""How many list requests creations may make so that lists are at most CHECK_AGE_SECONDS old, one for each 25."""
MAX_CREATION_WAIT_SECONDS = 5.0
"""How long a creation may wait for the rate limit before its check is repeated."""

_SAME = {"firstName": same_name, "lastName": same_name, "email": same_email}
"""How what was sent is compared with what the API returns."""


class Users(UserList):
    """The users of a project.

    Args:
        transport: Sends the requests.
        wait: Waits for an event or for some seconds, whichever comes first.
    """

    def __init__(
        self, transport: Transport, *, wait: Callable[[threading.Event, float], object] = threading.Event.wait
    ) -> None:
        super().__init__(transport, wait=wait)
        self._checks = 0

    def redirect_url(self, user_id: str) -> str:
        """Return the public address that opens a conversation with the user's number. It needs no credentials."""
        return f"{self._transport.base_url}/users/{segment(user_id)}/redirect"

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
            AlreadyExists: A user with the same key exists. Nothing was sent.
            SpectrumError: As `upsert` does.
        """

        def refuse_existing() -> float:
            asked = self._transport.clock()
            existing = self.find_by_key(
                user_type, phone_number, assigned_phone_number, max_age=self.list_age_for_write()
            )
            if existing is not None:
                raise AlreadyExists(
                    "a user with this key is there already", existing, method="Creating", path="/users/"
                )
            return asked

        request = CheckedRequest(max_age=MAX_CREATION_WAIT_SECONDS, clock=self._transport.clock, max_checks=2)

        def post(on_send: OnSend) -> UserRow:
            # No user had the key before. So one who has it afterwards was created, with whatever names.
            return self._write(user_type, phone_number, assigned_phone_number, fields, proof={}, on_send=on_send)

        return request.send(refuse_existing, post)

    def list_age_for_write(self) -> float:
        """Return how old the list may be that is checked before the next creation or change, and count that check."""
        with self._lock:
            self._checks += 1
            room = FREE_LIST_REQUESTS + LIST_REQUESTS_PER_CREATION * self._checks
            return CHECK_AGE_SECONDS if self._list_requests < room else MAX_CHECK_AGE_SECONDS

    def upsert(
        self, user_type: str, phone_number: str, assigned_phone_number: str | None = None, **fields: str
    ) -> UserRow:
        """Create a user, or change the one with the same key: the service makes no difference between the two.

        The request is idempotent, so it is repeated until a response can be read. If none can, a list is requested
        afterwards: if it has the user with all that was sent, that row is returned.

        Args:
            user_type: `shared` or `dedicated`.
            phone_number: The user's phone, E.164.
            assigned_phone_number: The project's line that serves a dedicated user; a shared one is given a number.
            fields: `firstName`, `lastName`, `email`. What is left out stays as it is.

        Raises:
            PlanRefused: The plan's number of users is reached.
            RequestRefused: The service refuses a value; its message says which.
        """
        return self._write(user_type, phone_number, assigned_phone_number, fields, proof=fields)

    def _write(
        self,
        user_type: str,
        phone_number: str,
        assigned_phone_number: str | None,
        fields: Mapping[str, str],
        *,
        proof: Mapping[str, str],
        on_send: OnSend | None = None,
    ) -> UserRow:
        """Post a user, and return it.

        Args:
            user_type: As in `upsert`.
            phone_number: As in `upsert`.
            assigned_phone_number: As in `upsert`.
            fields: As in `upsert`.
            proof: What a user has by whom a list shows that the request was carried out although its response is lost.
            on_send: Called right before the request is sent; see `Transport.request`.
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
            user = self._find_written(user_key(user_type, phone_number, assigned_phone_number), proof, error)
        if user.assigned_phone_number is None:
            # The service may still be choosing the shared number; one more read usually returns it. The user
            # is created, and has to be returned even if that read fails.
            with suppress(SpectrumError):
                path = f"/users/{segment(user.id)}/"
                user = decode(UserRow, self._transport.request("GET", path), path)
        self._cache.put(user)
        return user

    def _find_written(
        self, key: tuple[str, str, str | None], proof: Mapping[str, str], error: SpectrumError
    ) -> UserRow:
        """Return the user whose creation or change ended with an error, if a list that is requested now proves it."""
        with failing_as(error):
            found = self._cache.with_key(key, max_age=0)
            found = found or [row for row in self.search(key[1]) if key_of(row) == key]
        if not found or not _has(found[0], proof):
            raise error
        return found[0]

    def delete(self, user_id: str) -> None:
        """Delete a user. Do nothing if it is gone already.

        Raises:
            SpectrumError: The user may still be there.
        """
        self._transport.delete(
            f"/users/{segment(user_id)}/", lambda: any(row.id == user_id for row in self._read_whole(id=user_id))
        )
        self._cache.drop(user_id)


def _has(row: UserRow, fields: Mapping[str, str]) -> bool:
    held = row.model_dump(by_alias=True)
    return all(_SAME[name](held[name], value) for name, value in fields.items())
