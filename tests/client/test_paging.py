"""Reading all pages of a list, while rows are added and deleted."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_spectrum.client import ServiceFailed
from pulumi_spectrum.client.paging import (
    MAX_PAGES,
    MAX_PAGES_WITHOUT_NEWS,
    MAX_READINGS,
    MAX_STEPS_BACK,
    Page,
    PagedList,
)


@dataclass(frozen=True)
class Item:
    id: int
    is_deleted: bool = False
    seen: int = 0


@dataclass
class Service:
    """A service with a list, which may change after each page that it hands out."""

    rows: list[Item]
    most: int = 500
    total: Callable[["Service"], int | None] = lambda service: len(service.rows)
    changes: list[Callable[[list[Item]], None]] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def fetch(self, offset: int) -> Page[Item]:
        self.offsets.append(offset)
        page = Page(self.rows[offset : offset + self.most], self.total(self))
        if self.changes:
            self.changes.pop(0)(self.rows)
        return page

    def read(self) -> list[int]:
        pages = PagedList(self.fetch, id_of=lambda row: row.id, is_deleted=lambda row: row.is_deleted, path="/things/")
        return [row.id for row in pages.read(self.fetch(0))]


def items(count: int) -> list[Item]:
    return [Item(number) for number in range(count)]


def delete(*indexes: int) -> Callable[[list[Item]], None]:
    def change(rows: list[Item]) -> None:
        for index in sorted(indexes, reverse=True):
            del rows[index]

    return change


def insert(index: int, number: int) -> Callable[[list[Item]], None]:
    return lambda rows: rows.insert(index, Item(number))


@pytest.mark.parametrize(
    ("count", "offsets"), [(0, [0]), (1, [0]), (500, [0]), (501, [0, 499]), (999, [0, 499]), (1000, [0, 499, 998])]
)
def test_pages_overlap_by_one_row(count: int, offsets: list[int]) -> None:
    """Each page but the first begins with the last row of the page before it."""
    service = Service(items(count))

    assert service.read() == list(range(count))
    assert service.offsets == offsets


@pytest.mark.parametrize("index", [0, 250, 498, 499])
def test_deletion_between_pages_skips_no_row(index: int) -> None:
    """When a row of the first page is deleted before the second is read, the 501st is still in the list."""
    service = Service(items(501), changes=[delete(index)])

    assert 500 in service.read()


def test_deletion_and_new_row_with_the_same_total() -> None:
    """When the total stays the same, moved rows are noticed by the first row of the next page."""
    service = Service(items(501), changes=[lambda rows: (delete(3)(rows), rows.append(Item(900)))])

    assert {500, 900} <= set(service.read())


def test_insertion_between_pages_doubles_no_row() -> None:
    """Rows that move to a later page are returned once, and the list is not read again for the new ones."""
    service = Service(items(600), changes=[insert(0, 900), insert(0, 901)])

    assert service.read() == list(range(600))
    assert service.offsets == [0, 499]


def test_deletion_of_most_rows_between_pages() -> None:
    """After a page beyond the new end of the list, reading goes back to rows that are known."""
    service = Service(items(900), changes=[delete(*range(100, 700))])

    assert set(range(700, 900)) <= set(service.read())


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_pages_shorter_than_the_limit(most: int) -> None:
    """A list whose pages have fewer rows than the limit is read to the end."""
    assert Service(items(250), most=most).read() == list(range(250))


@pytest.mark.parametrize("most", [1, 2, 3, 100])
@pytest.mark.parametrize("count", [0, 1, 2, 250])
def test_list_without_a_total_ends_with_no_new_row(most: int, count: int) -> None:
    """Without a total, pages are requested until one has no new row."""
    assert Service(items(count), most=most, total=lambda _: None).read() == list(range(count))


@pytest.mark.parametrize("count", [1, 3])
def test_service_that_ignores_the_offset(count: int) -> None:
    """A service without a total that returns the whole list for every offset is read once through."""
    service = Service(items(count), total=lambda _: None)
    whole = Page(list(service.rows), None)
    service.fetch = lambda _: whole

    assert service.read() == list(range(count))


@pytest.mark.parametrize("counts_deleted", [True, False])
def test_deleted_rows_are_left_out(counts_deleted: bool) -> None:
    """Rows shown as deleted take up room in pages and are not returned, whether or not the total counts them."""
    rows = [Item(number, is_deleted=number % 3 == 0) for number in range(250)]
    active = [row.id for row in rows if not row.is_deleted]
    service = Service(rows, most=100, total=lambda _: 250 if counts_deleted else len(active))

    assert service.read() == active


def test_fewer_rows_than_the_total_is_an_error() -> None:
    """When three readings have fewer rows than the total says, an error is raised."""
    service = Service(items(3), total=lambda _: 5)

    with pytest.raises(ServiceFailed) as caught:
        service.read()

    assert str(caught.value) == (
        "Reading /things/ failed: the service says that there are 5, and lists 3 of them, so what is missing here may "
        "be there all the same. Try again in a minute."
    )
    assert service.offsets.count(0) == MAX_READINGS + 1


def test_fewer_rows_than_the_total_is_read_again() -> None:
    """When one reading has fewer rows than the total says, the next one is returned."""
    service = Service(items(3))
    service.total = lambda it: 5 if len(it.offsets) <= 2 else 3

    assert service.read() == [0, 1, 2]


def test_list_that_keeps_changing_is_an_error() -> None:
    """Reading ends after a number of steps back, with an error that says that the list kept changing."""
    counter = iter(range(10_000, 1_000_000))

    def replace_all(rows: list[Item]) -> None:
        rows[:] = [Item(next(counter)) for _ in range(5000)]

    service = Service(items(5000), changes=[replace_all] * 1000)

    with pytest.raises(ServiceFailed, match=r"kept changing while its pages were read.*Try again in a minute"):
        service.read()

    assert len(service.offsets) <= MAX_READINGS * (MAX_STEPS_BACK + 2)


@dataclass
class Endless(Service):
    """A service that answers in the same way at any offset.

    Args:
        page: Returns the rows at an offset.
    """

    page: Callable[[int], list[Item]] = lambda _offset: []

    def fetch(self, offset: int) -> Page[Item]:
        self.offsets.append(offset)
        return Page(self.page(offset), self.total(self))


@pytest.mark.parametrize("size", [1, 2, 20])
@pytest.mark.parametrize("total", [lambda _: None, lambda service: 20 * (len(service.offsets) + 2)])
def test_pages_that_never_end_are_an_error(size: int, total: Callable[[Service], int | None]) -> None:
    """A service that has new rows on each page is not followed for ever, with a growing total or without one."""
    service = Endless([], total=total, page=lambda offset: [Item(offset + number) for number in range(size)])

    with pytest.raises(ServiceFailed, match=r"the pages of the list do not end.*Try again in a minute"):
        service.read()

    assert len(service.offsets) == MAX_PAGES + 1


@pytest.mark.parametrize("size", [2, 500])
def test_page_that_comes_again_and_again_is_an_error(size: int) -> None:
    """A service that answers with the same rows at any offset, and says that there are more, is not followed."""
    service = Endless([], total=lambda _: 1_000_000, page=lambda _: items(size))

    with pytest.raises(ServiceFailed, match="the pages of the list do not end"):
        service.read()

    assert len(service.offsets) == MAX_PAGES_WITHOUT_NEWS + 2


def test_whole_list_whose_rows_change_with_each_response() -> None:
    """A service without a total that returns the whole list for every offset is known by the ids of the rows."""
    service = Endless([], total=lambda _: None)
    service.page = lambda _: [Item(number, seen=len(service.offsets)) for number in range(3)]

    assert service.read() == [0, 1, 2]
    assert len(service.offsets) == 3


@example(count=3, most=2, changes=[[(False, 0)]], has_total=False)
@example(count=4, most=2, changes=[[], [(True, 0)], [(False, 0)]], has_total=False)
@given(
    count=st.integers(0, 40),
    most=st.integers(2, 12),
    changes=st.lists(st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=3), max_size=12),
    has_total=st.booleans(),
)
def test_row_that_stays_is_in_the_list(
    count: int, most: int, changes: list[list[tuple[bool, int]]], has_total: bool
) -> None:
    """Whatever is deleted or inserted between pages, no row is missing that was there from beginning to end."""
    new = iter(range(1000, 2000))

    def change(edits: list[tuple[bool, int]]) -> Callable[[list[Item]], None]:
        def apply(rows: list[Item]) -> None:
            for is_deletion, index in edits:
                if not is_deletion:
                    rows.insert(min(index, len(rows)), Item(next(new)))
                elif index < len(rows):
                    del rows[index]

        return apply

    service = Service(items(count), most=most, changes=[change(edits) for edits in changes])
    if not has_total:
        service.total = lambda _: None
    try:
        read = service.read()
    except ServiceFailed:
        return
    assert set(range(count)) & {row.id for row in service.rows} <= set(read)
    assert len(read) == len(set(read))
