"""A user that has a new resource is not deleted with its old one, in this run or in a later one."""

import pulumi

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault

URN = "urn:pulumi:test::test::pulumi-python:dynamic/spectrum:User::{}"
PHONES = {name: f"+1415555{number:04d}" for number, name in enumerate(["forced", "triggered", "renamed"])}


def test_late_delete_leaves_adopted_users(spectrum, make_stack, sent):
    """Users adopted by their replacement, or by a resource of a new name, are not deleted with the old resource."""
    trigger, renamed, broken = "1", "renamed", False

    def program():
        options = {
            "forced": pulumi.ResourceOptions(),
            "triggered": pulumi.ResourceOptions(replacement_trigger=trigger),
            "renamed": pulumi.ResourceOptions(),
        }
        made = [
            spectrum_sdk.User(
                renamed if name == "renamed" else name,
                phone_number=phone,
                first_name="Ann",
                on_conflict="adopt",
                opts=options[name],
            )
            for name, phone in PHONES.items()
        ]
        if broken:
            spectrum_sdk.User("broken", phone_number="+14155559999", opts=pulumi.ResourceOptions(depends_on=made))

    stack = make_stack(program)
    stack.up()
    before = spectrum.project.users.rows

    trigger, renamed = "2", "renamed now"
    stack.up(replace=[URN.format("forced")])
    assert [method for method, _, _ in sent()] == ["POST"] * 6
    assert spectrum.project.users.rows == before
    assert stack.preview(refresh=True).changes == []

    trigger, renamed, broken = "3", "renamed again", True
    spectrum.faults.add(Fault(method="POST", path="*/users/", status=422, skip=3))
    stack.up(replace=[URN.format("forced")], fails=True)
    owned = [resource.get("id") for resource in stack.export()["resources"]]
    assert all(owned.count(row["id"]) == 2 for row in before), "each user has an old owner left in the state"
    broken = False
    stack.up()
    assert spectrum.project.users.rows == before
    assert stack.preview(refresh=True).changes == []

    stack.destroy()
    assert spectrum.project.users.rows == []


def test_forced_replacement_without_adopt_is_refused(spectrum, make_stack, sent, shown):
    """Without adopt, a forced replacement of a user is refused with advice, and the advice works."""
    options = pulumi.ResourceOptions()
    stack = make_stack(lambda: spectrum_sdk.User("ann", phone_number="+14155550001", opts=options))
    stack.up()
    before = spectrum.project.users.rows
    spectrum.requests.clear()
    run = stack.up(replace=[URN.format("ann")], fails=True)
    assert "under --replace or a replacement_trigger, set the resource option delete_before_replace=True" in str(run)
    assert sent() == []

    options = pulumi.ResourceOptions(delete_before_replace=True)
    run = stack.up(replace=[URN.format("ann")])
    assert shown(run) == {"ann": ("delete first",)}
    assert [method for method, _, _ in sent()] == ["DELETE", "POST"]
    assert [row["id"] for row in spectrum.project.users] != [row["id"] for row in before]
    assert stack.preview(refresh=True).changes == []
