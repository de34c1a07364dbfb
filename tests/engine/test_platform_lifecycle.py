"""Platforms from creation to deletion: each of the four, every argument, drift and its repair."""

from typing import Any

import pytest

import pulumi_spectrum as spectrum_sdk

OFF = {
    "imessage": {"enabled": False, "autoScale": False},
    "whatsapp_business": {"enabled": False},
    "voice": {"enabled": False, "imessage_enabled": False},
    "slack": {"enabled": False},
}


def toggle(platform: str, *, enabled: bool) -> tuple[str, str, dict[str, Any]]:
    return ("PATCH", "/platforms/", {"platform": platform, "enabled": enabled})


def setting(platform: str, **fields: bool) -> tuple[str, str, dict[str, Any]]:
    return ("PATCH", f"/platforms/{platform}", fields)


@pytest.fixture
def platforms() -> dict[str, dict[str, Any]]:
    """The platforms that the program declares, with their arguments."""
    return {}


@pytest.fixture
def stack(make_stack, platforms):
    """A stack of `platforms`, each with its platform as its name."""

    def program():
        for name, arguments in platforms.items():
            spectrum_sdk.Platform(name, **{"platform": name, **arguments})

    return make_stack(program)


def test_each_change_of_a_platform(spectrum, stack, platforms, sent, shown):
    """Each change of a platform previews, sends and stores what its row says, and the next preview is empty."""

    def change(new, says, asks, holds):
        platforms.clear()
        platforms.update(new)
        spectrum.requests.clear()
        assert shown(stack.preview()) == says
        assert len(spectrum.requests) == 0
        assert shown(stack.up()) == says
        for platform in OFF:
            about = sent(f"/platforms/{platform}", f"'platform': '{platform}'")
            assert about == asks.get(platform, []), platform
        for platform, held in holds.items():
            assert spectrum.project.platforms[platform] == held, platform
        assert stack.preview().changes == []

    change(
        {
            "imessage": {"auto_scale": True},
            "whatsapp_business": {},
            "voice": {"enabled": False, "imessage_enabled": True},
            "slack": {"enabled": False},
        },
        dict.fromkeys(OFF, ("create",)),
        {
            "imessage": [toggle("imessage", enabled=True), setting("imessage", autoScale=True)],
            "whatsapp_business": [toggle("whatsapp_business", enabled=True)],
            "voice": [
                toggle("voice", enabled=True),
                setting("voice", imessage_enabled=True),
                toggle("voice", enabled=False),
            ],
        },
        {
            "imessage": {"enabled": True, "autoScale": True},
            "whatsapp_business": {"enabled": True},
            "voice": {"enabled": False, "imessage_enabled": True},
            "slack": {"enabled": False},
        },
    )
    change(
        {
            "imessage": {"auto_scale": False},
            "whatsapp_business": {"enabled": False},
            "voice": {"enabled": False, "imessage_enabled": False},
            "slack": {},
        },
        {
            "imessage": ("update", "autoScale"),
            "whatsapp_business": ("update", "enabled"),
            "voice": ("update", "imessageEnabled"),
            "slack": ("update", "enabled"),
        },
        {
            "imessage": [setting("imessage", autoScale=False)],
            "whatsapp_business": [toggle("whatsapp_business", enabled=False)],
            "voice": [
                toggle("voice", enabled=True),
                setting("voice", imessage_enabled=False),
                toggle("voice", enabled=False),
            ],
            "slack": [toggle("slack", enabled=True)],
        },
        {**OFF, "imessage": {"enabled": True, "autoScale": False}, "slack": {"enabled": True}},
    )
    change(
        {"imessage": {"enabled": False, "auto_scale": True}, "voice": {"imessage_enabled": True}},
        {
            "imessage": ("update", "autoScale", "enabled"),
            "whatsapp_business": ("delete",),
            "voice": ("update", "enabled", "imessageEnabled"),
            "slack": ("delete",),
        },
        {
            "imessage": [setting("imessage", autoScale=True), toggle("imessage", enabled=False)],
            "whatsapp_business": [toggle("whatsapp_business", enabled=False)],
            "voice": [toggle("voice", enabled=True), setting("voice", imessage_enabled=True)],
            "slack": [toggle("slack", enabled=False)],
        },
        {
            **OFF,
            "imessage": {"enabled": False, "autoScale": True},
            "voice": {"enabled": True, "imessage_enabled": True},
        },
    )
    # A setting that is left out is not managed: it is not sent, and its drift is not shown.
    change(
        {"imessage": {"enabled": True}, "voice": {}},
        {"imessage": ("update", "autoScale", "enabled"), "voice": ("update", "imessageEnabled")},
        {"imessage": [toggle("imessage", enabled=True)]},
        {"imessage": {"enabled": True, "autoScale": True}, "voice": {"enabled": True, "imessage_enabled": True}},
    )
    spectrum.project.platforms.set("imessage", autoScale=False)
    spectrum.project.platforms.set("voice", imessage_enabled=False)
    stack.assert_no_drift()
    # A setting that is given again overwrites the drift.
    change(
        {"imessage": {"auto_scale": True}, "voice": {"imessage_enabled": False}},
        {"imessage": ("update", "autoScale"), "voice": ("update", "imessageEnabled")},
        {"imessage": [setting("imessage", autoScale=True)]},
        {"imessage": {"enabled": True, "autoScale": True}, "voice": {"enabled": True, "imessage_enabled": False}},
    )
    stack.destroy()
    assert spectrum.project.platforms.rows == {**OFF, "imessage": {"enabled": False, "autoScale": True}}


def test_new_platform_is_turned_on_first(spectrum, stack, platforms, sent, shown):
    """When a resource's platform is replaced, the new platform is turned on before the old one is turned off."""
    platforms["chat"] = {"platform": "slack"}
    stack.up()
    spectrum.requests.clear()
    platforms["chat"] = {"platform": "voice"}
    assert shown(stack.preview()) == {"chat": ("create first", "platform")}
    stack.up()
    assert sent() == [toggle("voice", enabled=True), toggle("slack", enabled=False)]
    assert stack.preview(refresh=True).changes == []


def test_platform_drift_is_shown_and_repaired(spectrum, stack, platforms, shown):
    """Every command shows exactly the drifted properties of a platform, and `up --refresh` repairs them."""
    platforms.update(
        imessage={"auto_scale": True}, whatsapp_business={}, voice={"enabled": False, "imessage_enabled": True}
    )
    stack.up()
    spectrum.project.platforms.set("imessage", autoScale=False)
    spectrum.project.platforms.forget("whatsapp_business")
    spectrum.project.platforms.set("voice", enabled=True, imessage_enabled=False)
    drift = {
        "imessage": ("update", "autoScale"),
        "whatsapp_business": ("update", "enabled"),
        "voice": ("update", "enabled", "imessageEnabled"),
    }
    spectrum.requests.clear()
    assert shown(stack.refresh(preview_only=True)) == drift
    assert spectrum.requests.operations() == ["listPlatforms"]
    assert shown(stack.refresh(preview_only=True, run_program=True)) == drift
    assert shown(stack.preview(refresh=True)) == drift
    assert shown(stack.refresh()) == drift
    assert shown(stack.preview()) == drift
    spectrum.project.platforms.set("voice", enabled=False)
    assert shown(stack.up(refresh=True)) == {**drift, "voice": ("update", "imessageEnabled")}
    assert spectrum.project.platforms.rows == {
        "imessage": {"enabled": True, "autoScale": True},
        "whatsapp_business": {"enabled": True},
        "voice": {"enabled": False, "imessage_enabled": True},
        "slack": {"enabled": False},
    }
    assert stack.preview(refresh=True).changes == []


def test_platform_setting_response_forms(spectrum, stack, platforms):
    """Whether the response to a setting is an entry or null, the state holds what the service holds."""
    for answer, on in {"entry": True, "null": False}.items():
        spectrum.switch(platform_metadata_answer=answer)
        platforms.update(imessage={"auto_scale": on}, voice={"enabled": False, "imessage_enabled": on})
        stack.up()
    assert stack.preview(refresh=True).changes == []
