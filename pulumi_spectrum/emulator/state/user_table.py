"""Users: the people who may write to the project's agent."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Literal

from pulumi_spectrum.emulator.errors import ApiError
from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.table import Table, TableRecord
from pulumi_spectrum.emulator.validation import Phone

UserType = Literal["shared", "dedicated"]


class UserRecord(TableRecord):
    """One user. The phone number identifies a shared one; it and the line's number identify a dedicated one."""

    project_id: str
    type: UserType = "shared"
    phone_number: Phone
    assigned_phone_number: Phone | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None  # not checked: a row may be older than the service's present rule for addresses
    meta: dict[str, Any] | None = None

    def shown(self, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the row as the API lists it."""
        assigned = self.assigned_phone_number
        if self.type == "shared" and settings.age(self.created_at) < settings.switches.assigned_number_seconds:
            assigned = None
        row = {
            "id": self.id,
            "projectId": self.project_id,
            "type": self.type,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "email": settings.format_email(self.email),
            "phoneNumber": settings.format_phone(self.phone_number),
            "assignedPhoneNumber": settings.format_phone(assigned) if assigned else None,
            "meta": self.meta,
            "createdAt": settings.format_time(self.created_at),
        }
        if self.deleted_at:
            row["deletedAt"] = settings.format_time(self.deleted_at)
        return row

    def mentions(self, text: str) -> bool:
        """Whether names, phone number or e-mail address contain ``text``, in any case."""
        fields = (self.first_name, self.last_name, self.phone_number, self.email)
        return any(text.casefold() in field.casefold() for field in fields if field)


class UserTable(Table[UserRecord]):
    """The users of one project.

    Args:
        project_id: The project's id, which every row holds.
        settings: What the whole emulator shares.
    """

    def __init__(self, project_id: str, settings: EmulatorSettings) -> None:
        super().__init__(UserRecord, settings)
        self._project_id = project_id

    def add(self, /, **fields: Any) -> UserRecord:
        """Add a row. A shared user without an assigned number gets one of the service's own numbers."""
        fields.setdefault("projectId", self._project_id)
        if fields.get("type", "shared") == "shared" and "assignedPhoneNumber" not in fields:
            fields["assignedPhoneNumber"] = _pool_number(str(fields.get("phoneNumber")))
        return super().add(**fields)

    def put(self, user_type: UserType, fields: dict[str, Any], max_shared: int | None) -> UserRecord:
        """Create a user, or update the supplied fields of the active user with the same key.

        Args:
            user_type: Shared or dedicated.
            fields: The phone number, the line's number for a dedicated user, and the other supplied fields.
            max_shared: How many shared users the plan allows.
        """
        row = self._find_by_key(user_type, fields)
        if row is not None:
            kept = user_type == "dedicated" and self.settings.switches.dedicated_user_names == "keep"
            return row if kept else self.change(row.id, **fields)
        if user_type == "shared" and self.settings.switches.shared_users_matched_by_email and fields.get("email"):
            for row in self.active():
                if row.type == "shared" and row.email == fields["email"]:
                    return self.change(row.id, **{**fields, "phoneNumber": row.phone_number})
        if user_type == "shared" and not self.has_room(fields["phoneNumber"], max_shared):
            status = self.settings.switches.shared_user_limit_status
            raise ApiError(status, f"Maximum number of shared users ({max_shared}) reached")
        return self.add(type=user_type, **fields)

    def _find_by_key(self, user_type: UserType, fields: dict[str, Any]) -> UserRecord | None:
        key = ("phoneNumber", "assignedPhoneNumber") if user_type == "dedicated" else ("phoneNumber",)
        for row in self.active():
            known = {"phoneNumber": row.phone_number, "assignedPhoneNumber": row.assigned_phone_number}
            if row.type == user_type and all(known[name] == fields[name] for name in key):
                return row
        return None

    def has_room(self, phone_number: str, max_shared: int | None) -> bool:
        """Whether a shared user has this phone number, or one can be added without exceeding ``max_shared``."""
        phones = [row.phone_number for row in self.active() if row.type == "shared"]
        return max_shared is None or phone_number in phones or len(phones) < max_shared

    def search(
        self, user_type: str | None = None, ids: Sequence[str] = (), text: str | None = None
    ) -> list[UserRecord]:
        """Return the listed rows that match every given filter."""
        return [
            row
            for row in self.listed()
            if (user_type is None or row.type == user_type)
            and (not ids or row.id in ids)
            and (text is None or row.mentions(text))
        ]

    def find_deleted(self, row_id: str) -> UserRecord | None:
        """Return the deleted row with this id."""
        return next((row for row in self.deleted() if row.id == row_id), None)


def _pool_number(phone_number: str) -> str:
    """Return the shared number that serves ``phone_number``. It is always the same for the same phone number."""
    return f"+1415595{zlib.crc32(phone_number.encode()) % 10_000:04d}"
