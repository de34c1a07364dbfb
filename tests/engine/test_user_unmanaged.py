"""Arguments left out of a user are not managed: set, removed, set again, changed outside Pulumi, ignored."""

from typing import Any

import pulumi

import pulumi_spectrum as spectrum_sdk

PERSONAL = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
STORED = {"firstName": "Ann", "lastName": "Lee", "email": "ann@example.com"}
NO_FIELDS = {"firstName": None, "lastName": None, "email": None}
LIVE = {"firstName": "Live", "lastName": "Name", "email": "live@example.com"}


def held(spectrum: Any) -> dict[str, Any]:
    (row,) = spectrum.project.users
    return {name: row[name] for name in STORED}


def test_user_argument_set_removed_and_set_again(spectrum, make_stack, sent, shown):
    """Each optional argument can be set, removed and set again; once removed, the service's value stays."""
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
    change({}, {"ann": ("create",)}, [user], NO_FIELDS)
    change(PERSONAL, changed, [{**user, **STORED}], STORED)
    change({}, changed, [], STORED)
    assert stack.preview(refresh=True).changes == []

    spectrum.project.users.change(spectrum.project.users.ids[0], **LIVE)
    assert shown(stack.preview(refresh=True)) == {}
    assert stack.refresh(preview_only=True).changes == []
    # The state still holds the former name, but the live name decides.
    again = {"ann": ("update", "firstName")}
    change({"first_name": "Ann"}, again, [{**user, "firstName": "Ann"}], {**LIVE, "firstName": "Ann"})
    assert stack.preview(refresh=True).changes == []


def test_argument_equal_to_the_live_value_sends_nothing(spectrum, make_stack, sent, shown):
    """An argument set to the value that the service already holds becomes managed without a request."""
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


def test_user_ignore_changes(spectrum, make_stack, sent, shown):
    """An argument in `ignore_changes` is neither updated nor shown, whether it changed in the program or outside."""
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
