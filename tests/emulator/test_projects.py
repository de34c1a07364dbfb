"""The project: its profile, slug, pictures and billing."""

from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle


class TestProject:
    """The project itself."""

    def test_project_without_a_profile(self, client: Any, project: ProjectHandle) -> None:
        """A new project has a name and a slug, and its profile is null."""
        assert client.get("/") == {
            "name": "Emulated project",
            "slug": f"emulated-project-{project.id[:5]}",
            "profile": None,
        }

    def test_project_has_its_id_when_switched(self, client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
        """With the switch, the project has the id of the path."""
        spectrum.switch(project_row_has_id=True)
        assert client.get("/")["id"] == project.id

    def test_profile_is_changed_field_by_field(self, client: Any, project: ProjectHandle) -> None:
        """Fields that are sent change, also to an empty text, and fields left out stay. A name never sent is empty."""
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
    def test_profile_that_was_never_set(
        self, unset: str, status: int, names: Any, client: Any, spectrum: Emulator
    ) -> None:
        """It is null as a whole, and by the switch an object of null names or a 404. Any change sets it."""
        spectrum.switch(unset_profile=unset)
        answer = client.ask("GET", "/profile")
        data = answer.json["data"]
        assert (answer.status, data and {data["firstName"], data["lastName"]}) == (status, names)
        assert (client.get("/")["profile"] is None) is (names is None)
        profile = client.patch("/profile", {})
        assert (profile["firstName"], profile["lastName"]) == ("", "")
        assert client.get("/profile") == profile

    def test_sync_copies_the_profile_to_every_line(self, client: Any, project: ProjectHandle) -> None:
        """The response has the number of lines, and then imessageSynced is true."""
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

    def test_sync_of_an_unset_profile_changes_no_line(self, client: Any, project: ProjectHandle) -> None:
        """Lines keep their own profile while the project has none, and imessageSynced is false."""
        line = project.lines.add(firstName="Acme")
        assert client.post("/profile/sync") == {"projectId": project.id, "targetedLineCount": 0}
        assert project.lines.rows == [line]
        project.lines.change(line["id"], firstName=None)
        assert client.get("/profile/sync")["imessageSynced"] is False

    def test_profile_is_synced_when_every_line_carries_it(self, client: Any, project: ProjectHandle) -> None:
        """imessageSynced becomes false when a line is added after the sync, and on another plan than Business."""
        project.profile.set(firstName="Ada")
        project.lines.add()
        client.post("/profile/sync")
        assert client.get("/")["profile"]["imessageSynced"] is True
        project.plan = "pro"
        assert client.get("/")["profile"]["imessageSynced"] is False
        project.plan = "business"
        added = project.lines.add()
        assert client.get("/")["profile"]["imessageSynced"] is False
        project.lines.remove(added["id"])
        assert client.get("/")["profile"]["imessageSynced"] is True

    def test_slug_belongs_to_one_project(self, client: Any, spectrum: Emulator) -> None:
        """A slug can be changed, its form is checked, and the slug of another project is a conflict."""
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

    def test_picture_is_uploaded_and_committed(self, path: str, client: Any) -> None:
        """The upload address needs no credentials, and after the commit the profile has the picture."""
        upload = client.post(f"{path}/avatar/upload", {"contentType": "image/png"})
        assert client.ask("POST", f"{path}/avatar/commit", {"key": upload["key"]}).status == 409
        put = requests.put(upload["uploadUrl"], data=b"\x89PNG", headers={"Content-Type": "image/png"}, timeout=5)
        assert put.status_code == 200
        shown = client.post(f"{path}/avatar/commit", {"key": upload["key"]})
        picture = requests.get(shown["avatarUrl"], timeout=5)
        assert (picture.content, picture.headers["content-type"]) == (b"\x89PNG", "image/png")
        assert client.get(path)["avatarUrl"] == shown["avatarUrl"]

    def test_unknown_key_of_a_picture_is_a_404(self, path: str, client: Any) -> None:
        """Only a key of the same profile can be committed."""
        assert client.ask("POST", f"{path}/avatar/commit", {"key": "nothing"}).refusal == (404, "Upload not found")

    def test_picture_needs_an_image_type(self, path: str, client: Any) -> None:
        """Another content type is a 422."""
        answer = client.ask("POST", f"{path}/avatar/upload", {"contentType": "text/html"})
        assert answer.refusal == (422, "contentType must be an image type, such as image/png")

    def test_invalid_upload_is_refused(self, client: Any, spectrum: Emulator) -> None:
        """Another content type, an empty body, another method and an unknown key are refused."""
        address = client.post("/profile/avatar/upload", {"contentType": "image/png"})["uploadUrl"]
        wrong_type = requests.put(address, data=b"x", headers={"Content-Type": "image/gif"}, timeout=5)
        assert wrong_type.status_code == 403
        assert requests.put(address, data=b"", timeout=5).status_code == 422
        assert requests.post(address, timeout=5).status_code == 405
        assert requests.get(address, timeout=5).status_code == 404
        assert requests.put(f"{spectrum.url}/uploads/nothing", data=b"x", timeout=5).status_code == 404

    def test_picture_of_a_line(self, client: Any, project: ProjectHandle) -> None:
        """The upload of a line needs no body, and its commit has two paths."""
        path = f"/lines/{project.lines.add()['id']}/profile/avatar"
        upload = client.post(f"{path}/upload")
        requests.put(upload["uploadUrl"], data=b"x", timeout=5)
        assert client.post(path, {"key": upload["key"]})["avatarUrl"] == upload["uploadUrl"]


class TestBill:
    """The subscription and the billing state."""

    def test_subscription_has_the_plan(self, client: Any, project: ProjectHandle) -> None:
        """Its fields are in snake case, and the Free plan has no subscription."""
        assert client.get("/billing/subscription") == {
            "tier": "business",
            "status": "active",
            "cancel_at_period_end": False,
            "subscription_id": f"sub_{project.id[:8]}",
            "customer_id": f"cus_{project.id[:8]}",
        }
        project.plan = "free"
        assert client.get("/billing/subscription")["subscription_id"] is None

    def test_subscription_without_cancel_at_period_end_when_switched(self, client: Any, spectrum: Emulator) -> None:
        """With the switch, the subscription has no cancel_at_period_end, as on some servers."""
        spectrum.switch(subscription_has_cancel_at_period_end=False)
        assert "cancel_at_period_end" not in client.get("/billing/subscription")

    def test_billing_follows_the_lines(self, client: Any, project: ProjectHandle) -> None:
        """The quantity is the number of lines, and with lines iMessage is dedicated."""
        assert client.get("/imessage/") == {"type": "shared"}
        project.lines.add()
        assert client.get("/imessage/") == {"type": "dedicated"}
        assert client.get("/billing/status")["quantity"] == 1

    def test_billing_is_syncing_for_a_while_when_switched(self, client: Any, spectrum: Emulator) -> None:
        """With the switch, the status is syncing for some seconds after a line was added or deleted."""
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

    def test_shared_availability_depends_on_the_plan(self, client: Any, project: ProjectHandle) -> None:
        """When the plan is full, only the phone numbers of its users are available."""
        project.plan = "free"
        for number in range(10):
            project.users.add(phoneNumber=f"+1415555{number:04d}")
        path = "/imessage/shared/availability"
        assert client.get(path, phoneNumber="+14155550000") == {"available": True}
        assert client.get(path, phoneNumber="+14155550123") == {"available": False}
        assert client.ask("GET", path).refusal == (422, "phoneNumber is required")
        assert client.ask("GET", f"{path}?phoneNumber=+14155550123").status == 422
