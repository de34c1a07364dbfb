"""Tables: the many objects of one kind in a project, which are added, changed and softly deleted."""

from __future__ import annotations

import uuid
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.loading import SnapshotError, loading
from pulumi_spectrum.emulator.validation import Moment


def new_id() -> str:
    """Return an id as the service makes them: UUID text."""
    return str(uuid.uuid4())


class Item(BaseModel):
    """An object that a project holds. Its fields are spelt as in the API in seeds, saved states and handles."""

    # The object may hold secrets, which a validation error must not show.
    model_config = ConfigDict(
        hide_input_in_errors=True,
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
    )


class TableRecord(Item):
    """One row of a table."""

    id: str = Field(default_factory=new_id)
    created_at: Moment
    deleted_at: Moment | None = None

    def shown(self, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the row as the API lists it."""
        raise NotImplementedError


R = TypeVar("R", bound=TableRecord)


class Table(Generic[R]):
    """The rows of one kind in one project, in the order of their creation.

    Args:
        row_type: The class of the rows.
        settings: What the whole emulator shares.
    """

    def __init__(self, row_type: type[R], settings: EmulatorSettings) -> None:
        self._row_type = row_type
        self.settings = settings
        self._rows: dict[str, R] = {}

    def active(self) -> list[R]:
        """Return the rows that are not deleted, oldest first."""
        return [row for row in self._rows.values() if row.deleted_at is None]

    def listed(self) -> list[R]:
        """Return the active rows that the API lists already: a switch delays new ones."""
        delay = self.settings.switches.listing_delay_seconds
        return [row for row in self.active() if not delay or self.settings.age(row.created_at) >= delay]

    def deleted(self) -> list[R]:
        """Return the deleted rows."""
        return [row for row in self._rows.values() if row.deleted_at is not None]

    def find(self, row_id: str) -> R | None:
        """Return the active row with this id."""
        row = self._rows.get(row_id)
        return row if row is not None and row.deleted_at is None else None

    def add(self, /, **fields: Any) -> R:
        """Add a row of these fields, spelt as in the API, and return it. ValueError when its id is taken."""
        fields.setdefault("createdAt", self.settings.clock.now())
        row = self._row_type.model_validate(fields)
        if row.id in self._rows:
            raise ValueError("id is the id of another row")
        return self._store(row)

    def change(self, row_id: str, /, **fields: Any) -> R:
        """Change fields of an active row and return it. KeyError when there is none."""
        row = self.find(row_id)
        if row is None:
            raise KeyError(row_id)
        return self._store(self._row_type.model_validate({**row.model_dump(by_alias=True), **fields, "id": row_id}))

    def delete(self, row_id: str) -> R:
        """Softly delete an active row and return it. KeyError when there is none."""
        return self.change(row_id, deletedAt=self.settings.clock.now())

    def load(self, section: list[dict[str, Any]], place: str) -> None:
        """Add the rows of a seed or a saved state, which stand at ``place`` in its document."""
        for position, fields in enumerate(section):
            row_place = f"{place}.{position}"
            with loading(row_place, fields):
                if str(fields.get("id")) in self._rows:
                    raise SnapshotError(f"{row_place}.id is the id of another row")
                self.add(**fields)

    def dump(self) -> list[dict[str, Any]]:
        """Return every row, deleted ones too, as JSON values."""
        return [row.model_dump(mode="json", by_alias=True) for row in self._rows.values()]

    def _store(self, row: R) -> R:
        self.settings.remember_secrets(row.model_dump(by_alias=True))
        self._rows[row.id] = row
        return row
