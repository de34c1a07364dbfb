"""Voice, Slack and WhatsApp Business."""

from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle

SIP = "/voice/sip-inbound/"
APP = {"appId": "A1", "clientId": "1.2", "clientSecret": "hush", "signingSecret": "sign"}
INSTALLATION = {
    "teamName": "Acme",
    "appId": "A1",
    "botToken": "xoxb-1",
    "botUserId": "U1",
    "grantedScopes": ["chat"],
}
TEMPLATE = {
    "name": "hello",
    "language": "en_US",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Hi", "example": {"body_text": [["Ada"]]}}],
}


class TestVoice:
    """The SIP target."""

    def test_first_call_needs_a_target_and_the_platform(self, client: Any, project: ProjectHandle) -> None:
        """A first call without a sipUri, or while voice is disabled, is refused. Before it the target is null."""
        answer = client.ask("PATCH", SIP, {"sipUri": "sip:bot@example.com"})
        assert answer.refusal == (409, "Platform voice is disabled")
        project.platforms.set("voice", enabled=True)
        login = {"username": "bot", "password": "swordfish"}
        assert client.ask("PATCH", SIP, login).refusal == (422, "sipUri is required")
        assert client.get(SIP) is None
        made = client.patch(SIP, {"sipUri": "sip:bot@example.com", **login})
        assert made == {
            "configId": made["configId"],
            "projectId": project.id,
            "sipUri": "sip:bot@example.com",
            "username": "bot",
            "hasPassword": True,
            "createdAt": "2026-08-14T19:19:47.168Z",
            "updatedAt": "2026-08-14T19:19:47.168Z",
        }
        assert client.get(SIP) == made

    @pytest.mark.parametrize("status", [403, 422])
    def test_status_of_a_disabled_voice_platform_is_a_switch(
        self, status: int, client: Any, spectrum: Emulator
    ) -> None:
        """The first target of a project whose voice platform is disabled is refused with the status of the switch."""
        spectrum.switch(voice_disabled_status=status)
        answer = client.ask("PATCH", SIP, {"sipUri": "sip:bot@example.com"})
        assert answer.refusal == (status, "Platform voice is disabled")

    def test_password_cannot_be_read_back(self, client: Any, project: ProjectHandle) -> None:
        """No response holds the password. hasPassword says whether there is one."""
        project.platforms.set("voice", enabled=True)
        login = {"username": "bot", "password": "swordfish"}
        made = client.patch(SIP, {"sipUri": "sip:bot@example.com", **login})
        changed = client.patch(SIP, {"password": "marlin"})
        assert changed == made == client.get(SIP)
        assert project.sip_inbound.secrets() == {"password": "marlin"}
        assert "password" not in made
        project.sip_inbound.set(password=None)
        assert client.get(SIP) == {**made, "hasPassword": False}

    def test_later_calls_change_the_fields_that_they_hold(self, client: Any, project: ProjectHandle) -> None:
        """Fields left out stay, null clears, and the platform may be disabled. An empty body is refused."""
        project.platforms.set("voice", enabled=True)
        made = client.patch(SIP, {"sipUri": "sip:bot@example.com", "username": "bot", "password": "swordfish"})
        project.platforms.set("voice", enabled=False)
        renamed = client.patch(SIP, {"username": "other"})
        assert renamed == {**made, "username": "other"}
        assert client.patch(SIP, {"sipUri": "sips:b@example.com"}) == {**renamed, "sipUri": "sips:b@example.com"}
        cleared = client.patch(SIP, {"username": None, "password": None})
        assert (cleared["username"], cleared["hasPassword"]) == (None, False)
        refusal = (422, "The body must hold at least one field to change")
        assert client.ask("PATCH", SIP, {}).refusal == refusal

    @pytest.mark.parametrize("status", [400, 409, 422])
    @pytest.mark.parametrize("half", [{"username": "bot"}, {"password": "swordfish"}])
    def test_username_without_password_is_refused(
        self, half: Any, status: int, client: Any, spectrum: Emulator, project: ProjectHandle
    ) -> None:
        """A change that leaves only one of username and password is refused with the status of the switch."""
        spectrum.switch(half_credentials_status=status)
        project.platforms.set("voice", enabled=True)
        refusal = (status, "username and password must both be set or both be null")
        assert client.ask("PATCH", SIP, {"sipUri": "sip:bot@example.com", **half}).refusal == refusal
        made = client.patch(SIP, {"sipUri": "sip:bot@example.com", "username": "bot", "password": "swordfish"})
        assert client.ask("PATCH", SIP, dict.fromkeys(half)).refusal == refusal
        assert client.get(SIP) == made

    def test_target_is_deleted_once(self, client: Any, project: ProjectHandle) -> None:
        """A second deletion is a 404."""
        project.platforms.set("voice", enabled=True)
        client.patch(SIP, {"sipUri": "sip:bot@example.com"})
        client.delete(SIP)
        assert client.get(SIP) is None
        assert client.ask("DELETE", SIP).status == 404

    @pytest.mark.parametrize("uri", ["tel:+14155550123", "", None])
    def test_target_needs_a_sip_address(self, uri: Any, client: Any, project: ProjectHandle) -> None:
        """Another scheme, an empty text and null are a 422."""
        project.platforms.set("voice", enabled=True)
        assert client.ask("PATCH", SIP, {"sipUri": uri}).status == 422


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


class TestWhatsApp:
    """WhatsApp Business."""

    @pytest.fixture
    def path(self, project: ProjectHandle) -> str:
        """The path of an account's templates."""
        account = project.whatsapp_accounts.add(wabaId="1234", name="Acme")
        return f"/whatsapp-business/accounts/{account['accountId']}/templates/"

    @pytest.mark.usefixtures("path")
    def test_accounts_are_a_bare_array(self, client: Any) -> None:
        """The list of accounts is an array without a wrapper."""
        (account,) = client.get("/whatsapp-business/accounts")
        assert (account["wabaId"], account["name"]) == ("1234", "Acme")

    def test_new_template_is_pending(self, client: Any, path: str) -> None:
        """The response has id, status and category; the list has the components. Name and language are the key."""
        made = client.post(path, TEMPLATE)
        assert made == {"id": made["id"], "status": "PENDING", "category": "UTILITY"}
        (row,) = client.get(path)["templates"]
        assert row == {**TEMPLATE, **made, "parameterFormat": "POSITIONAL"}
        assert client.ask("POST", path, TEMPLATE).status == 409
        assert client.post(path, {**TEMPLATE, "language": "de"})["id"] != made["id"]

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"name": ""}, "name must have at least 1 character(s)"),
            ({"name": "x" * 513}, "name must have at most 512 character(s)"),
            ({"language": "e"}, "language must have at least 2 character(s)"),
            ({"language": "e" * 21}, "language must have at most 20 character(s)"),
            ({"category": "SPAM"}, "category must be MARKETING, UTILITY or AUTHENTICATION"),
            ({"components": []}, "components must hold at least 1"),
            ({"components": [{"text": "Hi"}]}, "components.0.type is required"),
            ({"parameterFormat": "OTHER"}, "parameterFormat must be POSITIONAL or NAMED"),
        ],
    )
    def test_invalid_template_is_refused(self, fields: Any, message: str, client: Any, path: str) -> None:
        """Lengths, category, components and format are checked."""
        assert client.ask("POST", path, {**TEMPLATE, **fields}).refusal == (422, message)

    @pytest.mark.parametrize(
        "case",
        [
            ("APPROVED", {"components": [{"type": "BODY", "text": "Bye"}]}, "APPROVED"),
            ("APPROVED", {"category": "MARKETING"}, "PENDING"),
            ("REJECTED", {"components": [{"type": "BODY", "text": "Bye"}]}, "PENDING"),
            ("PAUSED", {"components": [{"type": "BODY", "text": "Bye"}]}, "PAUSED"),
            ("PAUSED", {"category": "MARKETING"}, None),
            ("PENDING", {"components": [{"type": "BODY", "text": "Bye"}]}, None),
        ],
    )
    def test_status_decides_which_fields_can_change(
        self, case: tuple[str, Any, str | None], client: Any, project: ProjectHandle, path: str
    ) -> None:
        """Each status allows other changes, and some changes are reviewed again."""
        status, fields, expected = case
        template_id = client.post(path, TEMPLATE)["id"]
        project.whatsapp_templates.change(template_id, status=status, rejectedReason="SPAM")
        (before,) = client.get(path)["templates"]
        assert before["rejectedReason"] == "SPAM"
        answer = client.ask("PATCH", path + template_id, fields)
        (after,) = client.get(path)["templates"]
        if expected is None:
            assert (answer.status, after) == (409, before)
        else:
            assert answer.data == {"templateId": template_id, "success": True}
            assert after.items() >= {**fields, "status": expected}.items()
            assert ("rejectedReason" in after) is (expected != "PENDING")

    def test_name_and_language_never_change(self, client: Any, project: ProjectHandle, path: str) -> None:
        """A change has no such fields, and an empty change is a 400."""
        template_id = client.post(path, TEMPLATE)["id"]
        project.whatsapp_templates.change(template_id, status="APPROVED")
        refusal = (400, "The body must hold at least one field to change")
        for body in ({}, {"name": "other"}, {"language": "de"}):
            assert client.ask("PATCH", path + template_id, body).refusal == refusal

    def test_deletion_of_a_template_needs_its_name(self, client: Any, path: str) -> None:
        """A deletion without a name, or with another template's, is refused."""
        template_id = client.post(path, TEMPLATE)["id"]
        assert client.ask("DELETE", path + template_id).refusal == (422, "name is required")
        assert client.ask("DELETE", path + template_id, params={"name": "other"}).status == 422
        deleted = client.ask("DELETE", path + template_id, params={"name": "hello"})
        assert deleted.data == {"templateId": template_id, "success": True}
        assert client.ask("DELETE", path + template_id, params={"name": "hello"}).status == 404
        assert client.get(path) == {"templates": [], "paging": {"nextCursor": None, "prevCursor": None}}

    def test_deletion_leaves_other_languages_of_the_name(self, client: Any, path: str) -> None:
        """Only the template with the id of the path is deleted, and its name and language can be used again."""
        english, german = (client.post(path, {**TEMPLATE, "language": each})["id"] for each in ("en", "de"))
        client.ask("DELETE", path + english, params={"name": "hello"})
        assert [row["id"] for row in client.get(path, name="hello")["templates"]] == [german]
        again = client.post(path, {**TEMPLATE, "language": "en"})["id"]
        assert again not in {english, german}

    def test_list_by_name_is_paged(self, client: Any, path: str) -> None:
        """The cursor of a list by name leads to further templates of that name only."""
        languages = ["de", "en", "fr"]
        ids = []
        for language in languages:
            client.post(path, {**TEMPLATE, "name": "other", "language": language})
            ids.append(client.post(path, {**TEMPLATE, "language": language})["id"])
        found, cursor = [], None
        while True:
            page = client.get(path, name="hello", limit=1, **({"after": cursor} if cursor else {}))
            found += [row["id"] for row in page["templates"]]
            cursor = page["paging"]["nextCursor"]
            if cursor is None:
                break
        assert found == ids

    def test_time_to_live_can_be_changed_and_is_not_listed(
        self, client: Any, project: ProjectHandle, path: str
    ) -> None:
        """messageSendTtlSeconds is accepted for an approved template, and no row of the list holds it."""
        template_id = client.post(path, TEMPLATE)["id"]
        project.whatsapp_templates.change(template_id, status="APPROVED", qualityScore="GREEN")
        client.patch(path + template_id, {"messageSendTtlSeconds": 60})
        (row,) = client.get(path)["templates"]
        assert (row["status"], row["qualityScore"]) == ("APPROVED", "GREEN")
        assert "messageSendTtlSeconds" not in row

    def test_category_can_be_changed_by_the_review(self, client: Any, project: ProjectHandle, path: str) -> None:
        """The list shows the category that the review chose, here by handle, and not the one that was sent."""
        template_id = client.post(path, {**TEMPLATE, "allowCategoryChange": True})["id"]
        project.whatsapp_templates.change(template_id, status="APPROVED", category="MARKETING")
        (row,) = client.get(path)["templates"]
        assert (row["category"], row["status"]) == ("MARKETING", "APPROVED")

    def test_templates_are_filtered(self, client: Any, path: str) -> None:
        """Filters compare exactly, except nameOrContent, which searches names and contents."""
        ids = [client.post(path, {**TEMPLATE, "language": each})["id"] for each in ("en", "de")]
        found = {
            query: [row["id"] for row in client.get(f"{path}?{query}")["templates"]]
            for query in ("name=hello", "name=hell", "language=de", "status=APPROVED", "nameOrContent=HI")
        }
        assert list(found.values()) == [ids, [], [ids[1]], [], ids]

    def test_templates_are_paged_in_both_directions(self, client: Any, project: ProjectHandle, path: str) -> None:
        """A page has 25 templates by default. Its cursors stay valid when their templates are deleted."""
        account = path.split("/")[3]
        for number in range(30):
            project.whatsapp_templates.add(**TEMPLATE | {"name": f"t{number:02}"}, accountId=account, id=str(number))

        def read(**query: Any) -> tuple[list[int], dict[str, Any]]:
            page = client.get(path, **query)
            return [int(row["id"]) for row in page["templates"]], page["paging"]

        first, paging = read()
        assert (first, paging["prevCursor"]) == ([*range(25)], None)
        rest, paging = read(after=paging["nextCursor"])
        assert (rest, paging["nextCursor"]) == ([*range(25, 30)], None)
        middle, paging = read(before=paging["prevCursor"], limit=10)
        assert middle == [*range(15, 25)]
        project.whatsapp_templates.remove("24")
        assert read(after=paging["nextCursor"], limit=2)[0] == [25, 26]
        assert read(before=paging["prevCursor"], limit=100)[0] == [*range(15)]

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"after": "nothing"}, {"before": "nothing"}])
    def test_invalid_page_is_refused(self, query: Any, client: Any, path: str) -> None:
        """A limit outside 1 to 100 and an unknown cursor are a 422."""
        assert client.ask("GET", path, params=query).status == 422

    def test_unknown_account_is_a_404(self, client: Any) -> None:
        """The templates of an unknown account are a 404."""
        answer = client.ask("GET", "/whatsapp-business/accounts/nobody/templates/")
        assert answer.refusal == (404, "WhatsApp Business account not found")
