"""Slack: the app and its installations."""

from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle

APP = {"appId": "A1", "clientId": "1.2", "clientSecret": "hush", "signingSecret": "sign"}
INSTALLATION = {
    "teamName": "Acme",
    "appId": "A1",
    "botToken": "xoxb-1",
    "botUserId": "U1",
    "grantedScopes": ["chat"],
}


class TestSlack:
    """The Slack app."""

    def test_app_is_set_field_by_field_and_deleted(self, client: Any, project: ProjectHandle) -> None:
        """Fields left out stay, secrets are returned, and without an app the response is null."""
        assert client.get("/slack/") is None
        client.ask("PUT", "/slack/", APP)
        app = client.ask("PUT", "/slack/", {"enabledFeatures": ["dms"], "clientSecret": "new"}).data
        assert app == {
            "appConfigId": app["appConfigId"],
            "projectId": project.id,
            "enabledFeatures": ["dms"],
            **APP,
            "clientSecret": "new",
            "installationCount": 0,
            "createdAt": "2026-08-14T19:19:47.168Z",
            "updatedAt": "2026-08-14T19:19:47.168Z",
        }
        assert client.get("/slack/") == app
        client.delete("/slack/")
        assert client.get("/slack/") is None
        assert client.ask("DELETE", "/slack/").status == 404

    def test_only_a_deletion_clears_a_field_of_an_app(self, client: Any) -> None:
        """A PUT that leaves fields out keeps them; after a DELETE the app has another id and only what is sent."""
        former = client.ask("PUT", "/slack/", {**APP, "enabledFeatures": ["dms"]}).data
        client.ask("PUT", "/slack/installations/T1", INSTALLATION)
        assert client.ask("PUT", "/slack/", {}).data == {**former, "installationCount": 1}
        client.delete("/slack/")
        app = client.ask("PUT", "/slack/", {"appId": "A1"}).data
        assert app["appConfigId"] != former["appConfigId"]
        cleared = {"clientId": None, "clientSecret": None, "signingSecret": None, "enabledFeatures": []}
        assert app.items() >= {**cleared, "appId": "A1", "installationCount": 0}.items()

    def test_empty_list_of_features_clears_them(self, client: Any) -> None:
        """The list of features is the one field that a PUT can empty."""
        client.ask("PUT", "/slack/", {"enabledFeatures": ["dms"]})
        assert client.ask("PUT", "/slack/", {"enabledFeatures": []}).data["enabledFeatures"] == []

    def test_status_of_a_disabled_slack_platform_is_a_switch(
        self, client: Any, spectrum: Emulator, project: ProjectHandle
    ) -> None:
        """An app can be changed while the platform is disabled. With the switch that is refused, and reading is not."""
        app = client.ask("PUT", "/slack/", {"clientId": "1.2"}).data
        spectrum.switch(slack_disabled_status=403)
        assert client.ask("PUT", "/slack/", {"clientId": "3.4"}).refusal == (403, "Platform slack is disabled")
        assert client.get("/slack/") == app
        project.platforms.set("slack", enabled=True)
        assert client.ask("PUT", "/slack/", {"clientId": "3.4"}).data["clientId"] == "3.4"

    def test_secrets_of_an_app_are_masked_when_switched(self, client: Any, spectrum: Emulator) -> None:
        """With the switch, a secret that is set is returned as a mask."""
        spectrum.switch(slack_secrets="masked")
        app = client.ask("PUT", "/slack/", {"clientSecret": "hush"}).data
        assert (app["clientSecret"], app["signingSecret"]) == ("********", None)
        spectrum.switch(slack_secrets="shown")
        assert client.get("/slack/")["clientSecret"] == "hush"

    @pytest.mark.parametrize("name", APP)
    def test_text_of_an_app_is_neither_empty_nor_null(self, name: str, client: Any) -> None:
        """A PUT with an empty text or null is refused."""
        refusal = (422, f"{name} must have at least 1 character(s)")
        assert client.ask("PUT", "/slack/", {name: ""}).refusal == refusal
        assert client.ask("PUT", "/slack/", {name: None}).refusal == (422, f"{name} must be a string")

    def test_unknown_feature_is_refused(self, client: Any) -> None:
        """The known features are accepted, and another one is a 422."""
        known = ["channel-history", "read-tracking", "dms", "files", "reactions", "pins"]
        assert client.ask("PUT", "/slack/", {"enabledFeatures": known}).data["enabledFeatures"] == known
        assert client.ask("PUT", "/slack/", {"enabledFeatures": ["fax"]}).status == 422

    def test_app_belongs_to_one_project(self, client: Any, spectrum: Emulator) -> None:
        """The appId of another project's app is a conflict."""
        other = spectrum.add_project()
        url = f"{spectrum.url}/projects/{other.id}/slack/"
        app_id = f"A-{other.id}"
        requests.put(url, json={"appId": app_id}, auth=(other.id, other.secret), timeout=5)
        assert client.ask("PUT", "/slack/", {"appId": app_id}).status == 409

    def test_list_of_installations_is_wrapped(self, client: Any, project: ProjectHandle) -> None:
        """An installation of a team is set, listed with its tokens, and deleted."""
        assert client.get("/slack/installations") == {"installations": []}
        app = client.ask("PUT", "/slack/", {}).data
        made = client.ask("PUT", "/slack/installations/T1", INSTALLATION).data
        assert made == {
            "installationId": made["installationId"],
            "appConfigId": app["appConfigId"],
            "projectId": project.id,
            "teamId": "T1",
            **INSTALLATION,
            "botRefreshToken": None,
            "botTokenExpiresAt": None,
            "installedAt": "2026-08-14T19:19:47.168Z",
            "updatedAt": "2026-08-14T19:19:47.168Z",
        }
        assert client.get("/slack/installations") == {"installations": [made]}
        assert client.get("/slack/")["installationCount"] == 1
        rotated = {**INSTALLATION, "botRefreshToken": "xoxe-1", "botTokenExpiresInSec": 60}
        again = client.ask("PUT", "/slack/installations/T1", rotated).data
        assert again == {**made, "botRefreshToken": "xoxe-1", "botTokenExpiresAt": "2026-08-14T19:20:47.168Z"}
        client.delete("/slack/installations/T1")
        assert client.ask("DELETE", "/slack/installations/T1").status == 404

    @pytest.mark.parametrize(("method", "body"), [("PUT", INSTALLATION), ("DELETE", None)])
    def test_installation_without_an_app_is_a_conflict(self, method: str, body: Any, client: Any) -> None:
        """A project without a Slack app cannot have an installation of it."""
        answer = client.ask(method, "/slack/installations/T1", body)
        assert answer.refusal == (409, "The project has no Slack app")

    def test_setup_returns_an_address(self, client: Any) -> None:
        """The guided setup returns the address on which it goes on."""
        started = client.post("/slack/setup", {"appName": "Acme", "enabledFeatures": ["dms"]})
        assert (started["ok"], started["appId"]) == (True, None)
        assert started["startUrl"].startswith("https://")
