"""Handles on the areas of a project: to see and change their state from any thread.

Changes made here follow no rule of the API: no plan, no limit, no conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Protocol, TypeVar

from pulumi_spectrum.emulator.state.platform_map import Platform, PlatformMap
from pulumi_spectrum.emulator.state.secret_fields import SECRET_FIELDS
from pulumi_spectrum.emulator.state.singleton import Singleton
from pulumi_spectrum.emulator.state.table import Item, Table, TableRecord

T = TypeVar("T")


class Owner(Protocol):
    """The emulator that a handle belongs to. It runs functions on the thread that owns the state."""

    @property
    def url(self) -> str:
        """The address that the emulator listens on."""
        ...

    def read(self, function: Callable[[], T], /) -> T:
        """Run a function that reads the state, and return its result."""
        ...

    def change(self, function: Callable[[], T], /) -> T:
        """Run a function that changes the state, save the state, and return the function's result."""
        ...


class AreaHandle:
    """The handle on one area. The control offers the same methods over HTTP.

    Args:
        find: Returns the area's state. A reset of the emulator makes a new one.
        owner: The emulator.
    """

    section: ClassVar[Any]
    """The type of the area's section in a seed."""
    empty: ClassVar[Any] = None
    """The section of a seed that leaves the area out."""
    area_methods: ClassVar[dict[str, str]] = {}
    """What an HTTP method does to the whole area: the name of a method or property of the handle."""
    row_methods: ClassVar[dict[str, str]] = {}
    """What an HTTP method does to the row that the path names: the name of a method of the handle."""
    row_noun: ClassVar[str] = "Row"

    def __init__(self, find: Callable[[], Any], owner: Owner) -> None:
        self._owner = owner
        self._find = find


class RowsHandle(AreaHandle):
    """The rows of one table: dictionaries, as the API would list them, oldest first."""

    section = list[dict[str, Any]]
    empty: ClassVar[Any] = []
    area_methods: ClassVar = {"GET": "rows", "POST": "add", "DELETE": "clear"}
    row_methods: ClassVar = {"PATCH": "change", "DELETE": "remove"}
    _find: Callable[[], Table[Any]]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row_id: str) -> dict[str, Any]:
        return self._owner.read(lambda: self._show(self._required(row_id)))

    def __repr__(self) -> str:
        return repr(self.rows)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The active rows."""
        return self._owner.read(lambda: [self._show(row) for row in self._find().active()])

    @property
    def ids(self) -> list[str]:
        """The ids of the active rows."""
        return self._owner.read(lambda: [row.id for row in self._find().active()])

    @property
    def deleted(self) -> list[dict[str, Any]]:
        """The deleted rows."""
        return self._owner.read(lambda: [self._show(row) for row in self._find().deleted()])

    def secrets(self, row_id: str) -> dict[str, str | None]:
        """Return the secrets that a row has now, whether or not the API would show them."""
        return self._owner.read(lambda: _secrets_of(self._required(row_id)))

    def add(self, /, **fields: Any) -> dict[str, Any]:
        """Add a row of these fields, spelt as in the API. Fields left out get the service's defaults."""
        return self._owner.change(lambda: self._show(self._find().add(**fields)))

    def change(self, row_id: str, /, **fields: Any) -> dict[str, Any]:
        """Change fields of a row, spelt as in the API."""
        return self._owner.change(lambda: self._show(self._find().change(row_id, **fields)))

    def remove(self, row_id: str) -> None:
        """Delete a row."""
        self._owner.change(lambda: self._find().delete(row_id))

    def clear(self) -> None:
        """Delete all rows."""
        self._owner.change(lambda: [self._find().delete(row.id) for row in self._find().active()])

    def _required(self, row_id: str) -> TableRecord:
        row: TableRecord | None = self._find().find(row_id)
        if row is None:
            raise KeyError(row_id)
        return row

    def _show(self, row: TableRecord) -> dict[str, Any]:
        return row.shown(self._find().settings)


class SingletonHandle(AreaHandle):
    """The one object of its kind in a project, such as the profile."""

    section = dict[str, Any] | None
    area_methods: ClassVar = {"GET": "row", "PATCH": "set", "DELETE": "clear"}
    _find: Callable[[], Singleton[Any]]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'set' if self.row else 'not set'})"

    @property
    def row(self) -> dict[str, Any] | None:
        """The object as the API would show it; None when it is not set."""
        return self._owner.read(lambda: self._find().shown())

    def secrets(self) -> dict[str, str | None]:
        """Return the secrets that the object has now, whether or not the API would show them."""
        return self._owner.read(lambda: _secrets_of(self._find().value))

    def set(self, /, **fields: Any) -> dict[str, Any] | None:
        """Set fields, spelt as in the API, and return the object. Fields left out stay."""

        def change() -> dict[str, Any] | None:
            self._find().set(**fields)
            return self._find().shown()

        return self._owner.change(change)

    def clear(self) -> None:
        """Remove the object, as if it had never been set."""
        self._owner.change(lambda: self._find().clear())


class PlatformsHandle(AreaHandle):
    """The platforms of a project, by name."""

    section = dict[Platform, dict[str, bool] | None]
    empty: ClassVar[Any] = {}
    area_methods: ClassVar = {"GET": "rows"}
    row_methods: ClassVar = {"PATCH": "set", "DELETE": "forget"}
    row_noun = "Platform"
    _find: Callable[[], PlatformMap]

    def __getitem__(self, platform: str) -> dict[str, bool]:
        return self.rows[platform]

    def __repr__(self) -> str:
        return repr(self.rows)

    @property
    def rows(self) -> dict[str, dict[str, bool]]:
        """The map as the API would return it."""
        return self._owner.read(lambda: self._find().shown())

    def set(self, platform: str, /, **settings: bool) -> dict[str, bool]:
        """Change ``enabled`` and settings of a platform, enabled or not, and return its entry."""
        return self._owner.change(lambda: self._find().set(platform, **settings))

    def forget(self, platform: str) -> None:
        """Remove a platform from the map, as if it had never been configured."""
        self._owner.change(lambda: self._find().forget(platform))


def _secrets_of(item: Item | None) -> dict[str, str | None]:
    fields = {} if item is None else item.model_dump(by_alias=True)
    return {name: value for name, value in fields.items() if name in SECRET_FIELDS}
