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


def test_many_reads_cost_one_list(service: Service, listing: ListCache[Item]) -> None:
    """Reading all, by id and by key is answered by one list call."""
    assert listing.rows() == FetchedList([A, B], complete=True, total=2)
    assert [listing.find("a"), listing.find("b")] == [A, B]
    assert [listing.with_key("ka"), listing.with_key("kx")] == [[A], []]
    assert service.lists == 1


def test_a_list_ages(service: Service, listing: ListCache[Item]) -> None:
    """A list answers for ten seconds; then what others have changed is seen."""
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
def test_a_fresh_read_is_newer_than_its_question(
    read: Callable[[ListCache[Item]], list[Item]], service: Service, listing: ListCache[Item]
) -> None:
    """Who must know how things are now gets a list call that began after the question."""
    listing.rows()
    service.rows = [Item("new")]

    assert read(listing) == [Item("new")]
    assert service.lists == 2


def test_a_fresh_read_answers_others_too(service: Service, listing: ListCache[Item]) -> None:
    """What a fresh read has brought serves those who come after."""
    listing.rows(max_age=0)
    listing.find("a")

    assert service.lists == 1


def test_a_miss_is_confirmed_by_a_second_list(service: Service, listing: ListCache[Item]) -> None:
    """A row is gone once two lists in a row lack it."""
    assert listing.find("x") is None
    assert service.lists == 2


def test_fifty_misses_cost_two_lists(service: Service, listing: ListCache[Item]) -> None:
    """However many rows are gone, two lists prove it for all of them."""
    assert [listing.find(f"gone-{number}") for number in range(50)] == [None] * 50
    assert service.lists == 2


def test_a_row_that_one_list_lacked_is_not_gone(service: Service, listing: ListCache[Item]) -> None:
    """A list that lacks a row by mistake drops nothing: the second one has it."""
    real = service.fetch

    def lack_once() -> FetchedList[Item]:
        fetched = real()
        return FetchedList([]) if service.lists == 1 else fetched

    listing = ListCache(lack_once, id_of=lambda row: row.id, key_of=lambda row: row.key, clock=service.time.clock)

    assert listing.find("a") == A
    assert service.lists == 2


def test_a_row_that_vanishes_between_two_lists_is_looked_for_again(service: Service, listing: ListCache[Item]) -> None:
    """A row that an earlier list had is gone only when two newer ones lack it."""
    listing.find("a")
    service.rows = [B]
    listing.rows(max_age=0)
    service.rows = [A, B]

    assert listing.find("a") == A
    assert service.lists == 3


def test_an_old_list_proves_nothing(service: Service, listing: ListCache[Item]) -> None:
    """The two lists that lack a row are near each other: one from minutes ago does not count."""
    listing.rows()
    service.time.now += 60

    assert listing.find("x") is None
    assert service.lists == 3


def test_an_incomplete_list_is_not_asked_twice(service: Service, listing: ListCache[Item]) -> None:
    """Where a list is known to be a part, a second one proves no more; who asks has to look elsewhere."""
    service.complete, service.total = False, 9000

    assert listing.rows() == FetchedList([A, B], complete=False, total=9000)
    assert listing.find("x") is None
    assert service.lists == 1


def test_own_writes_are_seen_at_once(service: Service, listing: ListCache[Item]) -> None:
    """What this process has created, changed or deleted shows in the next read, without a list call."""
    listing.rows()
    listing.put(C)
    listing.put(Item("a", "ka2", "changed"))
    listing.drop("b")

    assert sorted(row.id for row in listing.rows().rows) == ["a", "c"]
    assert [listing.find("a"), listing.find("c")] == [Item("a", "ka2", "changed"), C]
    assert [listing.with_key(key) for key in ("ka", "ka2", "kb", "kc")] == [[], [Item("a", "ka2", "changed")], [], [C]]
    assert service.lists == 1


def test_writes_before_the_first_list_cost_nothing(service: Service, listing: ListCache[Item]) -> None:
    """Recording a write asks the service nothing."""
    listing.put(C)
    listing.drop("a")

    assert service.lists == 0


def test_a_new_row_may_be_missing_from_a_list_for_a_while(service: Service, listing: ListCache[Item]) -> None:
    """A row that was just created is there although a list lacks it, until the list has had its time."""
    listing.put(C)
    service.time.now += 4.9
    assert listing.find("c") == C

    service.time.now += 11
    assert listing.find("c") is None


def test_a_deleted_row_may_be_in_a_list_for_a_while(service: Service, listing: ListCache[Item]) -> None:
    """A row that was just deleted is gone although a list still shows it, until the list has had its time."""
    listing.drop("a")
    service.time.now += 4.9
    assert listing.with_key("ka") == []

    service.time.now += 11
    assert listing.find("a") == A


def test_a_later_change_by_others_wins_over_an_own_write(service: Service, listing: ListCache[Item]) -> None:
    """A list that began after an own write is newer than it."""
    listing.put(Item("a", "ka", "ours"))
    service.rows = [Item("a", "ka", "theirs")]

    assert listing.find("a") == Item("a", "ka", "theirs")


def test_a_write_during_a_list_call_wins_over_it(service: Service) -> None:
    """What was written while a list was on its way is newer than that list."""
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


def test_a_failure_answers_those_who_come_soon(service: Service, listing: ListCache[Item]) -> None:
    """A list call that failed after all its tries is not tried again for each of fifty resources."""
    service.error = OSError("down")
    for _ in range(50):
        with pytest.raises(OSError, match="down"):
            listing.find("a")

    assert service.lists == 1


def test_a_failure_is_soon_forgotten(service: Service, listing: ListCache[Item]) -> None:
    """Some seconds after a failure the service is asked again."""
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    service.error = None
    service.time.now += 5.1

    assert listing.find("a") == A


def test_a_fresh_read_is_never_answered_with_an_earlier_failure(service: Service, listing: ListCache[Item]) -> None:
    """Who must know how things are now asks, whatever happened before; and the success is there for all."""
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    service.error = None

    assert listing.rows(max_age=0).rows == [A, B]
    assert listing.find("a") == A
    assert service.lists == 2


def test_a_failure_does_not_spoil_a_list_that_is_young(service: Service, listing: ListCache[Item]) -> None:
    """A fresh read that failed says nothing against the list that is already there."""
    listing.rows()
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.rows(max_age=0)

    assert listing.find("a") == A


@pytest.mark.parametrize("max_age", [1, 5])
def test_a_question_says_how_old_a_list_may_be(max_age: float, service: Service, listing: ListCache[Item]) -> None:
    """A list that was begun longer before the question than it allows is made anew, for all three questions."""
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


def test_a_failure_is_no_answer_to_who_wants_a_newer_list(service: Service, listing: ListCache[Item]) -> None:
    """A list call that failed two seconds ago answers a read, and not a question for a list of one second."""
    service.error = OSError("down")
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    service.time.now += 2
    with pytest.raises(OSError, match="down"):
        listing.find("a")
    assert service.lists == 1
    service.error = None

    assert listing.find("a", max_age=1) == A


def test_a_list_is_as_old_as_its_request(service: Service) -> None:
    """A list whose request waited for the rate limit is as old as that request, and not as the wait before it."""

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
