"""What people see of a line, or of a project on its lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ProfileFields:
    """What people see of a line, or of all lines of a project."""

    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None
