"""A list cache under many threads: they share list calls, and no read is older than an own write."""

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
    """Counts the threads that have begun to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        self.waiting.release()
        return super().wait(timeout)


class Flights:
    """List calls that stay in progress until the test ends them."""

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
    """A thread that makes one read."""

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


def test_concurrent_reads_share_a_list_call(flights: Flights) -> None:
    """Sixteen concurrent reads make one list call."""
    asking = [Asking(lambda: flights.listing.find("a")) for _ in range(16)]
    flights.wait_for(flights.begun)
    flights.wait_for(flights.changed.waiting, 15)
    flights.land.release()

    assert [each.answer() for each in asking] == [Item("a")] * 16
    assert flights.count == 1


def test_concurrent_reads_share_a_failure(flights: Flights) -> None:
    """A list call that fails raises its error in every read that waited for it."""
    flights.error = OSError("down")
    asking = [Asking(lambda: flights.listing.find("a")) for _ in range(16)]
    flights.wait_for(flights.begun)
    flights.wait_for(flights.changed.waiting, 15)
    flights.land.release()

    assert {str(each.answer()) for each in asking} == {"down"}
    assert flights.count == 1


def test_fresh_read_does_not_use_an_earlier_list_call(flights: Flights) -> None:
    """A fresh read waits for the list call in progress, and then makes a newer one."""
    early = Asking(lambda: flights.listing.find("a"))
    flights.wait_for(flights.begun)
    flights.rows = [Item("a", "newer")]
    late = Asking(lambda: flights.listing.rows(max_age=0).rows)
    flights.wait_for(flights.changed.waiting)
    flights.land.release(2)

    assert early.answer() == Item("a")
    assert late.answer() == [Item("a", "newer")]
    assert flights.count == 2


def test_fresh_read_ignores_the_failure_of_an_earlier_list_call(flights: Flights) -> None:
    """A fresh read does not fail with a list call that began before it."""
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


def test_fresh_reads_share_the_next_list_call(flights: Flights) -> None:
    """Fresh reads that begin during one list call share the next one."""
    early = Asking(lambda: flights.listing.find("a"))
    flights.wait_for(flights.begun)
    late = [Asking(lambda: flights.listing.rows(max_age=0).rows) for _ in range(8)]
    flights.wait_for(flights.changed.waiting, 8)
    flights.land.release(2)

    assert early.answer() == Item("a")
    assert [each.answer() for each in late] == [[Item("a")]] * 8
    assert flights.count == 2


def test_fresh_reads_share_the_failure_of_the_next_list_call(flights: Flights) -> None:
    """When the list call that fresh reads share fails, all of them fail, and none makes another call."""
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


def test_writes_do_not_wait_for_a_list_call(flights: Flights) -> None:
    """No lock is held during a list call: a write is recorded at once, and wins over that list."""
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
