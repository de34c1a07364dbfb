"""Where a project's incoming calls go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from pulumi_spectrum.emulator.state.settings import Settings
from pulumi_spectrum.emulator.state.table import Item, new_id


class SipInbound(Item):
    """The SIP target of a project. Its password can be written and never read."""

    config_id: str = Field(default_factory=new_id)
    sip_uri: str
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    created_at: datetime
    updated_at: datetime

    def shown(self, project_id: str, settings: Settings) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {
            "configId": self.config_id,
            "projectId": project_id,
            "sipUri": self.sip_uri,
            "username": self.username,
            "hasPassword": self.password is not None,
            "createdAt": settings.written(self.created_at),
            "updatedAt": settings.written(self.updated_at),
        }
