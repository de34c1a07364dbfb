"""Users that were changed outside Pulumi: exactly the drifted properties are shown and repaired."""

from collections.abc import Callable
from typing import Any

import pytest

import pulumi_spectrum as spectrum_sdk

PHONES = {
    name: f"+1415555{number:04d}"
    for number, name in enumerate(
        ["untouched", "first", "last", "email", "together", "cleared", "unmanaged", "phone", "type"]
    )
}
PERSONAL = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
DRIFT: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "first": ({"firstName": "Eve"}, ("firstName",)),
    "last": ({"lastName": "Eve"}, ("lastName",)),
    "email": ({"email": "eve@example.com"}, ("email",)),
    "together": ({"firstName": "Eve", "email": "eve@example.com"}, ("email", "firstName")),
    "cleared": ({"lastName": None}, ("lastName",)),
    "unmanaged": ({"firstName": "Eve", "lastName": "Eve", "email": "eve@example.com"}, ()),
    "phone": ({"phoneNumber": "+14155559999"}, ("phoneNumber",)),
    "type": ({"type": "dedicated"}, ("type",)),
}
"""What is changed of each user outside Pulumi, and the properties that commands have to show for it."""
SHOWN = {name: ("update", *properties) for name, (_, properties) in DRIFT.items() if properties}
REPAIRED = {**SHOWN, "phone": ("create first", "phoneNumber"), "type": ("delete first", "type")}


def program() -> None:
    for name, phone in PHONES.items():
        spectrum_sdk.User(name, phone_number=phone, **({} if name == "unmanaged" else PERSONAL))


Drift = Callable[[], None]


@pytest.fixture
def drifted(spectrum, make_stack):
    """A stack, its users by name, and a function that restores the users."""
    stack = make_stack(program)
    stack.up()
    names = {phone: name for name, phone in PHONES.items()}
    before = {names[row["phoneNumber"]]: row for row in spectrum.project.users}
    for name, (fields, _) in DRIFT.items():
        spectrum.project.users.change(before[name]["id"], **fields)

    def drift_back() -> None:
        for name, (fields, _) in DRIFT.items():
            spectrum.project.users.change(before[name]["id"], **{field: before[name][field] for field in fields})

    spectrum.requests.clear()
    return stack, before, drift_back


def test_user_drift_in_read_only_commands(spectrum, drifted, shown, sent):
    """Every read-only command shows exactly the drifted properties, with one list request, and changes nothing."""
    stack, _, drift_back = drifted
    before = stack.export()["resources"]
    assert shown(stack.refresh(preview_only=True)) == SHOWN
    assert spectrum.requests.operations() == ["listUsers"]
    assert shown(stack.refresh(preview_only=True, run_program=True)) == SHOWN
    assert shown(stack.preview(refresh=True)) == REPAIRED
    assert shown(stack.preview(refresh=True, run_program=True)) == REPAIRED
    assert sent() == []
    assert stack.export()["resources"] == before
    drift_back()
    assert stack.preview(refresh=True).changes == []


def test_user_drift_is_repaired_after_refresh(spectrum, drifted, shown):
    """A refresh records the drift in the state, and the next `up` shows and repairs exactly that."""
    stack, before, _ = drifted
    assert shown(stack.refresh(run_program=True)) == SHOWN
    assert shown(stack.preview()) == REPAIRED
    stack.up()
    rows = {row["phoneNumber"]: row for row in spectrum.project.users}
    for name, phone in PHONES.items():
        wanted = ["firstName", "lastName", "email"] if name != "unmanaged" else []
        assert {field: rows[phone][field] for field in ["type", *wanted]} == {
            field: before[name][field] for field in ["type", *wanted]
        }, name
    assert rows[PHONES["unmanaged"]]["firstName"] == "Eve"
    assert len(rows) == len(PHONES)
    assert stack.preview(refresh=True).changes == []


def test_user_drift_is_repaired_by_up_refresh(spectrum, drifted, sent):
    """`up --refresh` repairs all drift at once, with one request for each drifted user."""
    stack, before, _ = drifted
    stack.up(refresh=True)
    for name, properties in SHOWN.items():
        if REPAIRED[name][0] == "update":
            values = {field: before[name][field] for field in properties[1:]}
            assert sent(PHONES[name]) == [
                ("POST", "/users/", {"type": "shared", "phoneNumber": PHONES[name], **values})
            ], name
    assert sent(PHONES["untouched"]) == sent(PHONES["unmanaged"]) == []
    assert stack.preview(refresh=True).changes == []


def test_recorded_user_drift_that_is_undone(spectrum, drifted, shown):
    """Drift that a refresh recorded and that is then undone is refreshed again, and needs no repair."""
    stack, _, drift_back = drifted
    stack.refresh()
    drift_back()
    assert shown(stack.refresh()) == SHOWN
    assert stack.preview(refresh=True).changes == []


def test_user_spelling_is_no_drift(spectrum, make_stack, shown):
    """A service that rewrites e-mail addresses, phone numbers and times causes no drift, and hides none."""
    lines = ["+16285550001"]
    spectrum.project.lines.add(phoneNumber=lines[0])

    def both() -> None:
        spectrum_sdk.User("ann", phone_number="+14155550001", first_name="Ann", email="Ann@Example.com")
        spectrum_sdk.User(
            "bob", type="dedicated", phone_number="+14155550002", assigned_phone_number=lines[0], email="B@example.com"
        )

    stack = make_stack(both)
    spectrum.switch(lower_case_email=True, spaced_phone_numbers=True, millisecond_times=False)
    stack.up()
    assert stack.preview(refresh=True).changes == []
    assert stack.resource("ann")["outputs"]["email"] == "Ann@Example.com"
    spectrum.switch(lower_case_email=False, spaced_phone_numbers=False, millisecond_times=True)
    for row in spectrum.project.users:
        spectrum.project.users.change(row["id"], email=row["email"].upper())
    assert stack.refresh().changes == []
    assert stack.preview(refresh=True).changes == []
    ann = min(spectrum.project.users, key=lambda row: row["phoneNumber"])
    spectrum.project.users.change(ann["id"], email="other@example.com")
    assert shown(stack.refresh(preview_only=True)) == {"ann": ("update", "email")}
