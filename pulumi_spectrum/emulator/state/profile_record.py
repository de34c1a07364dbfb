"""A project's profile: what a person who writes with its agent sees."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.singleton import Record, Singleton

Name = Annotated[str, BeforeValidator(lambda name: "" if name is None else name)]
"""A name of a profile that was set. It is never null: a name that was not given is empty."""


class ProfileRecord(Record):
    """The profile of a project."""

    first_name: Name = ""
    last_name: Name = ""
    avatar_url: str | None = None

    @property
    def on_lines(self) -> dict[str, str | None]:
        """The profile as a line carries it, whose names may be null."""
        return {"firstName": self.first_name or None, "lastName": self.last_name or None, "avatarUrl": self.avatar_url}

    def shown(self, project_id: str, settings: EmulatorSettings) -> dict[str, Any]:  # noqa: ARG002 - it shows no times
        """Return the profile as the API shows it."""
        return {
            "projectId": project_id,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "avatarUrl": self.avatar_url,
        }


class ProfileSingleton(Singleton[ProfileRecord]):
    """The profile of one project."""

    def __init__(self, project_id: str, settings: EmulatorSettings) -> None:
        super().__init__(ProfileRecord, project_id, settings)

    def load(self, section: dict[str, Any] | None, place: str) -> None:
        """Set the profile of a seed or a saved state. It stays unset when every field of the section is null."""
        if any(value is not None for value in (section or {}).values()):
            super().load(section, place)
