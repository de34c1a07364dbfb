"""What a program leaves out of a user is not managed: set, unset, set again, changed by others, ignored."""

from typing import Any

import pulumi

import pulumi_spectrum as spectrum_sdk

PERSONAL = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
STORED = {"firstName": "Ann", "lastName": "Lee", "email": "ann@example.com"}
NOBODY = {"firstName": None, "lastName": None, "email": None}
THEIRS = {"firstName": "Their", "lastName": "Own", "email": "theirs@example.com"}


def held(spectrum: Any) -> dict[str, Any]:
    (row,) = spectrum.project.users
    return {name: row[name] for name in STORED}


def test_set_unset_set_again(spectrum, make_stack, sent, shown):
    """Each optional argument can be set, left out and set again; left out, the service's value stays."""
    arguments: dict[str, Any] = {}
    stack = make_stack(lambda: spectrum_sdk.User("ann", phone_number="+14155550001", **arguments))

    def change(new, says, asks, leaves):
        arguments.clear()
        arguments.update(new)
        spectrum.requests.clear()
        assert shown(stack.preview()) == says
        assert shown(stack.up()) == says
        assert [body for _, _, body in sent()] == asks
        assert held(spectrum) == leaves

    user = {"type": "shared", "phoneNumber": "+14155550001"}
    changed = {"ann": ("update", "email", "firstName", "lastName")}
    change({}, {"ann": ("create",)}, [user], NOBODY)
    change(PERSONAL, changed, [{**user, **STORED}], STORED)
    change({}, changed, [], STORED)
    assert stack.preview(refresh=True).changes == []

    spectrum.project.users.change(spectrum.project.users.ids[0], **THEIRS)
    assert shown(stack.preview(refresh=True)) == {}
    assert stack.refresh(preview_only=True).changes == []
    # The state still has the former name: what counts is what the service holds.
    again = {"ann": ("update", "firstName")}
    change({"first_name": "Ann"}, again, [{**user, "firstName": "Ann"}], {**THEIRS, "firstName": "Ann"})
    assert stack.preview(refresh=True).changes == []


def test_equal_to_what_the_service_holds(spectrum, make_stack, sent, shown):
    """An argument that is given the value which the service holds is taken on without a request."""
    arguments: dict[str, Any] = {}
    stack = make_stack(lambda: spectrum_sdk.User("ann", phone_number="+14155550001", **arguments))
    stack.up()
    spectrum.project.users.change(spectrum.project.users.ids[0], **STORED)
    stack.refresh()
    arguments = PERSONAL
    spectrum.requests.clear()
    assert shown(stack.up()) == {"ann": ("update", "email", "firstName", "lastName")}
    assert sent() == []
    assert stack.preview(refresh=True).changes == []
    spectrum.project.users.change(spectrum.project.users.ids[0], firstName="Eve")
    assert shown(stack.refresh(preview_only=True)) == {"ann": ("update", "firstName")}


def test_ignore_changes(spectrum, make_stack, sent, shown):
    """What a program ignores changes of is neither changed nor shown, by whomever it was changed."""
    name = "Ann"

    def program():
        options = pulumi.ResourceOptions(ignore_changes=["first_name"])
        spectrum_sdk.User("ann", phone_number="+14155550001", first_name=name, last_name=name, opts=options)

    stack = make_stack(program)
    stack.up()
    name = "Anna"
    spectrum.requests.clear()
    assert shown(stack.up()) == {"ann": ("update", "lastName")}
    assert [body for _, _, body in sent()] == [{"type": "shared", "phoneNumber": "+14155550001", "lastName": "Anna"}]
    assert held(spectrum) == {"firstName": "Ann", "lastName": "Anna", "email": None}
    assert stack.preview(refresh=True).changes == []

    spectrum.project.users.change(spectrum.project.users.ids[0], firstName="Eve")
    assert shown(stack.preview(refresh=True)) == {}
    stack.up(refresh=True)
    assert held(spectrum) == {"firstName": "Eve", "lastName": "Anna", "email": None}
