"""Lines: a project's own phone numbers. They are billed, and allocating one is not idempotent in the API."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.checked_requests import MAX_CHECK_AGE_SECONDS, MAX_CHECKS, CheckedRequest, OnSend
from pulumi_spectrum.client.errors import OutcomeUnknown, ServiceFailed, SpectrumError, failing_as
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS, FetchedList, ListCache, SendTime
from pulumi_spectrum.client.masking import shown_id
from pulumi_spectrum.client.paths import segment
from pulumi_spectrum.client.responses import UNREADABLE, PhoneNumber, Row, decode, decode_list
from pulumi_spectrum.results.lines import LineFields
from pulumi_spectrum.results.profiles import ProfileFields

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

SECOND_LIST_SECONDS = 2.0
"""How long after a lost response the list is read again, when the first list shows no new line."""


class LineProfileRow(Row, ProfileFields):
    """What people see of a line."""


class _ChangedProfile(LineProfileRow):
    line_id: str | None = None


class LineRow(Row, LineFields):
    """A line that the project owns."""

    phone_number: PhoneNumber | None = None
    profile: LineProfileRow | None = None


class Lines:
    """The lines of a project.

    Args:
        transport: Sends the requests.
        sleep: Waits for seconds.
    """

    def __init__(self, transport: Transport, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep
        self._allocating = threading.Lock()
        self._cache: ListCache[LineRow] = ListCache(
            self._fetch, id_of=lambda row: row.id, key_of=lambda row: row.phone_number, clock=transport.clock
        )

    def _fetch(self) -> FetchedList[LineRow]:
        sent = SendTime(self._transport.clock)
        data = self._transport.request("GET", "/lines/", query={"platform": "imessage"}, on_send=sent)
        if not isinstance(data, dict):
            raise ServiceFailed(f"the answer is not a list of lines, {UNREADABLE}", method="Reading", path="/lines/")
        return FetchedList(decode_list(LineRow, data.get("lines"), "/lines/"), begun=sent.at)

    def all(self, *, max_age: float = MAX_AGE_SECONDS) -> list[LineRow]:
        """Return the lines that the project owns. Shared numbers are not among them."""
        return self._cache.rows(max_age=max_age).rows

    def find(self, line_id: str) -> LineRow | None:
        """Return a line by its id, or None when it is proven gone."""
        return self._cache.find(line_id)

    def allocate(self, platform: str) -> LineRow:
        """Allocate one line. The service picks its number, and bills it.

        The request is never sent twice. If its response is lost, the list from right before the request is compared
        with one from after it, and the one new line is returned. One thread of this process allocates at a time.

        Raises:
            OutcomeUnknown: The response was lost, and there is not exactly one new line, or no list could be read; or
                the request had to wait for the rate limit after the list, so that the new line may be another client's.
            PlanRefused: The project's plan has no lines of its own.
        """
        with self._allocating:
            before: set[str] = set()
            request = CheckedRequest(max_age=MAX_CHECK_AGE_SECONDS, clock=self._transport.clock, max_checks=MAX_CHECKS)

            def list_lines() -> float:
                listed = self._cache.rows(max_age=0)
                before.update(row.id for row in listed.rows)
                return listed.begun

            def post(on_send: OnSend) -> LineRow:
                try:
                    allocated: LineRow = self._transport.request(
                        "POST", "/lines/", body={"platform": platform}, decode=_decode_allocated, on_send=on_send
                    )
                except SpectrumError as error:
                    if not error.maybe_done:
                        raise
                    return self._find_allocated(before, error, in_time=request.in_time)
                return allocated

            line = request.send(list_lines, post, before)
            self._cache.put(line)
            return line

    def _find_allocated(self, before: set[str], error: SpectrumError, *, in_time: bool) -> LineRow:
        new: list[LineRow] = []
        for pause in (0.0, SECOND_LIST_SECONDS):
            self._sleep(pause)
            with failing_as(OutcomeUnknown(error, None)):
                new = [row for row in self.all(max_age=0) if row.id not in before]
            if new:
                break
        if len(new) != 1 or not in_time:
            raise OutcomeUnknown(error, new) from None
        return new[0]

    def change_profile(self, line: LineRow, **names: str | None) -> LineRow:
        """Change the names that people see of a line.

        Args:
            line: The line as it is known.
            names: `firstName` and `lastName`, at least one of them. None clears it.

        Raises:
            SpectrumError: The names may be as they were.
        """
        path = f"/lines/{segment(line.id)}/profile"
        answered: _ChangedProfile = self._transport.request(
            "PATCH", path, body=names, decode=partial(decode, _ChangedProfile, path=path)
        )
        if answered.line_id not in (None, line.id):
            raise ServiceFailed(
                f"the answer is about another line (id {shown_id(answered.line_id)})", method="PATCH", path=path
            )
        # What the answer leaves out is as it was sent, or as it was.
        before = line.profile.model_dump(by_alias=True, exclude_unset=True) if line.profile is not None else {}
        after = answered.model_dump(by_alias=True, exclude_unset=True, exclude={"line_id"})
        profile = LineProfileRow.model_validate({**before, **names, **after})
        changed = line.model_copy(update={"profile": profile})
        self._cache.put(changed)
        return changed

    def release(self, line_id: str) -> None:
        """Release a line: its number is lost for good. Do nothing if it is gone already.

        Raises:
            SpectrumError: The line may still be there.
        """
        self._transport.delete(
            f"/lines/{segment(line_id)}", lambda: any(row.id == line_id for row in self._fetch().rows)
        )
        self._cache.drop(line_id)


def _decode_allocated(data: Any) -> LineRow:
    return decode(LineRow, data.get("line") if isinstance(data, dict) else None, "/lines/")
