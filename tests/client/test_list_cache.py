"""One list call that answers many reads: how old it may be, what own writes do to it, and when a row is gone."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from fake_time import FakeTime

from pulumi_spectrum.client.list_cache import FetchedList, ListCache


@dataclass(frozen=True)
class Item:
    id: str
    key: str = "k"
    text: str = ""


@dataclass
class Service:
    """A service whose lists are counted, with a clock that moves a little at each reading."""

    rows: list[Item] = field(default_factory=list)
    lists: int = 0
    complete: bool = True
    total: int | None = None
    error: Exception | None = None
    time: FakeTime = field(default_factory=lambda: FakeTime(tick=0.001))

    def fetch(self) -> FetchedList[Item]:
        self.lists += 1
        if self.error is not None:
            raise self.error
        return FetchedList(list(self.rows), self.complete, self.total)

    def listing(self) -> ListCache[Item]:
        return ListCache(self.fetch, id_of=lambda row: row.id, key_of=lambda row: row.key, clock=self.time.clock)


A, B, C = Item("a", "ka"), Item("b", "kb"), Item("c", "kc")


@pytest.fixture
def service() -> Service:
    return Service([A, B])


@pytest.fixture
def listing(service: Service) -> ListCache[Item]:
    return service.listing()


def test_reads_share_one_list_call(service: Service, listing: ListCache[Item]) -> None:
    """Reads of all rows, by id and by key are answered by one list call."""
    assert listing.rows() == FetchedList([A, B], complete=True, total=2)
    assert [listing.find("a"), listing.find("b")] == [A, B]
    assert [listing.with_key("ka"), listing.with_key("kx")] == [[A], []]
    assert service.lists == 1


def test_list_is_requested_again_after_ten_seconds(service: Service, listing: ListCache[Item]) -> None:
    """A list answers reads for ten seconds; after that, changes by other clients are seen."""
    listing.find("a")
    service.rows = [Item("a", "ka", "changed by others"), B]
    service.time.now += 9.9
    assert listing.find("a") == A

    service.time.now += 0.1
    assert listing.find("a") == Item("a", "ka", "changed by others")
    assert service.lists == 2


@pytest.mark.parametrize(
    "read",
    [
        lambda listing: listing.rows(max_age=0).rows,
        lambda listing: listing.with_key("k", max_age=0),
    ],
)
def test_fresh_read_requests_a_new_list(
    read: Callable[[ListCache[Item]], list[Item]], service: Service, listing: ListCache[Item]
) -> None:
    """A read with `max_age=0` is answered by a list call that began after the read."""
    listing.rows()
    service.rows = [Item("new")]

    assert read(listing) == [Item("new")]
    assert service.lists == 2


def test_list_of_a_fresh_read_answers_later_reads(service: Service, listing: ListCache[Item]) -> None:
    """The list that a fresh read has requested answers later reads."""
    listing.rows(max_age=0)
    listing.find("a")

    assert service.lists == 1


def test_missing_row_is_confirmed_by_a_second_list(service: Service, listing: ListCache[Item]) -> None:
    """A row counts as gone once two lists in a row lack it."""
    assert listing.find("x") is None
    assert service.lists == 2


def test_fifty_missing_rows_take_two_lists(service: Service, listing: ListCache[Item]) -> None:
    """However many rows are missing, two list calls confirm it for all of them."""
    assert [listing.find(f"gone-{number}") for number in range(50)] == [None] * 50
    assert service.lists == 2


def test_row_missing_from_one_list_is_not_gone(service: Service, listing: ListCache[Item]) -> None:
    """A row that one list lacks by mistake, and the second one has, is returned."""
    real = service.fetch

    def lack_once() -> FetchedList[Item]:
        fetched = real()
        return FetchedList([]) if service.lists == 1 else fetched

    listing = ListCache(lack_once, id_of=lambda row: row.id, key_of=lambda row: row.key, clock=service.time.clock)

    assert listing.find("a") == A
    assert service.lists == 2


def test_row_that_an_earlier_list_had_is_confirmed_missing(service: Service, listing: ListCache[Item]) -> None:
    """A row that an earlier list had counts as gone only when two newer lists lack it."""
    listing.find("a")
    service.rows = [B]
    listing.rows(max_age=0)
    service.rows = [A, B]

    assert listing.find("a") == A
    assert service.lists == 3


def test_old_list_does_not_confirm_a_missing_row(service: Service, listing: ListCache[Item]) -> None:
    """The two lists that lack a row must be close together: one from minutes ago does not count."""
    listing.rows()
    service.time.now += 60

    assert listing.find("x") is None
    assert service.lists == 3


def test_incomplete_list_is_not_requested_twice(service: Service, listing: ListCache[Item]) -> None:
    """When a list is incomplete a second one proves no more, so a missing row returns None at once."""
    service.complete, service.total = False, 9000

    assert listing.rows() == FetchedList([A, B], complete=False, total=9000)
    assert listing.find("x") is None
    assert service.lists == 1


def test_own_writes_show_in_the_next_read(service: Service, listing: ListCache[Item]) -> None:
    """Rows that this process has created, changed or deleted show in the next read without a list call."""
    listing.rows()
    listing.put(C)
    listing.put(Item("a", "ka2", "changed"))
    listing.drop("b")

    assert sorted(row.id for row in listing.rows().rows) == ["a", "c"]
    assert [listing.find("a"), listing.find("c")] == [Item("a", "ka2", "changed"), C]
    assert [listing.with_key(key) for key in ("ka", "ka2", "kb", "kc")] == [[], [Item("a", "ka2", "changed")], [], [C]]
    assert service.lists == 1


def test_recorded_write_makes_no_request(service: Service, listing: ListCache[Item]) -> None:
    """Recording a write makes no list call."""
    listing.put(C)
    listing.drop("a")

    assert service.lists == 0


def test_created_row_may_be_missing_from_a_list(service: Service, listing: ListCache[Item]) -> None:
    """For some seconds a created row is returned although a list lacks it; after that, the list decides."""
    listing.put(C)
    service.time.now += 4.9
    assert listing.find("c") == C

    service.time.now += 11
    assert listing.find("c") is None


def test_deleted_row_may_still_be_in_a_list(service: Service, listing: ListCache[Item]) -> None:
    """For some seconds a deleted row stays gone although a list still has it; after that, the list decides."""
    listing.drop("a")
    service.time.now += 4.9
    assert listing.with_key("ka") == []

    service.time.now += 11
    assert listing.find("a") == A


def test_later_list_replaces_an_own_write(service: Service, listing: ListCache[Item]) -> None:
    """A list that was requested after an own write replaces what was written."""
    listing.put(Item("a", "ka", "ours"))
    service.rows = [Item("a", "ka", "theirs")]

    assert listing.find("a") == Item("a", "ka", "theirs")


def test_write_during_a_list_call_replaces_its_row(service: Service) -> None:
    """A write while a list call is in progress is newer than the row in that list."""
    listing: ListCache[Item]

    def write_meanwhile() -> FetchedList[Item]:
        fetched = service.fetch()
        listing.put(Item("a", "ka", "ours"))
        listing.drop("b")
        listing.put(C)
        return fetched

    listing = ListCache(write_meanwhile, id_of=lambda row: row.id, key_of=lambda row: row.key, clock=service.time.clock)

    assert listing.find("a") == Item("a", "ka", "ours")
    assert [listing.with_key("kb"), listing.with_key("kc")] == [[], [C]]


def test_failed_list_call_answers_later_reads(service: Service, listing: ListCache[Item]) -> None:
    """A list call that failed after all its tries is not made again by each of the reads soon after it."""
    service.error = OSError("down")
    for _ in range(50):
        with pytest.raises(OSError, match="down"):
            listing.find("a")

    assert service.lists == 1


def test_failed_list_call_is_made_again_after_some_seconds(service: Service, listing: ListCache[Item]) -> None:
    """Some seconds after a failure the next read makes a new list call."""
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    service.error = None
    service.time.now += 5.1

    assert listing.find("a") == A


def test_fresh_read_ignores_an_earlier_failure(service: Service, listing: ListCache[Item]) -> None:
    """A fresh read makes a list call even right after a failed one, and its list answers later reads."""
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    service.error = None

    assert listing.rows(max_age=0).rows == [A, B]
    assert listing.find("a") == A
    assert service.lists == 2


def test_failure_keeps_a_list_that_is_new_enough(service: Service, listing: ListCache[Item]) -> None:
    """After a fresh read has failed, other reads are still answered by the list from before."""
    listing.rows()
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.rows(max_age=0)

    assert listing.find("a") == A


@pytest.mark.parametrize("max_age", [1, 5])
def test_max_age_limits_the_age_of_the_list(max_age: float, service: Service, listing: ListCache[Item]) -> None:
    """A list older than a read's `max_age` is requested again, for reads of all rows, by id and by key."""
    questions: list[Callable[[], object]] = [
        lambda: listing.rows(max_age=max_age),
        lambda: listing.with_key("ka", max_age=max_age),
        lambda: listing.find("a", max_age=max_age),
    ]
    listing.rows()
    for lists, ask in enumerate(questions, start=1):
        ask()
        assert service.lists == lists
        service.time.now += max_age + 0.1
        ask()
        assert service.lists == lists + 1


def test_failure_older_than_max_age_is_ignored(service: Service, listing: ListCache[Item]) -> None:
    """A list call that failed two seconds ago fails an ordinary read, and not one whose list may be one second old."""
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    service.time.now += 2
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    assert service.lists == 1
    service.error = None

    assert listing.find("a", max_age=1) == A


def test_age_of_a_list_begins_with_its_request(service: Service) -> None:
    """A list whose request waited for the rate limit is as old as the request, and not as the wait before it."""

    def wait_and_fetch() -> FetchedList[Item]:
        service.time.now += 8
        begun = service.time.clock()
        return FetchedList(service.fetch().rows, begun=begun)

    listing = ListCache(wait_and_fetch, id_of=lambda row: row.id, key_of=lambda row: row.key, clock=service.time.clock)
    begun = listing.rows().begun
    service.time.now += 9

    assert listing.rows().begun == begun
    assert service.time.now - begun < 10
    assert service.lists == 1
