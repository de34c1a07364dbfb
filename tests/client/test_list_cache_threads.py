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


class SlowListCalls:
    """A cache whose list calls stay in progress until the test ends them.

    Attributes:
        listing: The cache.
        count: How many list calls were made.
        rows: What the next list call returns.
        error: What list calls raise when they end; None where they succeed.
        begun: Is released when a list call begins.
        end: Lets one list call end, each time it is released.
        waiting: Is released when a read begins to wait for a list call.
    """

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.end = threading.Semaphore(0)
        self.waiting = threading.Semaphore(0)
        self.count = 0
        self.rows: list[Item] = [Item("a")]
        self.error: Exception | None = None
        self.listing: ListCache[Item] = ListCache(
            self.fetch, id_of=lambda row: row.id, key_of=lambda row: row.id, wait=self.wait
        )

    def wait(self, event: threading.Event, seconds: float) -> None:
        self.waiting.release()
        event.wait(seconds)

    def fetch(self) -> FetchedList[Item]:
        self.count += 1
        rows = list(self.rows)
        self.begun.release()
        assert self.end.acquire(timeout=HANG_GUARD_SECONDS)
        if self.error is not None:
            raise self.error
        return FetchedList(rows)

    def wait_for(self, semaphore: threading.Semaphore, times: int = 1) -> None:
        for _ in range(times):
            assert semaphore.acquire(timeout=HANG_GUARD_SECONDS)


class Reading:
    """A thread that makes one read."""

    def __init__(self, read: Callable[[], Any]) -> None:
        self.result: Any = None
        self.thread = threading.Thread(target=self._read, args=(read,), daemon=True)
        self.thread.start()

    def _read(self, read: Callable[[], Any]) -> None:
        try:
            self.result = read()
        except Exception as error:  # noqa: BLE001
            self.result = error

    def outcome(self) -> Any:
        """Return what the read returned, or the error that it raised."""
        self.thread.join(HANG_GUARD_SECONDS)
        assert not self.thread.is_alive()
        return self.result


@pytest.fixture
def list_calls() -> SlowListCalls:
    return SlowListCalls()


def test_concurrent_reads_share_a_list_call(list_calls: SlowListCalls) -> None:
    """Sixteen concurrent reads make one list call."""
    readings = [Reading(lambda: list_calls.listing.find("a")) for _ in range(16)]
    list_calls.wait_for(list_calls.begun)
    list_calls.wait_for(list_calls.waiting, 15)
    list_calls.end.release()

    assert [each.outcome() for each in readings] == [Item("a")] * 16
    assert list_calls.count == 1


def test_concurrent_reads_share_a_failure(list_calls: SlowListCalls) -> None:
    """A list call that fails raises its error in every read that waited for it."""
    list_calls.error = OSError("down")
    readings = [Reading(lambda: list_calls.listing.find("a")) for _ in range(16)]
    list_calls.wait_for(list_calls.begun)
    list_calls.wait_for(list_calls.waiting, 15)
    list_calls.end.release()

    assert {str(each.outcome()) for each in readings} == {"down"}
    assert list_calls.count == 1


def test_fresh_read_does_not_use_an_earlier_list_call(list_calls: SlowListCalls) -> None:
    """A fresh read waits for the list call in progress, and then makes a newer one."""
    early = Reading(lambda: list_calls.listing.find("a"))
    list_calls.wait_for(list_calls.begun)
    list_calls.rows = [Item("a", "newer")]
    late = Reading(lambda: list_calls.listing.rows(max_age=0).rows)
    list_calls.wait_for(list_calls.waiting)
    list_calls.end.release(2)

    assert early.outcome() == Item("a")
    assert late.outcome() == [Item("a", "newer")]
    assert list_calls.count == 2


def test_fresh_read_ignores_the_failure_of_an_earlier_list_call(list_calls: SlowListCalls) -> None:
    """A fresh read does not fail with a list call that began before it."""
    list_calls.error = OSError("down")
    early = Reading(lambda: list_calls.listing.find("a"))
    list_calls.wait_for(list_calls.begun)
    late = Reading(lambda: list_calls.listing.rows(max_age=0).rows)
    list_calls.wait_for(list_calls.waiting)
    list_calls.end.release()
    assert str(early.outcome()) == "down"
    list_calls.wait_for(list_calls.begun)
    list_calls.error = None
    list_calls.end.release()

    assert late.outcome() == [Item("a")]


def test_fresh_reads_share_the_next_list_call(list_calls: SlowListCalls) -> None:
    """Fresh reads that begin during one list call share the next one."""
    early = Reading(lambda: list_calls.listing.find("a"))
    list_calls.wait_for(list_calls.begun)
    late = [Reading(lambda: list_calls.listing.rows(max_age=0).rows) for _ in range(8)]
    list_calls.wait_for(list_calls.waiting, 8)
    list_calls.end.release(2)

    assert early.outcome() == Item("a")
    assert [each.outcome() for each in late] == [[Item("a")]] * 8
    assert list_calls.count == 2


def test_fresh_reads_share_the_failure_of_the_next_list_call(list_calls: SlowListCalls) -> None:
    """When the list call that fresh reads share fails, all of them fail, and none makes another call."""
    early = Reading(lambda: list_calls.listing.find("a"))
    list_calls.wait_for(list_calls.begun)
    late = [Reading(lambda: list_calls.listing.rows(max_age=0).rows) for _ in range(8)]
    list_calls.wait_for(list_calls.waiting, 8)
    list_calls.end.release()
    assert early.outcome() == Item("a")
    list_calls.wait_for(list_calls.begun)
    list_calls.wait_for(list_calls.waiting, 7)
    list_calls.error = OSError("down")
    list_calls.end.release()

    assert {str(each.outcome()) for each in late} == {"down"}
    assert list_calls.count == 2


def test_writes_do_not_wait_for_a_list_call(list_calls: SlowListCalls) -> None:
    """No lock is held during a list call: a write is recorded at once, and wins over that list."""
    reading = Reading(lambda: list_calls.listing.find("a"))
    list_calls.wait_for(list_calls.begun)
    Reading(lambda: list_calls.listing.put(Item("a", "ours"))).outcome()
    list_calls.end.release()

    assert reading.outcome() == Item("a", "ours")


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
