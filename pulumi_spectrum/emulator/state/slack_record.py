"""A project's Slack app and the teams that installed it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.secret_fields import mask_secrets
from pulumi_spectrum.emulator.state.singleton import Record
from pulumi_spectrum.emulator.state.table import Item, new_id
from pulumi_spectrum.emulator.validation import Moment

SlackFeature = Literal["channel-history", "read-tracking", "dms", "files", "reactions", "pins"]


class SlackInstallationRecord(Item):
    """One team that installed the app. The API returns its bot token in plain text."""

    installation_id: str = Field(default_factory=new_id)
    team_id: str
    team_name: str
    app_id: str
    bot_token: str = Field(repr=False)
    bot_user_id: str
    granted_scopes: tuple[str, ...] = ()
    bot_refresh_token: str | None = Field(default=None, repr=False)
    bot_token_expires_at: Moment | None = None
    installed_at: Moment
    updated_at: Moment

    def shown(self, app_config_id: str, project_id: str, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the installation as the API shows it."""
        return {
            "installationId": self.installation_id,
            "appConfigId": app_config_id,
            "projectId": project_id,
            "teamId": self.team_id,
            "teamName": self.team_name,
            "appId": self.app_id,
            "botToken": self.bot_token,
            "botRefreshToken": self.bot_refresh_token,
            "botTokenExpiresAt": settings.format_time(self.bot_token_expires_at) if self.bot_token_expires_at else None,
            "botUserId": self.bot_user_id,
            "grantedScopes": list(self.granted_scopes),
            "installedAt": settings.format_time(self.installed_at),
            "updatedAt": settings.format_time(self.updated_at),
        }


class SlackAppRecord(Record):
    """The app and its installations, keyed by the team's id."""

    app_config_id: str = Field(default_factory=new_id)
    app_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = Field(default=None, repr=False)
    signing_secret: str | None = Field(default=None, repr=False)
    enabled_features: tuple[SlackFeature, ...] = ()
    installations: dict[str, SlackInstallationRecord] = Field(default_factory=dict)

    def shown(self, project_id: str, settings: EmulatorSettings) -> dict[str, Any]:
        """Return the configuration as the API shows it: secrets in clear, or masked when the switch says so."""
        secrets = {"clientSecret": self.client_secret, "signingSecret": self.signing_secret}
        if settings.switches.slack_secrets == "masked":
            secrets = mask_secrets(secrets)
        return {
            "appConfigId": self.app_config_id,
            "projectId": project_id,
            "appId": self.app_id,
            "clientId": self.client_id,
            **secrets,
            "enabledFeatures": list(self.enabled_features),
            "installationCount": len(self.installations),
            "createdAt": settings.format_time(self.created_at),
            "updatedAt": settings.format_time(self.updated_at),
        }
