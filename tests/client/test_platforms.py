"""Platforms: a map of switches that every project has."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import responses

from pulumi_spectrum.client import Conflict, ServiceFailed
from pulumi_spectrum.client.platforms import PlatformRow, Platforms
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

Operations = Callable[[], list[str]]
MAP = "https://spectrum.example.com/projects/project-1/platforms/"


@pytest.fixture
def platforms(live_transport: Transport) -> Platforms:
    return Platforms(live_transport)


def test_platforms_are_read_with_one_request(
    platforms: Platforms, project: ProjectHandle, operations: Operations
) -> None:
    """Every platform is read from one map, with its settings."""
    project.platforms.set("imessage", enabled=True, autoScale=True)
    project.platforms.set("voice", imessage_enabled=True)

    assert platforms.read("imessage") == PlatformRow(platform="imessage", enabled=True, auto_scale=True)
    assert platforms.read("voice") == PlatformRow(platform="voice", enabled=False, imessage_enabled=True)
    assert platforms.read("slack") == PlatformRow(platform="slack", enabled=False)
    assert operations() == ["listPlatforms"]


def test_platform_missing_from_the_map_is_off(platforms: Platforms, project: ProjectHandle) -> None:
    """A platform that the map lacks is off, and is not among the configured ones."""
    project.platforms.forget("voice")

    assert platforms.read("voice") == PlatformRow(platform="voice", enabled=False)
    assert "voice" not in {each.platform for each in platforms.all()}


@pytest.mark.parametrize("key", ["", "\r", "no such platform"])
def test_any_key_that_the_map_lacks_is_off(key: str, platforms: Platforms) -> None:
    """A key that no platform can have, as in a state that was edited, reads as a platform that is off."""
    assert (platforms.read(key).platform, platforms.read(key).enabled) == (key, False)


def test_platform_without_a_key_is_an_error(service: responses.RequestsMock, transport: Transport) -> None:
    """A map with an empty key cannot be read: the key is the id of a platform."""
    service.get(MAP, json={"succeed": True, "data": {"": {"enabled": True}}})

    with pytest.raises(ServiceFailed, match=r"unexpected form \(in platform\)"):
        Platforms(transport).all()


@pytest.mark.parametrize("enabled", [True, False])
def test_platform_is_switched_with_one_request(
    enabled: bool, platforms: Platforms, project: ProjectHandle, emulator: Emulator, operations: Operations
) -> None:
    """The response to a change shows the platform as it is now, so nothing else is requested."""
    project.platforms.set("imessage", enabled=not enabled, autoScale=True)

    switch = platforms.switch("imessage", enabled=enabled)

    assert emulator.requests[-1].body == {"platform": "imessage", "enabled": enabled}
    assert switch == PlatformRow(platform="imessage", enabled=enabled, auto_scale=True)
    assert project.platforms["imessage"]["enabled"] is enabled
    assert operations() == ["togglePlatform"]


def test_switched_platform_is_cached(platforms: Platforms, operations: Operations) -> None:
    """Later reads return a changed platform without a request."""
    platforms.all()
    platforms.switch("slack", enabled=True)

    assert platforms.read("slack").enabled
    assert operations() == ["listPlatforms", "togglePlatform"]


@pytest.mark.parametrize(
    "setting",
    [("imessage", "autoScale", "autoScale"), ("voice", "imessageEnabled", "imessage_enabled")],
)
@pytest.mark.parametrize("answer", ["map", "entry", "null"])
def test_setting_is_sent_in_the_apis_spelling(
    setting: tuple[str, str, str], answer: Any, project: ProjectHandle, emulator: Emulator, platforms: Platforms
) -> None:
    """A setting has the API's spelling on the wire only, and is read in either spelling."""
    platform, name, on_the_wire = setting
    emulator.switch(platform_metadata_answer=answer)
    project.platforms.set(platform, enabled=True)

    switch = platforms.set(platform, **{name: True})

    patch = emulator.requests.matching("PATCH", project_id=project.id)[-1]
    assert patch.body == {on_the_wire: True}
    assert patch.path.endswith(f"/platforms/{platform}")
    assert switch.model_dump(by_alias=True, exclude_none=True) == {"platform": platform, "enabled": True, name: True}


def test_a_setting_of_a_platform_that_is_off_is_a_conflict(platforms: Platforms) -> None:
    """A setting of a platform that is off raises Conflict."""
    with pytest.raises(Conflict):
        platforms.set("imessage", autoScale=True)


@pytest.mark.parametrize("fault", [Fault(method="PATCH", drop="after"), Fault(method="PATCH", status=502, after=True)])
def test_change_with_a_lost_response_is_repeated(fault: Fault, platforms: Platforms, emulator: Emulator) -> None:
    """A change whose response was lost is sent again."""
    emulator.faults.add(fault)

    assert platforms.switch("slack", enabled=True).enabled


def test_platform_missing_from_the_response_is_read(service: responses.RequestsMock, transport: Transport) -> None:
    """When the response to a change lacks the platform, the map is requested."""
    service.patch(MAP, json={"succeed": True, "data": {}})
    service.get(MAP, json={"succeed": True, "data": {"slack": {"enabled": True}}})

    assert Platforms(transport).switch("slack", enabled=True).enabled


def test_response_to_a_change_updates_one_platform(service: responses.RequestsMock, transport: Transport) -> None:
    """The response to a change updates only that platform, since another's may have been changed meanwhile."""
    turned = threading.Event()

    def give(request: Any) -> tuple[int, dict[str, str], str]:
        if b"slack" in request.body:
            # Carried out first, this answer arrives last.
            assert turned.wait(timeout=30)
            return 200, {}, '{"succeed": true, "data": {"slack": {"enabled": true}, "voice": {"enabled": false}}}'
        return 200, {}, '{"succeed": true, "data": {"slack": {"enabled": true}, "voice": {"enabled": true}}}'

    service.add_callback("PATCH", MAP, give)
    service.get(MAP, json={"succeed": True, "data": {"slack": {"enabled": False}, "voice": {"enabled": False}}})
    platforms = Platforms(transport)
    platforms.all()
    slack = threading.Thread(target=platforms.switch, args=("slack",), kwargs={"enabled": True})
    slack.start()
    platforms.switch("voice", enabled=True)
    turned.set()
    slack.join()

    assert platforms.read("slack").enabled
    assert platforms.read("voice").enabled


@pytest.mark.parametrize("data", [None, [], "text", {"imessage": {"enabled": "perhaps"}}, {"imessage": {}}])
def test_unreadable_map_is_an_error(data: Any, platforms: Platforms, emulator: Emulator) -> None:
    """A response of another form raises an error, and is never read as "all are off"."""
    emulator.faults.add(Fault(method="GET", path="*/platforms/", status=200, body={"succeed": True, "data": data}))

    with pytest.raises(ServiceFailed, match="this release cannot read it"):
        platforms.read("imessage")


def test_unknown_entry_of_the_map_is_ignored(platforms: Platforms, emulator: Emulator) -> None:
    """A key of the map that is no platform, as a newer service may add, is ignored."""
    data = {"imessage": {"enabled": True, "since": 1}, "version": 2, "new_platform": {"enabled": True}}
    emulator.faults.add(Fault(method="GET", path="*/platforms/", status=200, body={"succeed": True, "data": data}))

    assert {each.platform: each.enabled for each in platforms.all()} == {"imessage": True, "new_platform": True}
