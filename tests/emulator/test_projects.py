"""The project: its profile, slug, pictures, bill; and its voice, Slack and WhatsApp Business."""

from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle

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
    "components": [{"type": "BODY", "text": "Hi"}],
}


class TestProject:
    """The project itself."""

    def test_a_project_has_a_name_a_slug_and_maybe_a_profile(self, client: Any, project: ProjectHandle) -> None:
        """A project without a profile says null."""
        assert client.get("/") == {
            "name": "Emulated project",
            "slug": f"emulated-project-{project.id[:5]}",
            "profile": None,
        }

    def test_the_row_carries_its_id_when_switched(
        self, client: Any, spectrum: Emulator, project: ProjectHandle
    ) -> None:
        """With the switch, the row has the id of the path."""
        spectrum.switch(project_row_has_id=True)
        assert client.get("/")["id"] == project.id

    def test_a_profile_is_changed_field_by_field(self, client: Any, project: ProjectHandle) -> None:
        """What is sent changes, an empty text too, and what is left out stays; a name that was never sent is empty."""
        first = {"projectId": project.id, "firstName": "Ada", "lastName": "", "avatarUrl": None}
        assert client.patch("/profile", {"firstName": "Ada"}) == first
        client.patch("/profile", {"firstName": "Ada", "lastName": "Bot"})
        expected = {"projectId": project.id, "firstName": "Ada", "lastName": "", "avatarUrl": None}
        assert client.patch("/profile", {"lastName": ""}) == expected
        assert client.get("/profile") == expected
        assert client.ask("PATCH", "/profile", {"firstName": None}).refusal == (422, "firstName must be a string")

    @pytest.mark.parametrize(
        ("unset", "status", "names"), [("null", 200, None), ("nulls", 200, {None}), ("missing", 404, None)]
    )
    def test_a_profile_that_was_never_set_is_nothing(
        self, unset: str, status: int, names: Any, client: Any, spectrum: Emulator
    ) -> None:
        """It is null as a whole; with the switch an object of null names, or a 404. Any change sets it."""
        spectrum.switch(unset_profile=unset)
        answer = client.ask("GET", "/profile")
        data = answer.json["data"]
        assert (answer.status, data and {data["firstName"], data["lastName"]}) == (status, names)
        assert (client.get("/")["profile"] is None) is (names is None)
        profile = client.patch("/profile", {})
        assert (profile["firstName"], profile["lastName"]) == ("", "")
        assert client.get("/profile") == profile

    def test_a_sync_puts_the_profile_on_every_line(self, client: Any, project: ProjectHandle) -> None:
        """The answer says on how many lines; then the project says that they carry it."""
        client.patch("/profile", {"firstName": "Ada"})
        project.lines.add()
        project.lines.add()
        assert client.get("/profile/sync")["imessageSynced"] is False
        assert client.post("/profile/sync") == {"projectId": project.id, "targetedLineCount": 2}
        names = {(row["profile"]["firstName"], row["profile"]["lastName"]) for row in project.lines}
        assert names == {("Ada", None)}
        assert client.get("/")["profile"] == {
            "firstName": "Ada",
            "lastName": "",
            "avatarUrl": None,
            "imessageSynced": True,
        }

    def test_a_slug_belongs_to_one_project(self, client: Any, spectrum: Emulator) -> None:
        """A slug is changed, is checked, and is a conflict when another project has it."""
        slug = spectrum.add_project(name="Taken").row["slug"]
        assert client.ask("PATCH", "/slug/", {"slug": slug}).refusal == (409, "Slug already taken")
        assert client.ask("PATCH", "/slug/", {"slug": "Not A Slug"}).status == 422
        assert client.patch("/slug/", {"slug": "support-bot"}) == {"slug": "support-bot"}
        assert client.get("/")["slug"] == "support-bot"


class TestPictures:
    """Avatars of the project and of lines."""

    @pytest.fixture(params=["project", "line"])
    def path(self, request: pytest.FixtureRequest, project: ProjectHandle) -> str:
        """The path of a profile."""
        return "/profile" if request.param == "project" else f"/lines/{project.lines.add()['id']}/profile"

    def test_a_picture_is_announced_put_and_adopted(self, path: str, client: Any) -> None:
        """The upload address takes the bytes without credentials; committing the key shows the picture."""
        upload = client.post(f"{path}/avatar/upload", {"contentType": "image/png"})
        assert client.ask("POST", f"{path}/avatar/commit", {"key": upload["key"]}).status == 409
        put = requests.put(upload["uploadUrl"], data=b"\x89PNG", headers={"Content-Type": "image/png"}, timeout=5)
        assert put.status_code == 200
        shown = client.post(f"{path}/avatar/commit", {"key": upload["key"]})
        picture = requests.get(shown["avatarUrl"], timeout=5)
        assert (picture.content, picture.headers["content-type"]) == (b"\x89PNG", "image/png")
        assert client.get(path)["avatarUrl"] == shown["avatarUrl"]

    def test_a_key_that_was_not_given_is_not_found(self, path: str, client: Any) -> None:
        """Only a key of the same profile can be committed."""
        assert client.ask("POST", f"{path}/avatar/commit", {"key": "nothing"}).refusal == (404, "Upload not found")

    def test_a_picture_is_of_an_image_type(self, path: str, client: Any) -> None:
        """Another type is a 422."""
        answer = client.ask("POST", f"{path}/avatar/upload", {"contentType": "text/html"})
        assert answer.refusal == (422, "contentType must be an image type, such as image/png")

    def test_an_upload_address_takes_what_was_announced(self, client: Any, spectrum: Emulator) -> None:
        """Another type, no bytes, another method or an unknown key are refused."""
        address = client.post("/profile/avatar/upload", {"contentType": "image/png"})["uploadUrl"]
        wrong_type = requests.put(address, data=b"x", headers={"Content-Type": "image/gif"}, timeout=5)
        assert wrong_type.status_code == 403
        assert requests.put(address, data=b"", timeout=5).status_code == 422
        assert requests.post(address, timeout=5).status_code == 405
        assert requests.get(address, timeout=5).status_code == 404
        assert requests.put(f"{spectrum.url}/uploads/nothing", data=b"x", timeout=5).status_code == 404

    def test_a_line_takes_its_picture_without_a_body_and_at_the_other_path(
        self, client: Any, project: ProjectHandle
    ) -> None:
        """A line's upload needs no body, and its commit answers at both of its paths."""
        path = f"/lines/{project.lines.add()['id']}/profile/avatar"
        upload = client.post(f"{path}/upload")
        requests.put(upload["uploadUrl"], data=b"x", timeout=5)
        assert client.post(path, {"key": upload["key"]})["avatarUrl"] == upload["uploadUrl"]


class TestBill:
    """The plan and what follows from it."""

    def test_the_subscription_names_the_plan(self, client: Any, project: ProjectHandle) -> None:
        """Its fields are not in camel case; the Free plan has no subscription."""
        assert client.get("/billing/subscription") == {
            "tier": "business",
            "status": "active",
            "cancel_at_period_end": False,
            "subscription_id": f"sub_{project.id[:8]}",
            "customer_id": f"cus_{project.id[:8]}",
        }
        project.plan = "free"
        assert client.get("/billing/subscription")["subscription_id"] is None

    def test_the_end_of_a_subscription_is_left_out_when_switched(self, client: Any, spectrum: Emulator) -> None:
        """Some servers send no cancel_at_period_end."""
        spectrum.switch(subscription_has_cancel_at_period_end=False)
        assert "cancel_at_period_end" not in client.get("/billing/subscription")

    def test_the_bill_follows_the_lines(self, client: Any, project: ProjectHandle) -> None:
        """The quantity is the number of lines, and lines make iMessage dedicated."""
        assert client.get("/imessage/") == {"type": "shared"}
        project.lines.add()
        assert client.get("/imessage/") == {"type": "dedicated"}
        assert client.get("/billing/status")["quantity"] == 1

    def test_the_bill_is_syncing_for_a_while_when_switched(self, client: Any, spectrum: Emulator) -> None:
        """With the switch, adding or removing a line makes the bill's status syncing for so long."""
        spectrum.switch(billing_sync_seconds=2)
        synced = {"syncStatus": "in_sync", "error": None, "quantity": 0, "lastProrationAmount": None}
        assert client.get("/billing/status") == {**synced, "lastSyncedAt": None}
        made = client.post("/lines/", {"platform": "imessage"})
        assert made["billing"]["syncStatus"] == "syncing"
        syncing = {**synced, "syncStatus": "syncing", "quantity": 1, "lastSyncedAt": None}
        assert client.get("/billing/status") == syncing
        spectrum.clock.advance(2)
        settled = {**synced, "quantity": 1, "lastProrationAmount": 0, "lastSyncedAt": "2026-08-14T19:19:49.168Z"}
        assert client.get("/billing/status") == settled
        assert client.delete(f"/lines/{made['line']['id']}")["billing"]["syncStatus"] == "syncing"
        assert client.get("/billing/status") == {**settled, "syncStatus": "syncing", "quantity": 0}

    def test_a_phone_is_available_while_the_plan_has_room(self, client: Any, project: ProjectHandle) -> None:
        """A full plan has room for those that are in it alone."""
        project.plan = "free"
        for number in range(10):
            project.users.add(phoneNumber=f"+1415555{number:04d}")
        path = "/imessage/shared/availability"
        assert client.get(path, phoneNumber="+14155550000") == {"available": True}
        assert client.get(path, phoneNumber="+14155550123") == {"available": False}
        assert client.ask("GET", path).refusal == (422, "phoneNumber is required")
        assert client.ask("GET", f"{path}?phoneNumber=+14155550123").status == 422


class TestVoice:
    """The SIP target."""

    def test_a_target_is_set_changed_and_removed(self, client: Any, project: ProjectHandle) -> None:
        """The password is never shown, null clears, and no target is null."""
        path = "/voice/sip-inbound/"
        assert client.ask("PATCH", path, {"sipUri": "sip:bot@example.com"}).refusal == (
            409,
            "Platform voice is disabled",
        )
        project.platforms.set("voice", enabled=True)
        assert client.get(path) is None
        assert client.ask("DELETE", path).status == 404
        assert client.ask("PATCH", path, {"username": "bot"}).refusal == (422, "sipUri is required")
        made = client.patch(path, {"sipUri": "sip:bot@example.com", "password": "swordfish"})
        assert made.items() >= {"projectId": project.id, "hasPassword": True, "username": None}.items()
        assert "swordfish" not in str(made)
        cleared = client.patch(path, {"password": None})
        assert (cleared["hasPassword"], cleared["configId"]) == (False, made["configId"])
        client.delete(path)
        assert client.get(path) is None

    def test_a_target_is_a_sip_address(self, client: Any, project: ProjectHandle) -> None:
        """Another scheme is a 422."""
        project.platforms.set("voice", enabled=True)
        answer = client.ask("PATCH", "/voice/sip-inbound/", {"sipUri": "tel:+14155550123"})
        assert answer.refusal == (422, "sipUri must be a SIP address, such as sip:bot@example.com")


class TestSlack:
    """The Slack app."""

    def test_an_app_is_set_piece_by_piece_and_removed(self, client: Any) -> None:
        """What is left out stays, secrets are masked, and no app is null."""
        assert client.get("/slack/") is None
        client.ask("PUT", "/slack/", {"appId": "A1", "clientSecret": "hush"})
        app = client.ask("PUT", "/slack/", {"enabledFeatures": ["dms"]}).data
        assert app.items() >= {"appId": "A1", "clientSecret": "********", "signingSecret": None}.items()
        assert (app["enabledFeatures"], app["installationCount"]) == (["dms"], 0)
        assert client.ask("PUT", "/slack/", {"enabledFeatures": ["fax"]}).status == 422
        client.delete("/slack/")
        assert client.get("/slack/") is None
        assert client.ask("DELETE", "/slack/").status == 404

    def test_an_app_belongs_to_one_project(self, client: Any, spectrum: Emulator) -> None:
        """An app of another project is a conflict."""
        other = spectrum.add_project()
        url = f"{spectrum.url}/projects/{other.id}/slack/"
        app_id = f"A-{other.id}"
        requests.put(url, json={"appId": app_id}, auth=(other.id, other.secret), timeout=5)
        assert client.ask("PUT", "/slack/", {"appId": app_id}).status == 409

    def test_installations_are_a_bare_array_with_their_tokens(self, client: Any) -> None:
        """A team's installation needs an app, is set, listed in plain text, and removed."""
        assert client.get("/slack/installations") == []
        assert client.ask("PUT", "/slack/installations/T1", INSTALLATION).status == 404
        client.ask("PUT", "/slack/", {})
        made = client.ask("PUT", "/slack/installations/T1", INSTALLATION).data
        assert made.items() >= {**INSTALLATION, "teamId": "T1"}.items()
        assert client.get("/slack/installations") == [made]
        assert client.get("/slack/")["installationCount"] == 1
        client.delete("/slack/installations/T1")
        assert client.ask("DELETE", "/slack/installations/T1").status == 404

    def test_a_setup_leads_to_an_address(self, client: Any) -> None:
        """The guided setup answers where a person goes on."""
        started = client.post("/slack/setup", {"appName": "Acme", "enabledFeatures": ["dms"]})
        assert started["appId"] is None
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
        """The list of accounts has no wrapper of its own."""
        (account,) = client.get("/whatsapp-business/accounts")
        assert (account["wabaId"], account["name"]) == ("1234", "Acme")

    def test_a_template_is_made_changed_and_deleted(self, client: Any, path: str) -> None:
        """A new template waits for approval; its name and language are its key."""
        made = client.post(path, TEMPLATE)
        assert made == {"id": made["id"], "status": "PENDING", "category": "UTILITY"}
        assert client.ask("POST", path, TEMPLATE).status == 409
        assert client.ask("PATCH", path + made["id"], {"name": "other"}).status == 422
        assert client.ask("PATCH", path + made["id"], {}).status == 422
        assert client.patch(path + made["id"], {"category": "MARKETING"})["category"] == "MARKETING"
        assert client.ask("DELETE", path + made["id"], params={"name": "other"}).status == 422
        client.delete(path + made["id"])
        assert client.ask("DELETE", path + made["id"]).status == 404
        assert client.get(path) == {"templates": [], "paging": None}

    def test_templates_are_filtered_and_paged(self, client: Any, path: str) -> None:
        """A list takes what fits, after or before a template, and so many of it."""
        ids = [client.post(path, {**TEMPLATE, "language": each})["id"] for each in ("en", "de", "fr")]
        found = {
            query: [row["id"] for row in client.get(f"{path}?{query}")["templates"]]
            for query in (
                "language=de",
                "nameOrContent=HI",
                "nameOrContent=bye",
                "limit=2",
                f"after={ids[0]}",
                f"before={ids[1]}",
            )
        }
        assert list(found.values()) == [[ids[1]], ids, [], ids[:2], ids[1:], ids[:1]]

    def test_an_account_that_is_not_there_has_no_templates(self, client: Any) -> None:
        """Every operation on another account is a 404."""
        answer = client.ask("GET", "/whatsapp-business/accounts/nobody/templates/")
        assert answer.refusal == (404, "WhatsApp Business account not found")
