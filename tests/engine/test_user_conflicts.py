"""Users that exist already: created outside the program, or declared twice in it."""

import pulumi_spectrum as spectrum_sdk

LINE, OTHER_LINE = "+16285550001", "+16285550002"
SHARED = {"phone_number": "+14155550001"}
DEDICATED = {"type": "dedicated", "phone_number": "+14155550001", "assigned_phone_number": LINE}
THERE_ALREADY = (
    "A user with this phone_number is there already (id {id}), and no resource of this program is known to hold it. If "
    "it is of this stack: after a rename, give this resource an alias; if another resource held it that the program no "
    "longer declares, run `pulumi up --continue-on-error`, which deletes that one, and `pulumi up` once more; under "
    "--replace or a replacement_trigger, set the resource option delete_before_replace=True. If it is not: import "
    "it as it is, with the resource option import_ and its id, or with `pulumi import --file` (pulumi-spectrum adopt "
    'writes the file); or set on_conflict="adopt" to take it over and set its names as given here; or remove it.'
)


def test_existing_user_is_adopted_only_on_request(spectrum, make_stack, sent, ids_of):
    """A user that the state does not hold is never changed, unless the program sets `on_conflict="adopt"`."""
    spectrum.project.lines.add(phoneNumber=LINE)
    for fields in (
        {"phoneNumber": "+14155550001", "firstName": "Mallory", "lastName": "Lee"},
        {"type": "dedicated", "phoneNumber": "+14155550001", "assignedPhoneNumber": LINE, "firstName": "Mallory"},
    ):
        spectrum.project.users.add(**fields)
    before = spectrum.project.users.rows
    shared, dedicated = (row["id"] for row in before)
    on_conflict = "fail"

    def program():
        spectrum_sdk.User("shared", **SHARED, first_name="Ann", on_conflict=on_conflict)
        spectrum_sdk.User("dedicated", **DEDICATED, first_name="Ann", on_conflict=on_conflict)

    stack = make_stack(program)
    run = stack.up(fails=True, continue_on_error=True)
    assert sorted(message for message in run.messages if "update failed" not in message) == [
        f"dedicated: error: {THERE_ALREADY.format(id=dedicated)}",
        f"shared: error: {THERE_ALREADY.format(id=shared)}",
    ]
    # A phone number that the service writes with spaces is the same user.
    spectrum.switch(spaced_phone_numbers=True)
    assert f"there already (id {shared})" in stack.up(fails=True, continue_on_error=True).output
    spectrum.switch(spaced_phone_numbers=False)
    assert sent() == []
    assert spectrum.project.users.rows == before

    on_conflict = "adopt"
    stack.up()
    rows = {row["id"]: row for row in spectrum.project.users}
    assert rows.keys() == {shared, dedicated}
    assert [(row["firstName"], row["lastName"]) for row in (rows[shared], rows[dedicated])] == [
        ("Ann", "Lee"),
        ("Ann", None),
    ]
    assert ids_of(stack) == {"shared": shared, "dedicated": dedicated}
    assert stack.preview(refresh=True).changes == []


def test_user_declared_twice(spectrum, make_stack):
    """Two resources of one user are refused in the preview, naming both; on another line it is another user."""
    for line in (LINE, OTHER_LINE):
        spectrum.project.lines.add(phoneNumber=line)
    declared: dict[str, dict[str, str]] = {"ann": SHARED, "anna": SHARED}

    def program():
        for name, arguments in declared.items():
            spectrum_sdk.User(name, **arguments)

    stack = make_stack(program)
    for declared in ({"ann": SHARED, "anna": SHARED}, {"bob": DEDICATED, "bobby": DEDICATED}):
        (one, other) = declared
        first, second = f'"{one}" and "{other}"', f'"{other}" and "{one}"'
        (message,) = stack.preview(fails=True).messages
        assert first in message or second in message
        assert message.endswith(
            "are the same user: both have the same phone_number. Remove one of them from the program, or give it "
            "another value."
        )
        assert len(spectrum.requests) == 0

    declared = {"shared": SHARED, "dedicated": DEDICATED, "other": {**DEDICATED, "assigned_phone_number": OTHER_LINE}}
    stack.up()
    assert len(spectrum.project.users) == 3
    assert stack.preview(refresh=True).changes == []
