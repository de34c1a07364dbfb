"""Listings under many threads: one flight for all, and no answer older than an own write."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from pulumi_spectrum.client.list_cache import FetchedList, ListCache
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.webhooks import Webhooks
from pulumi_spectrum.emulator.handles import ProjectHandle

HANG_GUARD_SECONDS = 30


@dataclass(frozen=True)
class Item:
    id: str
    text: str = ""


class WatchedCondition(threading.Condition):
    """Tells how many threads have begun to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        self.waiting.release()
        return super().wait(timeout)


class Flights:
    """List calls that stay in the air until they are told to land."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.land = threading.Semaphore(0)
        self.count = 0
        self.rows: list[Item] = [Item("a")]
        self.error: Exception | None = None
        self.listing: ListCache[Item] = ListCache(self.fetch, id_of=lambda row: row.id, key_of=lambda row: row.id)
        self.changed = self.listing._changed = WatchedCondition()

    def fetch(self) -> FetchedList[Item]:
        self.count += 1
        rows = list(self.rows)
        self.begun.release()
        assert self.land.acquire(timeout=HANG_GUARD_SECONDS)
        if self.error is not None:
            raise self.error
        return FetchedList(rows)

    def wait_for(self, semaphore: threading.Semaphore, times: int = 1) -> None:
        for _ in range(times):
            assert semaphore.acquire(timeout=HANG_GUARD_SECONDS)


class Asking:
    """A thread that asks one question."""

    def __init__(self, question: Callable[[], Any]) -> None:
        self.result: Any = None
        self.thread = threading.Thread(target=self._ask, args=(question,), daemon=True)
        self.thread.start()

    def _ask(self, question: Callable[[], Any]) -> None:
        try:
            self.result = question()
        except Exception as error:  # noqa: BLE001
            self.result = error

    def answer(self) -> Any:
        self.thread.join(HANG_GUARD_SECONDS)
        assert not self.thread.is_alive()
        return self.result


@pytest.fixture
def flights() -> Flights:
    return Flights()


def test_all_who_ask_share_one_flight(flights: Flights) -> None:
    """Sixteen threads that ask at once are answered by one list call."""
    asking = [Asking(lambda: flights.listing.find("a")) for _ in range(16)]
    flights.wait_for(flights.begun)
    flights.wait_for(flights.changed.waiting, 15)
    flights.land.release()

    assert [each.answer() for each in asking] == [Item("a")] * 16
    assert flights.count == 1


def test_all_who_wait_share_a_failure(flights: Flights) -> None:
    """A list call that fails fails once for all who waited for it."""
    flights.error = OSError("down")
    asking = [Asking(lambda: flights.listing.find("a")) for _ in range(16)]
    flights.wait_for(flights.begun)
    flights.wait_for(flights.changed.waiting, 15)
    flights.land.release()

    assert {str(each.answer()) for each in asking} == {"down"}
    assert flights.count == 1


def test_a_fresh_read_does_not_board_a_flight_that_left_before(flights: Flights) -> None:
    """Who must know how things are now waits for the flight in the air, and then makes a newer one."""
    early = Asking(lambda: flights.listing.find("a"))
    flights.wait_for(flights.begun)
    flights.rows = [Item("a", "newer")]
    late = Asking(lambda: flights.listing.rows(max_age=0).rows)
    flights.wait_for(flights.changed.waiting)
    flights.land.release(2)

    assert early.answer() == Item("a")
    assert late.answer() == [Item("a", "newer")]
    assert flights.count == 2


def test_a_fresh_read_is_not_failed_by_a_flight_that_left_before(flights: Flights) -> None:
    """A failure of a flight that left before the question is no answer to it."""
    flights.error = OSError("down")
    early = Asking(lambda: flights.listing.find("a"))
    flights.wait_for(flights.begun)
    late = Asking(lambda: flights.listing.rows(max_age=0).rows)
    flights.wait_for(flights.changed.waiting)
    flights.land.release()
    assert str(early.answer()) == "down"
    flights.wait_for(flights.begun)
    flights.error = None
    flights.land.release()

    assert late.answer() == [Item("a")]


def test_fresh_reads_share_the_next_flight(flights: Flights) -> None:
    """Several who must know how things are now, and asked during one flight, need one more between them."""
    early = Asking(lambda: flights.listing.find("a"))
    flights.wait_for(flights.begun)
    late = [Asking(lambda: flights.listing.rows(max_age=0).rows) for _ in range(8)]
    flights.wait_for(flights.changed.waiting, 8)
    flights.land.release(2)

    assert early.answer() == Item("a")
    assert [each.answer() for each in late] == [[Item("a")]] * 8
    assert flights.count == 2


def test_fresh_reads_share_the_failure_of_the_next_flight(flights: Flights) -> None:
    """A flight that left after the question is an answer to it also where it fails: nobody tries once more each."""
    early = Asking(lambda: flights.listing.find("a"))
    flights.wait_for(flights.begun)
    late = [Asking(lambda: flights.listing.rows(max_age=0).rows) for _ in range(8)]
    flights.wait_for(flights.changed.waiting, 8)
    flights.land.release()
    assert early.answer() == Item("a")
    flights.wait_for(flights.begun)
    flights.wait_for(flights.changed.waiting, 7)
    flights.error = OSError("down")
    flights.land.release()

    assert {str(each.answer()) for each in late} == {"down"}
    assert flights.count == 2


def test_writes_do_not_wait_for_a_flight(flights: Flights) -> None:
    """Nobody holds a lock while a list is in the air: a write is recorded at once, and wins over that list."""
    asking = Asking(lambda: flights.listing.find("a"))
    flights.wait_for(flights.begun)
    Asking(lambda: flights.listing.put(Item("a", "ours"))).answer()
    flights.land.release()

    assert asking.answer() == Item("a", "ours")


def test_no_read_is_older_than_an_own_write(
    project: ProjectHandle, live_transport: Transport, in_threads: Callable[..., list[Any]]
) -> None:
    """While others keep listing, each thread that has changed its webhook reads that change or a later one."""
    webhooks = Webhooks(live_transport)
    ids = [project.webhooks.add(webhookUrl=f"https://app.example.com/{number}")["id"] for number in range(6)]
    done = threading.Event()

    def change(webhook_id: str) -> list[int]:
        seen = []
        for version in range(1, 16):
            webhooks.change(webhook_id, failureNotificationEmail=f"{version}@example.com")
            found = webhooks.find(webhook_id)
            assert found is not None
            assert found.failure_notification_email is not None
            seen.append(int(found.failure_notification_email.partition("@")[0]))
        return seen

    def keep_listing() -> None:
        while not done.is_set():
            webhooks.all(max_age=0)

    def change_all() -> list[Any]:
        try:
            return in_threads(*[lambda webhook_id=webhook_id: change(webhook_id) for webhook_id in ids])
        finally:
            done.set()

    results = in_threads(change_all, keep_listing, keep_listing)

    assert results[0] == [list(range(1, 16))] * 6
