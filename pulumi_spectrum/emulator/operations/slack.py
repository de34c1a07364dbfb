"""The Slack app of a project and its installations."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from pulumi_spectrum.emulator.errors import ConflictError, NotFoundError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.state.slack import SlackApp, SlackFeature, SlackInstallation
from pulumi_spectrum.emulator.validation import Body, FilledText, WholeNumber

LONGEST_TOKEN_SECONDS = 10 * 366 * 86_400
"""A bound that keeps the moment of expiry a date; the service's own is in no source."""


class SlackConfigPut(Body):
    """The body that sets the app; what it leaves out stays."""

    app_id: FilledText = ""
    client_id: FilledText = ""
    client_secret: FilledText = ""
    signing_secret: FilledText = ""
    enabled_features: list[SlackFeature] = Field(default_factory=list)


class SlackInstallationPut(Body):
    """The body that sets an installation."""

    team_name: str
    app_id: str
    bot_token: str
    bot_user_id: str
    granted_scopes: list[str]
    bot_refresh_token: str = ""
    bot_token_expires_in_sec: Annotated[WholeNumber, Field(ge=0, le=LONGEST_TOKEN_SECONDS)] = 0


class SlackSetup(Body):
    """The body that starts the guided setup."""

    app_name: str
    enabled_features: list[SlackFeature]
    config_token: str = ""
    refresh_token: str = ""


@OPERATIONS.answer("getSlackConfig")
def get_slack_config(call: Call[None]) -> dict[str, Any] | None:
    """Answer the app's configuration, or null."""
    app = call.project.slack
    return app.shown(call.project.id, call.settings) if app else None


@OPERATIONS.answer("putSlackConfig", body=SlackConfigPut)
def put_slack_config(call: Call[SlackConfigPut]) -> dict[str, Any]:
    """Answer the configuration as it is now."""
    fields = call.body.sent()
    app_id = fields.get("appId")
    others = (project.slack for project in call.service.projects.values() if project is not call.project)
    if app_id and any(app is not None and app.app_id == app_id for app in others):
        raise ConflictError("The Slack app belongs to another project")
    now = call.settings.clock.now()
    former = call.project.slack
    kept = former.model_dump(by_alias=True) if former else {"createdAt": now}
    app = SlackApp.model_validate({**kept, **fields, "updatedAt": now})
    call.project.slack = app
    return app.shown(call.project.id, call.settings)


@OPERATIONS.answer("deleteSlackConfig")
def delete_slack_config(call: Call[None]) -> None:
    """Remove the app and its installations: no source names the answer's shape."""
    if call.project.slack is None:
        raise NotFoundError("Slack configuration")
    call.project.slack = None


@OPERATIONS.answer("listSlackInstallations")
def list_slack_installations(call: Call[None]) -> dict[str, Any]:
    """Answer the installations, wrapped, bot tokens and all."""
    app = call.project.slack
    rows = app.installations.values() if app else ()
    return {"installations": [row.shown(app.app_config_id, call.project.id, call.settings) for row in rows if app]}


@OPERATIONS.answer("putSlackInstallation", body=SlackInstallationPut)
def put_slack_installation(call: Call[SlackInstallationPut]) -> dict[str, Any]:
    """Answer the installation as it is now."""
    app = _app_to_install(call)
    team_id = call.path["teamId"]
    now = call.settings.clock.now()
    former = app.installations.get(team_id)
    kept = former.model_dump(by_alias=True) if former else {"teamId": team_id, "installedAt": now}
    fields = call.body.sent()
    if "botTokenExpiresInSec" in fields:
        fields["botTokenExpiresAt"] = now + timedelta(seconds=fields.pop("botTokenExpiresInSec"))
    installation = SlackInstallation.model_validate({**kept, **fields, "updatedAt": now})
    call.project.slack = app.model_copy(update={"installations": {**app.installations, team_id: installation}})
    return installation.shown(app.app_config_id, call.project.id, call.settings)


@OPERATIONS.answer("deleteSlackInstallation")
def delete_slack_installation(call: Call[None]) -> None:
    """Remove an installation: no source names the answer's shape."""
    app = _app_to_install(call)
    team_id = call.path["teamId"]
    if team_id not in app.installations:
        raise NotFoundError("Slack installation")
    left = {team: each for team, each in app.installations.items() if team != team_id}
    call.project.slack = app.model_copy(update={"installations": left})


@OPERATIONS.answer("startSlackSetup", body=SlackSetup)
def start_slack_setup(call: Call[SlackSetup]) -> dict[str, Any]:
    """Answer where a person would go on. The address leads nowhere."""
    app = call.project.slack
    return {
        "ok": True,
        "appId": app.app_id if app else None,
        "startUrl": f"https://slack.example/setup/{call.project.id}",
    }


def _app_to_install(call: Call[Any]) -> SlackApp:
    if call.project.slack is None:
        raise ConflictError("The project has no Slack app")
    return call.project.slack
