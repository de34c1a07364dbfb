"""Users from creation to deletion: every argument changed, in place or by replacement."""

from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk

LINES = ONE, TWO = "+16285550001", "+16285550002"


@dataclass(frozen=True)
class Step:
    """One user, one change of its arguments, and what follows from the change.

    Args:
        change: What is changed, which is also the user's name.
        before: The arguments at first; the phone is added.
        after: The arguments then.
        shown: What the preview says: the operation, or which comes first, and the properties; empty for nothing.
        sent: What is asked of the service.
        held: What the service holds of the user in the end, where that is not what `after` says.
    """

    change: str
    before: dict[str, Any]
    after: dict[str, Any]
    shown: tuple[str, ...]
    sent: list[tuple[str, dict[str, Any] | None]]
    held: dict[str, Any] = field(default_factory=dict)


NEW = "the phone that a step changes to"


def shared(**fields: str) -> dict[str, str]:
    return {"type": "shared", "phoneNumber": "PHONE", **fields}


def dedicated(line: str, **fields: str) -> dict[str, str]:
    return {"type": "dedicated", "phoneNumber": "PHONE", "assignedPhoneNumber": line, **fields}


FULL = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
ON_ONE = {"type": "dedicated", "assigned_phone_number": ONE}
ON_TWO = {"type": "dedicated", "assigned_phone_number": TWO}

STEPS = [
    Step("nothing", FULL, FULL, (), []),
    Step(
        "first_name",
        FULL,
        {**FULL, "first_name": "Anna"},
        ("update", "firstName"),
        [("POST", shared(firstName="Anna"))],
    ),
    Step("last_name", FULL, {**FULL, "last_name": "Li"}, ("update", "lastName"), [("POST", shared(lastName="Li"))]),
    Step(
        "email",
        FULL,
        {**FULL, "email": "a@example.org"},
        ("update", "email"),
        [("POST", shared(email="a@example.org"))],
    ),
    Step("case of the email", FULL, {**FULL, "email": "Ann@Example.com"}, (), [], {"email": "ann@example.com"}),
    Step(
        "all that is personal",
        FULL,
        {"first_name": "Bo", "last_name": "Ek", "email": "bo@example.com"},
        ("update", "email", "firstName", "lastName"),
        [("POST", shared(firstName="Bo", lastName="Ek", email="bo@example.com"))],
    ),
    Step(
        "of a dedicated one",
        {**ON_ONE, **FULL},
        {**ON_ONE, **FULL, "first_name": "Anna"},
        ("update", "firstName"),
        [("POST", dedicated(ONE, firstName="Anna"))],
    ),
    Step("on_conflict", FULL, {**FULL, "on_conflict": "adopt"}, ("update", "onConflict"), []),
    Step(
        "type to dedicated",
        {"first_name": "Ann"},
        {**ON_ONE, "first_name": "Ann"},
        ("delete first", "assignedPhoneNumber", "type"),
        [("DELETE", None), ("POST", dedicated(ONE, firstName="Ann"))],
    ),
    Step(
        "type to shared",
        ON_ONE,
        {},
        ("delete first", "assignedPhoneNumber", "type"),
        [("DELETE", None), ("POST", shared())],
    ),
    Step(
        "assigned_phone_number",
        {**ON_ONE, **FULL},
        {**ON_TWO, **FULL},
        ("delete first", "assignedPhoneNumber"),
        [("DELETE", None), ("POST", dedicated(TWO, firstName="Ann", lastName="Lee", email="ann@example.com"))],
    ),
    Step(
        "phone_number",
        FULL,
        {**FULL, "phone_number": NEW},
        ("create first", "phoneNumber"),
        [
            ("POST", {**shared(firstName="Ann", lastName="Lee", email="ann@example.com"), "phoneNumber": NEW}),
            ("DELETE", None),
        ],
    ),
    Step(
        "phone_number and type",
        {},
        {**ON_TWO, "phone_number": NEW, "first_name": "Ann"},
        ("create first", "assignedPhoneNumber", "firstName", "phoneNumber", "type"),
        [("POST", {**dedicated(TWO, firstName="Ann"), "phoneNumber": NEW}), ("DELETE", None)],
    ),
]


def phones_of(step: Step) -> tuple[str, str]:
    """Return a step's phone, and the phone that it is changed to."""
    number = STEPS.index(step)
    return f"+1415555{number:04d}", f"+1415556{number:04d}"


def with_phones(step: Step, value: Any) -> Any:
    """Put the step's phones into the placeholders of the table."""
    phone, new = phones_of(step)
    if isinstance(value, dict):
        return {name: with_phones(step, each) for name, each in value.items()}
    return {"PHONE": phone, NEW: new}.get(value, value)


def declare(moment: str) -> None:
    for step in STEPS:
        arguments = with_phones(step, {"phone_number": "PHONE", **getattr(step, moment)})
        spectrum_sdk.User(step.change, **arguments)


def in_the_service(rows: Any, phone: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["phoneNumber"] == phone]


def test_each_change_of_a_user(spectrum, make_stack, sent, shown):
    """Each change of a user previews, sends and stores what its row says, and the next preview is empty."""
    for line in LINES:
        spectrum.project.lines.add(phoneNumber=line)
    stack = make_stack(lambda: declare("before"))
    stack.up()
    assert spectrum.requests.operations() == ["listUsers"] + ["createUser"] * len(STEPS)
    stack.assert_no_drift()
    ids = {step.change: in_the_service(spectrum.project.users, phones_of(step)[0])[0]["id"] for step in STEPS}

    stack.program = lambda: declare("after")
    spectrum.requests.clear()
    preview = stack.preview()
    assert shown(preview) == {step.change: step.shown for step in STEPS if step.shown}
    assert len(spectrum.requests) == 0

    stack.up()
    for step in STEPS:
        path = {"POST": "/users/", "DELETE": "/users/{id}/"}
        asked = [(method, path[method], with_phones(step, body)) for method, body in step.sent]
        assert sent(*phones_of(step), ids[step.change]) == asked, step.change
    assert spectrum.requests.operations().count("listUsers") == 1
    for step in STEPS:
        wanted = with_phones(step, {"phone_number": "PHONE", **step.after})
        (row,) = in_the_service(spectrum.project.users, wanted["phone_number"])
        spelt = {"first_name": "firstName", "last_name": "lastName", "assigned_phone_number": "assignedPhoneNumber"}
        held = {spelt.get(name, name): value for name, value in wanted.items()} | step.held
        assert {name: row[name] for name in held if name in row} == {
            name: value for name, value in held.items() if name in row
        }, step.change
        assert (row["id"] == ids[step.change]) is (not step.shown or step.shown[0] == "update"), step.change
    assert len(spectrum.project.users) == len(STEPS)
    stack.assert_no_drift()

    stack.destroy()
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
