"""Users from creation to deletion: every argument changed, in place or by replacement."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from lifecycle_table import Step, one_change

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.spelling.property_names import to_camel

ONE, TWO = "+16285550001", "+16285550002"
FULL = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
ON_ONE = {"type": "dedicated", "assigned_phone_number": ONE}
ON_TWO = {"type": "dedicated", "assigned_phone_number": TWO}
DELETE = "the request that deletes a user"


def user(
    phone: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    shows: tuple[str, ...] = (),
    sends: tuple[Any, ...] = (),
    **holds: str,
) -> list[Step]:
    """Return the steps of a user of this phone.

    What the service then holds is what `after` says, but for `holds`. Of the requests, `DELETE` is one, and a mapping
    is a POST's fields beside those that say which user is meant.
    """
    arguments = {"phone_number": phone, "type": "shared", **after}
    held = {to_camel(name): value for name, value in arguments.items() if name != "on_conflict"}
    key = {name: held[name] for name in ("type", "phoneNumber", "assignedPhoneNumber") if name in held}
    requests = [
        ("DELETE", "/users/{id}/", None) if each is DELETE else ("POST", "/users/", {**key, **each}) for each in sends
    ]
    return one_change(
        {"phone_number": phone, **before}, {"phone_number": phone, **after}, shows, requests, {**held, **holds}
    )


USERS = {
    "nothing": user("+14155550000", FULL, FULL),
    "first_name": user(
        "+14155550001",
        FULL,
        {**FULL, "first_name": "Anna"},
        ("update", "firstName"),
        ({"firstName": "Anna"},),
    ),
    "last_name": user(
        "+14155550002",
        FULL,
        {**FULL, "last_name": "Li"},
        ("update", "lastName"),
        ({"lastName": "Li"},),
    ),
    "email": user(
        "+14155550003",
        FULL,
        {**FULL, "email": "a@example.org"},
        ("update", "email"),
        ({"email": "a@example.org"},),
    ),
    "case of the email": user(
        "+14155550004",
        FULL,
        {**FULL, "email": "Ann@Example.com"},
        email="ann@example.com",
    ),
    "all that is personal": user(
        "+14155550005",
        FULL,
        {"first_name": "Bo", "last_name": "Ek", "email": "bo@example.com"},
        ("update", "email", "firstName", "lastName"),
        ({"firstName": "Bo", "lastName": "Ek", "email": "bo@example.com"},),
    ),
    "first_name of a dedicated one": user(
        "+14155550006",
        {**ON_ONE, **FULL},
        {**ON_ONE, **FULL, "first_name": "Anna"},
        ("update", "firstName"),
        ({"firstName": "Anna"},),
    ),
    "on_conflict": user("+14155550007", FULL, {**FULL, "on_conflict": "adopt"}, ("update", "onConflict")),
    "type to dedicated": user(
        "+14155550008",
        {"first_name": "Ann"},
        {**ON_ONE, "first_name": "Ann"},
        ("delete first", "assignedPhoneNumber", "type"),
        (DELETE, {"firstName": "Ann"}),
    ),
    "type to shared": user(
        "+14155550009",
        ON_ONE,
        {},
        ("delete first", "assignedPhoneNumber", "type"),
        (DELETE, {}),
    ),
    "assigned_phone_number": user(
        "+14155550010",
        {**ON_ONE, **FULL},
        {**ON_TWO, **FULL},
        ("delete first", "assignedPhoneNumber"),
        (DELETE, {"firstName": "Ann", "lastName": "Lee", "email": "ann@example.com"}),
    ),
    "phone_number": user(
        "+14155550011",
        FULL,
        {**FULL, "phone_number": "+14155560011"},
        ("create first", "phoneNumber"),
        ({"firstName": "Ann", "lastName": "Lee", "email": "ann@example.com"}, DELETE),
    ),
    "phone_number and type": user(
        "+14155550012",
        {},
        {**ON_TWO, "phone_number": "+14155560012", "first_name": "Ann"},
        ("create first", "assignedPhoneNumber", "firstName", "phoneNumber", "type"),
        ({"firstName": "Ann"}, DELETE),
    ),
}


def test_each_change_of_a_user(spectrum, lifecycles):
    """Each change of a user previews, sends and stores what its row says, and the next preview is empty."""
    for line in (ONE, TWO):
        spectrum.project.lines.add(phoneNumber=line)
    users = lifecycles(spectrum_sdk.User, lambda user_id: spectrum.project.users[user_id])
    users.run({name: steps[:1] for name, steps in USERS.items()})
    operations = [request.operation_id for request in users.requests]
    assert operations == ["listUsers"] + ["createUser"] * len(USERS)
    users.run({name: steps[1:] for name, steps in USERS.items()})
    assert [request.operation_id for request in users.requests].count("listUsers") == 1
    assert len(spectrum.project.users) == len(USERS)
    users.stack.destroy()
    assert spectrum.project.users.rows == []


def test_deleted_user_reads_as_gone(spectrum, make_stack):
    """A user deleted outside Pulumi is shown as gone by a refresh, and is created again by the next `up`."""

    def program():
        spectrum_sdk.User("alice", phone_number="+14155550001", first_name="Alice")
        spectrum_sdk.User("bob", phone_number="+14155550002")

    stack = make_stack(program)
    stack.up()
    alice, bob = (row["id"] for row in sorted(spectrum.project.users, key=lambda row: row["phoneNumber"]))
    spectrum.project.users.remove(alice)

    assert stack.refresh(preview_only=True).summary == {"alice": ("delete",)}
    assert stack.preview(refresh=True).summary == {"alice": ("create",)}
    stack.up(refresh=True)
    assert [row["firstName"] for row in spectrum.project.users if row["id"] != bob] == ["Alice"]
    assert bob in spectrum.project.users.ids
    assert stack.preview(refresh=True).changes == []


def test_update_of_a_deleted_user_is_refused(spectrum, make_stack):
    """An update of a user deleted outside Pulumi is refused with advice, and changes no other user of that phone."""
    name = "Alice"

    def program():
        spectrum_sdk.User("alice", phone_number="+14155550001", first_name=name)

    stack = make_stack(program)
    stack.up()
    spectrum.project.users.clear()
    other_user = spectrum.project.users.add(phoneNumber="+14155550001", firstName="Mallory")
    name = "Alicia"
    run = stack.up(fails=True)
    assert run.messages[0] == (
        "alice: error: This user no longer exists. Run `pulumi refresh`; the next `pulumi up` then makes it again."
    )
    assert spectrum.project.users.rows == [other_user]

    stack.refresh()
    run = stack.up(fails=True)
    assert f"A user with this phone_number is there already (id {other_user['id']})" in run.messages[0]
    assert spectrum.project.users.rows == [other_user]


def test_delete_of_a_deleted_user_succeeds(spectrum, make_stack):
    """Deleting a user that no longer exists is no error."""
    stack = make_stack(lambda: spectrum_sdk.User("alice", phone_number="+14155550001"))
    stack.up()
    spectrum.project.users.clear()
    assert stack.destroy().summary == {"alice": ("delete",)}


@pytest.mark.spectrum_emulator(plan="free")
def test_user_over_the_plan_limit_is_refused(spectrum, make_stack):
    """A user over the plan's limit is refused with the service's own message, and the others are created."""

    def program():
        for number in range(11):
            spectrum_sdk.User(f"user-{number:02d}", phone_number=f"+1415555{number:04d}")

    stack = make_stack(program)
    run = stack.up(fails=True)
    (message,) = [message for message in run.messages if message.startswith("user-")]
    assert message.endswith(
        "error: POST /users/ failed (HTTP 402): Maximum number of shared users (10) reached. The project's plan or one "
        "of its limits does not allow this."
    )
    assert len(spectrum.project.users) == 10
    spectrum.project.plan = "pro"
    assert list(stack.up().summary.values()) == [("create",)]
    assert stack.preview(refresh=True).changes == []


def test_user_renamed_with_an_alias(spectrum, make_stack):
    """A user renamed in the program with an alias stays the same user, and no request changes anything."""
    stack = make_stack(lambda: spectrum_sdk.User("alice", phone_number="+14155550001"))
    stack.up()
    spectrum.requests.clear()
    options = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="alice")])
    stack.program = lambda: spectrum_sdk.User("alicia", phone_number="+14155550001", opts=options)
    assert stack.up().changes == []
    assert len(spectrum.requests) == 0
