"""Where a project's incoming calls go."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.singleton import Record
from pulumi_spectrum.emulator.state.table import new_id


class SipInboundRecord(Record):
    """The SIP target of a project. The API takes its password and never returns it."""

    config_id: str = Field(default_factory=new_id)
    sip_uri: str
    username: str | None = None
    password: str | None = Field(default=None, repr=False)

    def shown(self, project_id: str, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the target as the API shows it."""
        return {
            "configId": self.config_id,
            "projectId": project_id,
            "sipUri": self.sip_uri,
            "username": self.username,
            "hasPassword": self.password is not None,
            "createdAt": settings.format_time(self.created_at),
            "updatedAt": settings.format_time(self.updated_at),
        }
