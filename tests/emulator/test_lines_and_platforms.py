"""Lines and platforms."""

from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator, ProjectHandle


def allocate(client: Any) -> Any:
    """Allocate a line and return its row."""
    return client.post("/lines/", {"platform": "imessage"})["line"]


class TestLines:
    """Phone lines."""

    def test_list_of_lines_is_wrapped(self, client: Any) -> None:
        """The list is an object with lines."""
        line = allocate(client)
        assert client.get("/lines/") == {"lines": [line]}
        assert client.get("/lines/", platform="imessage") == {"lines": [line]}
        assert client.get("/lines/", platform="voice") == {"lines": []}
        assert client.ask("GET", "/lines/", params={"platform": "fax"}).status == 422

    def test_each_post_allocates_one_more(self, client: Any) -> None:
        """Two equal requests allocate two lines, and the billed quantity grows."""
        answers = [client.post("/lines/", {"platform": "imessage"}) for _ in range(2)]
        assert len({answer["line"]["phoneNumber"] for answer in answers}) == 2
        assert [answer["billing"]["quantity"] for answer in answers] == [1, 2]
        assert (
            answers[0]["line"].items()
            >= {
                "platform": "imessage",
                "status": "available",
                "profile": {"firstName": None, "lastName": None, "avatarUrl": None},
            }.items()
        )

    def test_number_of_a_deleted_line_is_not_given_again(self, client: Any) -> None:
        """A deletion returns the billing state, a second one is a 404, and a new line gets another number."""
        line = allocate(client)
        bill = {"quantity": 0, "prorationAmount": 0, "syncStatus": "in_sync"}
        assert client.delete(f"/lines/{line['id']}") == {"billing": bill}
        assert client.ask("DELETE", f"/lines/{line['id']}").refusal == (404, "Line not found")
        assert client.get("/lines/") == {"lines": []}
        assert allocate(client)["phoneNumber"] != line["phoneNumber"]

    @pytest.mark.parametrize("plan", ["free", "pro"])
    @pytest.mark.parametrize("status", [403, 402])
    def test_lines_are_for_the_business_plan(
        self, plan: Any, status: int, client: Any, spectrum: Emulator, project: ProjectHandle
    ) -> None:
        """Other plans are refused with the status of the switch."""
        spectrum.switch(line_plan_status=status)
        project.plan = plan
        answer = client.ask("POST", "/lines/", {"platform": "imessage"})
        assert answer.refusal == (status, "Dedicated lines are available on the Business plan only")

    def test_new_line_is_unknown_for_a_while_when_switched(self, client: Any, spectrum: Emulator) -> None:
        """With the switches, a new line's status is unknown at first and its number is null."""
        spectrum.switch(line_settle_seconds=3, line_number_withheld=True)
        line = allocate(client)
        assert (line["status"], line["phoneNumber"]) == ("unknown", None)
        spectrum.clock.advance(3)
        (settled,) = client.get("/lines/")["lines"]
        assert settled["status"] == "available"
        assert settled["phoneNumber"].startswith("+1628555")

    def test_profile_of_a_line_is_changed_and_cleared(self, client: Any, project: ProjectHandle) -> None:
        """Fields that are sent change, null clears, and fields left out stay."""
        line = allocate(client)
        path = f"/lines/{line['id']}/profile"
        client.patch(path, {"firstName": "Acme", "lastName": "Support"})
        assert client.patch(path, {"lastName": None}) == {
            "projectId": project.id,
            "lineId": line["id"],
            "phoneNumber": line["phoneNumber"],
            "firstName": "Acme",
            "lastName": None,
            "avatarUrl": None,
        }
        assert client.get("/lines/")["lines"][0]["profile"]["firstName"] == "Acme"
        assert client.get(path)["firstName"] == "Acme"

    def test_change_of_a_profile_needs_a_field(self, client: Any) -> None:
        """An empty change is a 422, and one of a line that is not there a 404."""
        line = allocate(client)
        answer = client.ask("PATCH", f"/lines/{line['id']}/profile", {})
        assert answer.refusal == (422, "The body must hold firstName or lastName")
        for method, body in (("GET", None), ("PATCH", {"firstName": "Acme"})):
            assert client.ask(method, "/lines/nobody/profile", body).refusal == (404, "Line not found")

    def test_route_prefers_an_available_line(self, client: Any, project: ProjectHandle) -> None:
        """The route is an available line, else another one with isBestAvailable false, and a 404 without lines."""
        assert client.ask("GET", "/lines/route").status == 404
        busy = project.lines.add(status="unavailable")
        assert client.get("/lines/route") == {
            "line": {"id": busy["id"], "phoneNumber": busy["phoneNumber"]},
            "isBestAvailable": False,
        }
        free = project.lines.add()
        assert client.get("/lines/route")["line"]["id"] == free["id"]


class TestPlatforms:
    """Platform switches and settings."""

    def test_map_is_keyed_by_platform(self, client: Any) -> None:
        """The list is an object: each platform has a key, and its settings stand beside enabled."""
        assert client.get("/platforms/") == {
            "imessage": {"enabled": False, "autoScale": False},
            "whatsapp_business": {"enabled": False},
            "voice": {"enabled": False, "imessage_enabled": False},
            "slack": {"enabled": False},
        }

    def test_toggle_returns_the_whole_map_and_can_be_repeated(self, client: Any) -> None:
        """Enabling twice succeeds, and both responses are the map."""
        for _ in range(2):
            answer = client.patch("/platforms/", {"platform": "slack", "enabled": True})
            assert answer["slack"] == {"enabled": True}
            assert set(answer) == {"imessage", "whatsapp_business", "voice", "slack"}

    def test_a_platform_that_was_never_configured_has_no_key(self, client: Any, project: ProjectHandle) -> None:
        """A forgotten platform is missing from the map until it is toggled."""
        project.platforms.forget("voice")
        assert "voice" not in client.get("/platforms/")
        assert client.patch("/platforms/", {"platform": "voice", "enabled": True})["voice"]["enabled"]

    @pytest.mark.parametrize(
        ("platform", "settings"), [("imessage", {"autoScale": True}), ("voice", {"imessage_enabled": True})]
    )
    def test_settings_need_an_enabled_platform_and_survive_disabling(
        self, platform: str, settings: dict[str, bool], client: Any
    ) -> None:
        """Changing a setting of a disabled platform is a 409. A setting stays when its platform is disabled."""
        answer = client.ask("PATCH", f"/platforms/{platform}", settings)
        assert answer.refusal == (409, f"Platform {platform} is disabled")
        client.patch("/platforms/", {"platform": platform, "enabled": True})
        client.patch(f"/platforms/{platform}", settings)
        after = client.patch("/platforms/", {"platform": platform, "enabled": False})
        assert after[platform] == {"enabled": False, **settings}

    def test_auto_scale_is_for_the_business_plan(self, client: Any, project: ProjectHandle) -> None:
        """Another plan cannot set autoScale to true, and can set it to false."""
        project.platforms.set("imessage", enabled=True, autoScale=True)
        project.plan = "pro"
        answer = client.ask("PATCH", "/platforms/imessage", {"autoScale": True})
        assert answer.refusal == (403, "autoScale is available on the Business plan only")
        client.patch("/platforms/imessage", {"autoScale": False})

    @pytest.mark.parametrize(
        ("path", "body", "message"),
        [
            (
                "/platforms/fax",
                {"autoScale": True},
                "platform must be one of imessage, whatsapp_business, voice, slack",
            ),
            ("/platforms/slack", {"autoScale": True}, "slack has no settings"),
            ("/platforms/voice", {"autoScale": True}, "The body must hold at least one setting to change"),
            ("/platforms/imessage", {"autoScale": "on"}, "autoScale must be a boolean"),
            ("/platforms/imessage", {}, "The body must hold at least one setting to change"),
            (
                "/platforms/",
                {"platform": "fax", "enabled": True},
                "platform must be imessage, whatsapp_business, voice or slack",
            ),
            ("/platforms/", {"platform": "voice"}, "enabled is required"),
        ],
    )
    def test_invalid_change_of_a_platform_is_refused(
        self, path: str, body: Any, message: str, client: Any, project: ProjectHandle
    ) -> None:
        """The platform must exist and have the setting."""
        project.platforms.set("imessage", enabled=True)
        project.platforms.set("voice", enabled=True)
        assert client.ask("PATCH", path, body).refusal == (422, message)

    def test_response_to_a_settings_change_is_a_switch(
        self, client: Any, spectrum: Emulator, project: ProjectHandle
    ) -> None:
        """The response to a change of settings is the map, the entry or null, by the switch."""
        project.platforms.set("imessage", enabled=True)
        entry = {"enabled": True, "autoScale": True}
        shapes = {}
        for shape in ("map", "entry", "null"):
            spectrum.switch(platform_metadata_answer=shape)
            shapes[shape] = client.patch("/platforms/imessage", {"autoScale": True})
        assert shapes == {"map": client.get("/platforms/"), "entry": entry, "null": None}
