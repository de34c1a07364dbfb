"""Lines: a project's own phone numbers. They are billed, and nothing in the API makes allocating one idempotent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from pulumi_spectrum.client.answers import PhoneNumber, Row, decode, decode_list
from pulumi_spectrum.client.decisions import RIGHT_BEFORE_LOOKS, RIGHT_BEFORE_SECONDS, Decision, OnSend
from pulumi_spectrum.client.errors import ServiceFailed, SpectrumError
from pulumi_spectrum.client.listing import MAX_AGE_SECONDS, Fetched, Listing, SendTime
from pulumi_spectrum.client.transport import Transport

SECOND_LOOK_SECONDS = 2.0
"""How long after a lost answer the list is read again, when the first look shows no new line."""


class LineProfile(Row):
    """What people see of a line."""

    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None


class _ChangedProfile(LineProfile):
    line_id: str | None = None


class Line(Row):
    """A line that the project owns."""

    id: str
    platform: str
    phone_number: PhoneNumber | None = None
    status: str | None = None
    profile: LineProfile | None = None
    created_at: str | None = None


class LineOutcomeUnknown(SpectrumError):
    """An allocation's answer was lost, and the list does not tell which line it made, if any.

    Attributes:
        candidates: The lines that were not there before, any of which it may have made.
    """

    maybe_done = True

    def __init__(self, cause: SpectrumError, candidates: list[Line]) -> None:
        super().__init__(
            f"the answer was lost ({cause.message})", method=cause.method, path=cause.path, status=cause.status
        )
        self.candidates = candidates


class Lines:
    """The lines of a project."""

    def __init__(self, transport: Transport, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep
        self._allocating = threading.Lock()
        self._listing: Listing[Line] = Listing(
            self._fetch, id_of=lambda row: row.id, key_of=lambda row: row.phone_number, clock=transport.clock
        )

    def _fetch(self) -> Fetched[Line]:
        sent = SendTime(self._transport.clock)
        data = self._transport.request("GET", "/lines/", query={"platform": "imessage"}, on_send=sent)
        if not isinstance(data, dict):
            raise ServiceFailed(
                "the answer is not a list of lines, so this release cannot read it", method="Reading", path="/lines/"
            )
        return Fetched(decode_list(Line, data.get("lines"), "/lines/"), begun=sent.at)

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[Line]:
        """Return the lines that the project owns. Shared numbers are not among them."""
        return self._listing.rows(max_age=max_age).rows

    def find(self, line_id: str) -> Line | None:
        """Return a line by its id, or None when it is proven gone."""
        return self._listing.find(line_id)

    def allocate(self, platform: str) -> Line:
        """Allocate one line. The service picks its number, and bills it.

        One allocation at a time goes through this process. Where its answer is lost, the list from right before the
        request is compared with one from after it: the one new line is taken up. It is never sent twice.

        Raises:
            LineOutcomeUnknown: The answer was lost, and there is not exactly one new line; or the request had to wait
                for the rate limit after the list, so that the new line may be another client's.
            PlanRefused: The project's plan has no lines of its own.
        """
        with self._allocating:
            before: set[str] = set()
            decision = Decision(within=RIGHT_BEFORE_SECONDS, clock=self._transport.clock, looks=RIGHT_BEFORE_LOOKS)

            def look() -> float:
                listed = self._listing.rows(max_age=0)
                before.update(row.id for row in listed.rows)
                return listed.begun

            def post(on_send: OnSend) -> Line:
                try:
                    allocated: Line = self._transport.request(
                        "POST", "/lines/", body={"platform": platform}, decode=_decode_allocated, on_send=on_send
                    )
                except SpectrumError as error:
                    if not error.maybe_done:
                        raise
                    return self._find_allocated(before, error, decides=decision.in_time)
                return allocated

            line = decision.send(look, post)
            self._listing.put(line)
            return line

    def _find_allocated(self, before: set[str], error: SpectrumError, *, decides: bool) -> Line:
        new: list[Line] = []
        for pause in (0.0, SECOND_LOOK_SECONDS):
            self._sleep(pause)
            new = [row for row in self.all(max_age=0) if row.id not in before]
            if new:
                break
        if len(new) != 1 or not decides:
            raise LineOutcomeUnknown(error, new) from None
        return new[0]

    def change_profile(self, line: Line, **names: str | None) -> Line:
        """Change the names that people see of a line.

        Args:
            line: The line as it is known.
            names: `firstName` and `lastName`, at least one of them. None clears it.

        Raises:
            SpectrumError: The names may be as they were.
        """
        path = f"/lines/{line.id}/profile"
        answered: _ChangedProfile = self._transport.request(
            "PATCH", path, body=names, decode=partial(decode, _ChangedProfile, path=path)
        )
        if answered.line_id not in (None, line.id):
            raise ServiceFailed(f"the answer is about another line (id {answered.line_id})", method="PATCH", path=path)
        profile = LineProfile.model_validate(answered.model_dump(exclude_unset=True, exclude={"line_id"}))
        changed = line.model_copy(update={"profile": profile})
        self._listing.put(changed)
        return changed

    def release(self, line_id: str) -> None:
        """Release a line. Its number is lost for good. One that is gone already is released.

        Raises:
            SpectrumError: The line may still be there.
        """
        self._transport.delete(f"/lines/{line_id}", lambda: any(row.id == line_id for row in self._fetch().rows))
        self._listing.drop(line_id)


def _decode_allocated(data: Any) -> Line:
    return decode(Line, data.get("line") if isinstance(data, dict) else None, "/lines/")
