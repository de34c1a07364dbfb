"""Platforms from creation to deletion: each of the four, every argument, drift and its repair."""

from typing import Any

import pytest
from lifecycle_table import Step

import pulumi_spectrum as spectrum_sdk

OFF = {
    "imessage": {"enabled": False, "autoScale": False},
    "whatsapp_business": {"enabled": False},
    "voice": {"enabled": False, "imessage_enabled": False},
    "slack": {"enabled": False},
}


def toggle(platform: str, *, enabled: bool) -> tuple[str, str, dict[str, Any]]:
    return ("PATCH", "/platforms/", {"platform": platform, "enabled": enabled})


def setting(**fields: bool) -> tuple[str, str, dict[str, Any]]:
    return ("PATCH", "/platforms/{id}", fields)


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


PLATFORMS = {
    "imessage": [
        Step(
            {"platform": "imessage", "auto_scale": True},
            ("create",),
            [toggle("imessage", enabled=True), setting(autoScale=True)],
            {"enabled": True, "autoScale": True},
        ),
        Step(
            {"platform": "imessage", "auto_scale": False},
            ("update", "autoScale"),
            [setting(autoScale=False)],
            {"enabled": True, "autoScale": False},
        ),
        Step(
            {"platform": "imessage", "enabled": False, "auto_scale": True},
            ("update", "autoScale", "enabled"),
            [setting(autoScale=True), toggle("imessage", enabled=False)],
            {"enabled": False, "autoScale": True},
        ),
        # A setting that is left out is not managed: it is not sent.
        Step(
            {"platform": "imessage", "enabled": True},
            ("update", "autoScale", "enabled"),
            [toggle("imessage", enabled=True)],
            {"enabled": True, "autoScale": True},
        ),
    ],
    "whatsapp": [
        Step(
            {"platform": "whatsapp_business"},
            ("create",),
            [toggle("whatsapp_business", enabled=True)],
            {"enabled": True},
        ),
        Step(
            {"platform": "whatsapp_business", "enabled": False},
            ("update", "enabled"),
            [toggle("whatsapp_business", enabled=False)],
            {"enabled": False},
        ),
        Step(None, ("delete",), [toggle("whatsapp_business", enabled=False)], {"enabled": False}),
    ],
    # The setting of voice can be changed only while voice is turned on.
    "voice": [
        Step(
            {"platform": "voice", "enabled": False, "imessage_enabled": True},
            ("create",),
            [toggle("voice", enabled=True), setting(imessage_enabled=True), toggle("voice", enabled=False)],
            {"enabled": False, "imessage_enabled": True},
        ),
        Step(
            {"platform": "voice", "enabled": False, "imessage_enabled": False},
            ("update", "imessageEnabled"),
            [toggle("voice", enabled=True), setting(imessage_enabled=False), toggle("voice", enabled=False)],
            {"enabled": False, "imessage_enabled": False},
        ),
        Step(
            {"platform": "voice", "imessage_enabled": True},
            ("update", "enabled", "imessageEnabled"),
            [toggle("voice", enabled=True), setting(imessage_enabled=True)],
            {"enabled": True, "imessage_enabled": True},
        ),
        Step({"platform": "voice"}, ("update", "imessageEnabled"), [], {"enabled": True, "imessage_enabled": True}),
    ],
    "slack": [
        Step({"platform": "slack", "enabled": False}, ("create",), [], {"enabled": False}),
        Step({"platform": "slack"}, ("update", "enabled"), [toggle("slack", enabled=True)], {"enabled": True}),
        Step(None, ("delete",), [toggle("slack", enabled=False)], {"enabled": False}),
    ],
}
SETTINGS_GIVEN_AGAIN = {
    "imessage": [
        Step(
            {"platform": "imessage", "auto_scale": True},
            ("update", "autoScale"),
            [setting(autoScale=True)],
            {"enabled": True, "autoScale": True},
        ),
    ],
    "voice": [
        Step(
            {"platform": "voice", "imessage_enabled": False},
            ("update", "imessageEnabled"),
            [],
            {"enabled": True, "imessage_enabled": False},
        ),
    ],
}


def test_each_change_of_a_platform(spectrum, lifecycles):
    """Each change of a platform previews, sends and stores what its row says, and the next preview is empty."""
    platforms = lifecycles(spectrum_sdk.Platform, lambda platform: spectrum.project.platforms[platform])
    platforms.run(PLATFORMS)
    assert spectrum.project.platforms.rows == {
        **OFF,
        "imessage": {"enabled": True, "autoScale": True},
        "voice": {"enabled": True, "imessage_enabled": True},
    }
    # The drift of a setting that is not managed is not shown, and a setting that is given again overwrites it.
    spectrum.project.platforms.set("imessage", autoScale=False)
    spectrum.project.platforms.set("voice", imessage_enabled=False)
    platforms.stack.assert_no_drift()
    platforms.run(SETTINGS_GIVEN_AGAIN)
    platforms.stack.destroy()
    assert spectrum.project.platforms.rows == {**OFF, "imessage": {"enabled": False, "autoScale": True}}


def test_new_platform_is_turned_on_first(spectrum, lifecycles):
    """When a resource's platform is replaced, the new platform is turned on before the old one is turned off."""
    platforms = lifecycles(spectrum_sdk.Platform, lambda platform: spectrum.project.platforms[platform])
    platforms.run(
        {
            "chat": [
                Step({"platform": "slack"}),
                Step(
                    {"platform": "voice"},
                    ("create first", "platform"),
                    [toggle("voice", enabled=True), toggle("slack", enabled=False)],
                ),
            ]
        }
    )


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
