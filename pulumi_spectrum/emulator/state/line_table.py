"""Phone lines that a project owns."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pulumi_spectrum.emulator.errors import ApiError, NotFoundError
from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.table import Table, TableRecord
from pulumi_spectrum.emulator.switches import Plan
from pulumi_spectrum.emulator.validation import Phone


class LineRecord(TableRecord):
    """One iMessage line. The number of a deleted line is never given again."""

    platform: Literal["imessage"] = "imessage"
    phone_number: Phone
    status: Literal["available", "unavailable", "unknown"] = "available"
    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None

    @property
    def profile(self) -> dict[str, str | None]:
        """The profile as the API shows it."""
        return {"firstName": self.first_name, "lastName": self.last_name, "avatarUrl": self.avatar_url}

    def shown(self, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the row as the API lists it."""
        settling = settings.age(self.created_at) < settings.switches.line_settle_seconds
        withheld = settling and settings.switches.line_number_withheld
        return {
            "id": self.id,
            "platform": self.platform,
            "phoneNumber": None if withheld else settings.format_phone(self.phone_number),
            "status": "unknown" if settling else self.status,
            "profile": self.profile,
            "createdAt": settings.format_time(self.created_at),
        }


class LineTable(Table[LineRecord]):
    """The lines of one project."""

    def __init__(self, settings: EmulatorSettings) -> None:
        super().__init__(LineRecord, settings)
        self._allocated = 0

    def add(self, /, **fields: Any) -> LineRecord:
        """Add a row. A line without a number gets the next number that this project never had."""
        if "phoneNumber" not in fields:
            fields["phoneNumber"] = self._next_number()
        return super().add(**fields)

    def allocate(self, plan: Plan) -> LineRecord:
        """Allocate a line for a client. Only the Business plan allows it."""
        if plan != "business":
            status = self.settings.switches.line_plan_status
            raise ApiError(status, "Dedicated lines are available on the Business plan only")
        return self.add()

    def owns(self, phone_number: str) -> bool:
        """Whether an active line has this number."""
        return any(row.phone_number == phone_number for row in self.active())

    def required(self, row_id: str) -> LineRecord:
        """Return the active row with this id. 404 when there is none."""
        row = self.find(row_id)
        if row is None:
            raise NotFoundError("Line")
        return row

    def billing(self) -> dict[str, Any]:
        """Return how many lines the subscription pays for, and whether that number is in sync."""
        return {"quantity": len(self.active()), "prorationAmount": 0, "syncStatus": self._sync_status()}

    def billing_status(self) -> dict[str, Any]:
        """Return whether the subscription has followed the number of lines, and since when."""
        synced = [moment for moment in self._billed_changes() if self._is_synced(moment)]
        delay = timedelta(seconds=self.settings.switches.billing_sync_seconds)
        return {
            "syncStatus": self._sync_status(),
            "lastSyncedAt": self.settings.format_time(max(synced) + delay) if synced else None,
            "error": None,
            "quantity": len(self.active()),
            "lastProrationAmount": 0 if synced else None,
        }

    def _billed_changes(self) -> list[datetime]:
        """Return when lines were added and removed."""
        moments = [moment for row in self._rows.values() for moment in (row.created_at, row.deleted_at)]
        return [moment for moment in moments if moment is not None]

    def _is_synced(self, change: datetime) -> bool:
        return self.settings.age(change) >= self.settings.switches.billing_sync_seconds

    def _sync_status(self) -> str:
        return "in_sync" if all(self._is_synced(moment) for moment in self._billed_changes()) else "syncing"

    def _next_number(self) -> str:
        taken = {row.phone_number for row in self._rows.values()}
        while True:
            self._allocated += 1
            number = f"+1628555{self._allocated:04d}"
            if number not in taken:
                return number
