"""Lists that come in pages, read whole although rows come and go meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pulumi_spectrum.client.errors import ServiceFailed

R = TypeVar("R")

MAX_READINGS = 3
"""How often a list is read from its beginning at most, when it has fewer rows than its total says."""
BEYOND_ALL_ROWS = 1_000_000
"""An offset at which a service that supports pages returns no rows."""
MAX_STEPS_BACK = 10
"""How many pages of one list may fail to continue the page before."""
MAX_PAGES = 1000
"""How many pages a list has at most: those of half a million users. One that goes on beyond them never ends."""
MAX_PAGES_WITHOUT_NEWS = 10
"""How many pages in a row may hold nothing new, as after rows were inserted before them."""


@dataclass(frozen=True)
class Page(Generic[R]):
    """A part of a list.

    Args:
        rows: The rows, in the API's order; also those that the API shows as deleted.
        total: How many rows the whole list has, where the API says so.
    """

    rows: list[R]
    total: int | None


class PageCount:
    """Counts the pages of one reading of a list, so that a server whose pages never end is not followed for ever.

    Args:
        path: The list's path, for errors.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._pages = 0
        self._without_news = 0

    def add(self, *, has_news: bool) -> None:
        """Count one more page.

        Args:
            has_news: Whether it has a row that no page before it had.

        Raises:
            ServiceFailed: No list has that many pages, or that many in a row without anything new.
        """
        self._pages += 1
        self._without_news = 0 if has_news else self._without_news + 1
        if self._pages > MAX_PAGES or self._without_news > MAX_PAGES_WITHOUT_NEWS:
            raise ServiceFailed(
                "the pages of the list do not end, so it is not known as a whole. Try again in a minute",
                method="Reading",
                path=self._path,
            )


class PagedList(Generic[R]):
    """Reads one list, from its first page on.

    Each page is requested so that it begins with the last row of the page before. If rows before it are deleted
    meanwhile, the rest moves up and the page begins with an unknown row: then a page half a page earlier is requested.
    So no row is skipped that existed all the time. In the end there must be at least as many rows as the lowest `total`
    of the pages says: a row that is created meanwhile may be missing.

    Args:
        fetch: Requests the page that begins at an offset.
        id_of: A row's id.
        is_deleted: Whether the API shows a row as deleted. Such rows may or may not count in `total`.
        path: The list's path, for errors.
    """

    def __init__(
        self, fetch: Callable[[int], Page[R]], *, id_of: Callable[[R], str], is_deleted: Callable[[R], bool], path: str
    ) -> None:
        self._fetch = fetch
        self._id_of = id_of
        self._is_deleted = is_deleted
        self._path = path
        self._steps_back = 0

    def read(self, first: Page[R]) -> list[R]:
        """Return all rows that are not deleted.

        Args:
            first: The page at offset 0.

        Raises:
            ServiceFailed: The list kept changing, does not end, or holds fewer rows than its `total` says.
        """
        for _ in range(MAX_READINGS):
            rows, total = self._read_once(first)
            if total is None or len(rows) >= total:
                return [row for row in rows.values() if not self._is_deleted(row)]
            first = self._fetch(0)
        raise ServiceFailed(
            f"the service says that there are {total}, and lists {len(rows)} of them, so what is missing here may be "
            "there all the same. Try again in a minute",
            method="Reading",
            path=self._path,
        )

    def _read_once(self, first: Page[R]) -> tuple[dict[str, R], int | None]:
        page, offset = first, 0
        rows = {self._id_of(row): row for row in page.rows}
        totals = [page.total]
        shows_deleted = self._has_deleted(page)
        count = PageCount(self._path)
        count.add(has_news=True)
        while not self._is_last(page, offset, shows_deleted=shows_deleted):
            end = offset + len(page.rows)
            page, offset = self._fetch_next(page, end, rows)
            totals.append(page.total)
            shows_deleted = shows_deleted or self._has_deleted(page)
            if page.total is None and self._is_same(page, first) and self._is_same(self._fetch(BEYOND_ALL_ROWS), first):
                break  # The service does not support pages, and returns the whole list each time.
            known = len(rows)
            rows.update((self._id_of(row), row) for row in page.rows)
            # A page from further back proves nothing: rows may have moved down again while it was looked for.
            if len(rows) == known and offset >= end - 1 and offset + len(page.rows) <= end:
                break
            count.add(has_news=len(rows) > known)
        return rows, min((total for total in totals if total is not None), default=None)

    def _fetch_next(self, page: Page[R], end: int, rows: dict[str, R]) -> tuple[Page[R], int]:
        """Return the page that continues what was read up to an offset, and its own offset."""
        if len(page.rows) <= 1:
            # Such a page cannot begin with a known row and have another one.
            return self._fetch(end), end
        offset, step = end - 1, len(page.rows) // 2
        while True:
            following = self._fetch(offset)
            if offset == 0 or (following.rows and self._id_of(following.rows[0]) in rows):
                return following, offset
            self._steps_back += 1
            if self._steps_back > MAX_STEPS_BACK:
                raise ServiceFailed(
                    "the list kept changing while its pages were read, so it is not known as a whole. Try again in a "
                    "minute",
                    method="Reading",
                    path=self._path,
                )
            offset = max(0, offset - step)

    def _is_same(self, page: Page[R], other: Page[R]) -> bool:
        """Return whether two pages have the same rows, whatever has changed in one."""
        return [self._id_of(row) for row in page.rows] == [self._id_of(row) for row in other.rows]

    def _has_deleted(self, page: Page[R]) -> bool:
        return any(map(self._is_deleted, page.rows))

    @staticmethod
    def _is_last(page: Page[R], offset: int, *, shows_deleted: bool) -> bool:
        if page.total is None or shows_deleted:
            # Only a page without further rows shows the end.
            return not page.rows
        return offset + len(page.rows) >= page.total
