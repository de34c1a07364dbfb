"""Platforms with a missing entry, a refused setting, a late delete, or arguments that do not fit."""

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault

URN = "urn:pulumi:test::test::pulumi-python:dynamic/spectrum:Platform::{}"


def test_unlisted_platform_reads_as_off(spectrum, make_stack, sent):
    """A platform that the service does not list is read as turned off."""
    for platform in ("slack", "voice"):
        spectrum.project.platforms.forget(platform)

    def program():
        spectrum_sdk.Platform("off", platform="slack", enabled=False)
        spectrum_sdk.Platform("on", platform="voice")

    stack = make_stack(program)
    stack.up()
    assert [body for _, _, body in sent()] == [{"platform": "voice", "enabled": True}]
    assert stack.preview(refresh=True).changes == []
    spectrum.project.platforms.forget("voice")
    assert stack.refresh(preview_only=True).summary == {"on": ("update", "enabled")}


def test_platform_with_refused_setting_is_recorded(spectrum, make_stack, sent):
    """A platform whose setting is refused is recorded with what was reached, and the next `up` sends the rest."""
    auto_scale = True

    def program():
        spectrum_sdk.Platform("imessage", platform="imessage", auto_scale=auto_scale, enabled=False)

    stack = make_stack(program)
    spectrum.project.plan = "free"
    run = stack.up(fails=True)
    assert run.messages[0] == (
        "imessage: error: 1 error occurred:\n\t* PATCH /platforms/imessage failed (HTTP 403): autoScale is available "
        "on the Business plan only. The project's plan or one of its limits does not allow this. The platform exists "
        "(id imessage) and is recorded in the state. Run `pulumi up` to finish setting it up."
    )
    assert stack.resource("imessage")["outputs"]["enabled"] is True
    spectrum.project.plan = "business"
    spectrum.requests.clear()
    stack.up()
    assert [body for _, _, body in sent()] == [{"autoScale": True}, {"platform": "imessage", "enabled": False}]
    assert stack.preview(refresh=True).changes == []

    auto_scale = False
    spectrum.faults.add(Fault(method="PATCH", path="*/platforms/", status=422, skip=1))
    run = stack.up(fails=True)
    assert "is recorded in the state. Run `pulumi up` to finish setting it up." in run.messages[0]
    assert spectrum.project.platforms["imessage"] == {"enabled": True, "autoScale": False}
    spectrum.requests.clear()
    stack.up()
    assert [body for _, _, body in sent()] == [{"platform": "imessage", "enabled": False}]
    assert stack.preview(refresh=True).changes == []


def test_late_delete_leaves_platform_of_new_resource_on(spectrum, make_stack, sent):
    """Deleting an old resource does not turn off a platform that a new resource manages, in this run or a later one."""
    trigger, name, broken = "1", "renamed", False

    def program():
        made = [
            spectrum_sdk.Platform("forced", platform="imessage"),
            spectrum_sdk.Platform(
                "triggered", platform="voice", opts=pulumi.ResourceOptions(replacement_trigger=trigger)
            ),
            spectrum_sdk.Platform(name, platform="slack"),
        ]
        if broken:
            spectrum_sdk.User("broken", phone_number="+14155559999", opts=pulumi.ResourceOptions(depends_on=made))

    stack = make_stack(program)
    stack.up()
    before = spectrum.project.platforms.rows
    spectrum.requests.clear()

    trigger, name = "2", "renamed now"
    stack.up(replace=[URN.format("forced")])
    trigger, name, broken = "3", "renamed again", True
    spectrum.faults.add(Fault(method="POST", path="*/users/", status=422))
    stack.up(replace=[URN.format("forced")], fails=True)
    broken = False
    stack.up()
    assert spectrum.project.platforms.rows == before
    assert [body for method, _, body in sent() if method == "PATCH"] == []
    assert stack.preview(refresh=True).changes == []

    stack.destroy()
    assert not any(entry["enabled"] for entry in spectrum.project.platforms.rows.values())


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"platform": "slack", "auto_scale": True}, 'auto_scale is a setting of platform "imessage" only.'),
        (
            {"platform": "imessage", "imessage_enabled": True},
            'imessage_enabled is a setting of platform "voice" only.',
        ),
        ({"platform": "telegram"}, "platform must be 'imessage', 'whatsapp_business', 'voice' or 'slack'."),
    ],
)
def test_arguments_that_do_not_fit_the_platform(spectrum, make_stack, arguments, problem):
    """A setting that the platform does not have, and an unknown platform, are refused in the preview."""
    stack = make_stack(lambda: spectrum_sdk.Platform("chat", **arguments))
    (message,) = stack.preview(fails=True).messages
    assert message.endswith(problem)
    assert len(spectrum.requests) == 0


def test_platform_declared_twice(spectrum, make_stack):
    """Two resources of one platform are refused in the preview, and the error names both."""

    def program():
        for name in ("chat", "talk"):
            spectrum_sdk.Platform(name, platform="slack")

    (message,) = make_stack(program).preview(fails=True).messages
    assert "chat" in message
    assert "talk" in message
    assert message.endswith(
        "are the same platform: both have the same platform. Remove one of them from the program, or give it another "
        "value."
    )


def test_unknown_platform_arguments(spectrum, make_stack, shown):
    """Every argument may be unknown in a preview, for a new platform and for an existing one."""
    arguments = {
        "platform": ("slack", {}),
        "enabled": (False, {"platform": "whatsapp_business"}),
        "auto_scale": (True, {"platform": "imessage"}),
        "imessage_enabled": (True, {"platform": "voice"}),
    }
    unknown = False

    def program():
        wait = None
        if unknown:
            wait = spectrum_sdk.Line("line", opts=pulumi.ResourceOptions(protect=False)).phone_number
        for name, (value, others) in arguments.items():
            later = value if wait is None else wait.apply(lambda _, value=value: value)
            spectrum_sdk.Platform(name, **others, **{name: later})

    stack = make_stack(program)
    stack.up()
    unknown = True
    assert shown(stack.preview()) == {
        "line": ("create",),
        "platform": ("create first", "platform"),
        "enabled": ("update", "enabled"),
        "auto_scale": ("update", "autoScale"),
        "imessage_enabled": ("update", "imessageEnabled"),
    }
    assert shown(stack.up()) == {"line": ("create",)}
    assert stack.preview(refresh=True).changes == []
    stack.destroy()
    assert shown(stack.preview()) == dict.fromkeys(("line", *arguments), ("create",))
