"""Users whose creation gets a late, a wrong or no response."""

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault

FAULTS = [
    Fault(method="POST", path="*/users/", drop="before"),
    Fault(method="POST", path="*/users/", drop="after"),
    Fault(method="POST", path="*/users/", drop="after", reset=True),
    Fault(method="POST", path="*/users/", status=502, after=True),
    Fault(method="POST", path="*/users/", status=503),
    Fault(method="POST", path="*/users/", truncate=True),
    Fault(method="POST", path="*/users/", status=200, after=True, body="<html>Welcome</html>"),
    Fault(method="POST", path="*/users/", status=200, after=True, body={"succeed": True, "data": {"id": 5}}),
    Fault(method="POST", path="*/users/", delay=1.5, delay_when="after"),
    Fault(method="POST", path="*/users/", status=429, headers={"Retry-After": "1"}),
]


def test_lost_response_to_user_creation(spectrum, make_stack, ids_of):
    """However a response is lost, with several creations in flight, each user exists once and is recorded by its id."""
    phones = {f"user-{number}": f"+1415555{number:04d}" for number in range(len(FAULTS) + 1)}

    def program():
        for name, phone in phones.items():
            spectrum_sdk.User(name, phone_number=phone, first_name=name)

    stack = make_stack(program, config={"spectrum:timeoutSeconds": "1"})
    spectrum.faults.add(*FAULTS)
    stack.up()
    assert spectrum.faults.pending() == []
    assert len(spectrum.requests.matching("POST")) == len(phones) + len(FAULTS)
    rows = {row["firstName"]: row for row in spectrum.project.users}
    assert len(spectrum.project.users) == len(phones)
    assert ids_of(stack) == {name: rows[name]["id"] for name in phones}
    assert stack.preview(refresh=True).changes == []


def test_response_hidden_by_a_proxy(spectrum, make_stack, ids_of):
    """A user whose creation response a proxy replaces is found in a new list and recorded at once."""
    stack = make_stack(lambda: spectrum_sdk.User("ann", phone_number="+14155550001", first_name="Ann"))
    spectrum.faults.add(
        Fault(method="POST", path="*/users/", status=403, after=True, body="<html>No</html>", times=None)
    )
    stack.up()
    assert ids_of(stack) == {"ann": spectrum.project.users.ids[0]}
    assert spectrum.requests.operations() == ["listUsers", "createUser", "listUsers"]
    spectrum.faults.clear()
    assert stack.preview(refresh=True).changes == []


def test_user_without_assigned_number(spectrum, make_stack):
    """A shared user whose number is not assigned yet is recorded without it, and the next refresh adds it."""
    spectrum.switch(assigned_number_seconds=3600)
    stack = make_stack(lambda: spectrum_sdk.User("ann", phone_number="+14155550001"))
    stack.up()
    assert spectrum.requests.operations() == ["listUsers", "createUser", "getUser"]
    assert "assignedPhoneNumber" not in stack.resource("ann")["outputs"]
    assert stack.preview(refresh=True).changes == []

    spectrum.switch(assigned_number_seconds=0)
    assert stack.preview(refresh=True).changes == []
    stack.refresh()
    (row,) = spectrum.project.users
    assert stack.resource("ann")["outputs"]["assignedPhoneNumber"] == row["assignedPhoneNumber"]
