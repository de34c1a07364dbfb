"""Users that are there already: not made by this program, or declared twice in it."""

import pulumi_spectrum as spectrum_sdk

LINE, OTHER_LINE = "+16285550001", "+16285550002"
SHARED = {"phone_number": "+14155550001"}
DEDICATED = {"type": "dedicated", "phone_number": "+14155550001", "assigned_phone_number": LINE}
THERE_ALREADY = (
    "A user with this phone_number is there already (id {id}), and this program did not make it. Set "
    'on_conflict="adopt" to take it over and set its names as given here, or import it with `pulumi import --file` '
    "(pulumi-spectrum adopt writes the file), or remove it. If it is this program's own under an old name, give the "
    "resource an alias; if it is being replaced by force, delete_before_replace=True."
)


def test_somebody_elses_user(spectrum, make_stack, sent, ids_of):
    """A user whom the program does not own is never changed, until the program says that it takes them over."""
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
    # However the service spaces numbers, it is the same person.
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


def test_declared_twice(spectrum, make_stack):
    """Two resources that mean one user are refused in the preview, naming both; another line is another user."""
    for line in (LINE, OTHER_LINE):
        spectrum.project.lines.add(phoneNumber=line)
    twins: dict[str, dict[str, str]] = {"ann": SHARED, "anna": SHARED}

    def program():
        for name, arguments in twins.items():
            spectrum_sdk.User(name, **arguments)

    stack = make_stack(program)
    for twins in ({"ann": SHARED, "anna": SHARED}, {"bob": DEDICATED, "bobby": DEDICATED}):
        (one, other) = twins
        first, second = f'"{one}" and "{other}"', f'"{other}" and "{one}"'
        (message,) = stack.preview(fails=True).messages
        assert first in message or second in message
        assert message.endswith(
            "are the same user: both have the same phone_number. Remove one of them from the program, or give it "
            "another value."
        )
        assert len(spectrum.requests) == 0

    twins = {"shared": SHARED, "dedicated": DEDICATED, "other": {**DEDICATED, "assigned_phone_number": OTHER_LINE}}
    stack.up()
    assert len(spectrum.project.users) == 3
    assert stack.preview(refresh=True).changes == []


def test_two_users_that_exchange_their_phones(spectrum, make_stack):
    """Users that exchange their phones in one `up` are refused, and none of them is lost or overwritten."""
    phones = ["+14155550001", "+14155550002"]

    def program():
        for name, phone in zip(["ann", "bob"], phones, strict=True):
            spectrum_sdk.User(name, phone_number=phone, first_name=name)

    stack = make_stack(program)
    stack.up()
    before = spectrum.project.users.rows
    phones.reverse()
    run = stack.up(fails=True)
    assert "is there already" in run.messages[0]
    assert spectrum.project.users.rows == before
    phones.reverse()
    assert stack.preview(refresh=True).changes == []
