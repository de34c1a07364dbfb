"""Users whose arguments are unknown until other resources are created, and users on lines of the same program."""

from typing import Any

import pulumi

import pulumi_spectrum as spectrum_sdk

UNPROTECTED = pulumi.ResourceOptions(protect=False)
ARGUMENTS: dict[str, dict[str, Any]] = {
    "phone_number": {"phone_number": "+14155550001"},
    "type": {"phone_number": "+14155550002", "type": "shared"},
    "first_name": {"phone_number": "+14155550003", "first_name": "Ann"},
    "last_name": {"phone_number": "+14155550004", "last_name": "Lee"},
    "email": {"phone_number": "+14155550005", "email": "ann@example.com"},
    "on_conflict": {"phone_number": "+14155550006", "on_conflict": "adopt"},
}
"""For each argument, a user that has it."""


def test_unknown_user_arguments(spectrum, make_stack, shown):
    """Every argument may be unknown in a preview, for a new user and for an existing one; `up` then uses its value."""
    unknown = False

    def program():
        wait = None
        if unknown:
            wait = spectrum_sdk.Line("line", opts=UNPROTECTED).phone_number
        for name, known in ARGUMENTS.items():
            later = dict(known)
            if wait is not None:
                later[name] = wait.apply(lambda _, value=known[name]: value)
            spectrum_sdk.User(f"old {name}", **later)
            if unknown:
                extra = {**known, "phone_number": known["phone_number"].replace("+1415555", "+1415556")}
                extra[name] = wait.apply(lambda _, value=extra[name]: value)
                spectrum_sdk.User(f"new {name}", **extra)

    stack = make_stack(program)
    stack.up()
    before = spectrum.project.users.rows

    unknown = True
    spectrum.requests.clear()
    assert shown(stack.preview()) == {
        "line": ("create",),
        **{f"new {name}": ("create",) for name in ARGUMENTS},
        "old phone_number": ("create first", "phoneNumber"),
        "old type": ("delete first", "type"),
        "old first_name": ("update", "firstName"),
        "old last_name": ("update", "lastName"),
        "old email": ("update", "email"),
        "old on_conflict": ("update", "onConflict"),
    }
    assert len(spectrum.requests) == 0
    assert shown(stack.up()) == {"line": ("create",), **{f"new {name}": ("create",) for name in ARGUMENTS}}
    assert [row for row in spectrum.project.users if row in before] == before
    assert len(spectrum.project.users) == 2 * len(ARGUMENTS)
    assert stack.preview(refresh=True).changes == []


def test_dedicated_user_on_a_line_of_the_program(spectrum, make_stack, shown, sent):
    """A user on a new line gets its number; renaming the line keeps the user, and a new line replaces the user."""
    name, line_name = "Acme", "line"

    def program():
        line = spectrum_sdk.Line(line_name, first_name=name, opts=UNPROTECTED)
        spectrum_sdk.User(
            "bob",
            type="dedicated",
            phone_number="+14155550001",
            assigned_phone_number=line.phone_number,
            first_name="Bob",
        )

    stack = make_stack(program)
    assert shown(stack.preview()) == {"line": ("create",), "bob": ("create",)}
    stack.up()
    (line,), (bob,) = spectrum.project.lines, spectrum.project.users
    assert bob["assignedPhoneNumber"] == line["phoneNumber"]
    assert stack.preview(refresh=True).changes == []

    name = "Acme Inc"
    spectrum.requests.clear()
    # The outputs of a resource that will be updated are unknown in a preview, so the number may change.
    assert shown(stack.preview()) == {
        "line": ("update", "firstName"),
        "bob": ("delete first", "assignedPhoneNumber"),
    }
    assert shown(stack.up()) == {"line": ("update", "firstName")}
    assert sent() == [("PATCH", "/lines/{id}/profile", {"firstName": "Acme Inc"})]
    assert spectrum.project.users.rows == [bob]
    assert stack.preview(refresh=True).changes == []

    line_name = "another line"
    stack.up()
    (line,), (moved,) = spectrum.project.lines, spectrum.project.users
    assert moved["assignedPhoneNumber"] == line["phoneNumber"] != bob["assignedPhoneNumber"]
    assert stack.preview(refresh=True).changes == []
