"""Voice: the SIP target."""

from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator, ProjectHandle

SIP = "/voice/sip-inbound/"


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
