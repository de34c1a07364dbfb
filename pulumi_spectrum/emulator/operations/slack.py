"""The Slack app of a project and its installations."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from pulumi_spectrum.emulator.errors import ApiError, ConflictError, NotFoundError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.state.slack_record import SlackAppRecord, SlackFeature, SlackInstallationRecord
from pulumi_spectrum.emulator.validation import Body, FilledText, WholeNumber

LONGEST_TOKEN_SECONDS = 10 * 366 * 86_400
"""A bound that keeps the time of expiry within Python's dates. The service's own bound is in no source."""


class SlackAppBody(Body):
    """The body that sets the app. Fields left out stay."""

    app_id: FilledText = ""
    client_id: FilledText = ""
    client_secret: FilledText = ""
    signing_secret: FilledText = ""
    enabled_features: list[SlackFeature] = Field(default_factory=list)


class SlackInstallationBody(Body):
    """The body that sets an installation."""

    team_name: str
    app_id: str
    bot_token: str
    bot_user_id: str
    granted_scopes: list[str]
    bot_refresh_token: str = ""
    bot_token_expires_in_sec: Annotated[WholeNumber, Field(ge=0, le=LONGEST_TOKEN_SECONDS)] = 0


class SlackSetupBody(Body):
    """The body that starts the guided setup."""

    app_name: str
    enabled_features: list[SlackFeature]
    config_token: str = ""
    refresh_token: str = ""


@OPERATIONS.register("getSlackConfig")
def get_slack_app(call: Call[None]) -> dict[str, Any] | None:
    """Return the app; null when it is not set."""
    return call.project.slack.shown()


@OPERATIONS.register("putSlackConfig", body=SlackAppBody)
def put_slack_app(call: Call[SlackAppBody]) -> dict[str, Any] | None:
    """Return the changed app. Fields left out stay, so that this request cannot clear a text."""
    refusal = call.settings.switches.slack_disabled_status
    if refusal is not None and not call.project.platforms.is_enabled("slack"):
        raise ApiError(refusal, "Platform slack is disabled")
    fields = call.body.sent()
    app_id = fields.get("appId")
    others = (project.slack.value for project in call.service.projects.values() if project is not call.project)
    if app_id and any(app is not None and app.app_id == app_id for app in others):
        raise ConflictError("The Slack app belongs to another project")
    call.project.slack.set(**fields)
    return call.project.slack.shown()


@OPERATIONS.register("deleteSlackConfig")
def delete_slack_app(call: Call[None]) -> None:
    """Remove the app and its installations. The response's shape is in no source."""
    if call.project.slack.value is None:
        raise NotFoundError("Slack configuration")
    call.project.slack.clear()


@OPERATIONS.register("listSlackInstallations")
def list_slack_installations(call: Call[None]) -> dict[str, Any]:
    """Return the installations with their tokens, wrapped in an object."""
    app = call.project.slack.value
    rows = [_show(call, app, row) for row in app.installations.values()] if app else []
    return {"installations": rows}


@OPERATIONS.register("putSlackInstallation", body=SlackInstallationBody)
def put_slack_installation(call: Call[SlackInstallationBody]) -> dict[str, Any]:
    """Return the changed installation."""
    app = _required_app(call)
    team_id = call.path["teamId"]
    now = call.settings.clock.now()
    former = app.installations.get(team_id)
    kept = former.model_dump(by_alias=True) if former else {"teamId": team_id, "installedAt": now}
    fields = call.body.sent()
    if "botTokenExpiresInSec" in fields:
        fields["botTokenExpiresAt"] = now + timedelta(seconds=fields.pop("botTokenExpiresInSec"))
    installation = SlackInstallationRecord.model_validate({**kept, **fields, "updatedAt": now})
    _store(call, app, {**app.installations, team_id: installation})
    return _show(call, app, installation)


@OPERATIONS.register("deleteSlackInstallation")
def delete_slack_installation(call: Call[None]) -> None:
    """Remove an installation. The response's shape is in no source."""
    app = _required_app(call)
    team_id = call.path["teamId"]
    if team_id not in app.installations:
        raise NotFoundError("Slack installation")
    _store(call, app, {team: row for team, row in app.installations.items() if team != team_id})


@OPERATIONS.register("startSlackSetup", body=SlackSetupBody)
def start_slack_setup(call: Call[SlackSetupBody]) -> dict[str, Any]:
    """Return the address of the guided setup. Nothing is served there."""
    app = call.project.slack.value
    return {
        "ok": True,
        "appId": app.app_id if app else None,
        "startUrl": f"https://slack.example/setup/{call.project.id}",
    }


def _required_app(call: Call[Any]) -> SlackAppRecord:
    if call.project.slack.value is None:
        raise ConflictError("The project has no Slack app")
    return call.project.slack.value


def _store(call: Call[Any], app: SlackAppRecord, installations: dict[str, SlackInstallationRecord]) -> None:
    """Store the installations of the app, whose own ``updatedAt`` stays."""
    rows = {team: row.model_dump(by_alias=True) for team, row in installations.items()}
    call.project.slack.set(installations=rows, updatedAt=app.updated_at)


def _show(call: Call[Any], app: SlackAppRecord, row: SlackInstallationRecord) -> dict[str, Any]:
    return row.shown(app.app_config_id, call.project.id, call.settings)
