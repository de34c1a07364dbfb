"""Users: created and changed with one request, deleted once, found by what the service knows them by."""

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_spectrum.client import AnswerLost, NotFound, ServiceFailed, SpectrumError
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.users import UserRow, Users, user_key
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

PHONE = "+14155550123"
Operations = Callable[[], list[str]]


@pytest.fixture
def users(live_transport: Transport) -> Users:
    return Users(live_transport)


def test_a_new_user_is_returned_and_remembered(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """A creation costs one request, and shows in later reads."""
    users.all()
    made = users.upsert("shared", PHONE, firstName="Alice", email="alice@example.com")

    assert made == UserRow.model_validate(project.users.rows[0])
    assert users.find(made.id) == users.find_by_key("shared", PHONE, None) == made
    assert operations() == ["listUsers", "createUser"]


def test_only_what_is_given_is_sent(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """Fields that are left out stay out of the body, and only a dedicated user names a line."""
    line = project.lines.add()["phoneNumber"]
    users.upsert("shared", PHONE, line)
    users.upsert("dedicated", PHONE, line, lastName="B")

    assert [request.body for request in emulator.requests.matching("POST", project_id=project.id)] == [
        {"type": "shared", "phoneNumber": PHONE},
        {"type": "dedicated", "phoneNumber": PHONE, "assignedPhoneNumber": line, "lastName": "B"},
    ]


def test_the_same_key_is_the_same_user(users: Users, project: ProjectHandle) -> None:
    """Posting a key again changes what is given and keeps the rest."""
    made = users.upsert("shared", PHONE, firstName="Alice", lastName="A")
    again = users.upsert("shared", PHONE, firstName="Eve")

    assert again.id == made.id
    assert (again.first_name, again.last_name) == ("Eve", "A")
    assert len(project.users) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(method="POST", drop="before"),
        Fault(method="POST", drop="after", times=3),
        Fault(method="POST", drop="after", reset=True),
        Fault(method="POST", status=502, after=True, times=5),
        Fault(method="POST", status=503),
        Fault(method="POST", truncate=True),
    ],
)
def test_a_lost_answer_is_asked_for_again(
    fault: Fault, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """Doing it twice is doing it once, so it is repeated until an answer comes: one user in the end."""
    emulator.faults.add(fault)
    made = users.upsert("shared", PHONE)

    assert project.users.ids == [made.id]


def test_many_lost_answers_at_once(
    users: Users, project: ProjectHandle, emulator: Emulator, in_threads: Callable[..., list[Any]]
) -> None:
    """Creations that go on at the same time and lose their answers end in one user each."""
    emulator.faults.add(Fault(method="POST", drop="after", times=12))
    phones = [f"+1415555{number:04}" for number in range(12)]

    made = in_threads(*[lambda phone=phone: users.upsert("shared", phone) for phone in phones])

    assert [each.phone_number for each in made] == phones
    assert sorted(project.users.ids) == sorted(each.id for each in made)


@pytest.mark.parametrize("status", [402, 409, 422])
def test_a_plan_that_is_full_is_told_with_the_services_words(
    status: int, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """The limit of a plan is an error with the service's message, and is not repeated. An update is no error."""
    emulator.switch(shared_user_limit_status=status)
    project.plan = "free"
    for number in range(10):
        project.users.add(phoneNumber=f"+1415555{number:04}")

    with pytest.raises(SpectrumError, match=r"Maximum number of shared users \(10\) reached") as refused:
        users.upsert("shared", PHONE)

    assert refused.value.status == status
    assert len(emulator.requests.matching("POST", project_id=project.id)) == 1
    assert users.upsert("shared", "+14155550001", firstName="Alice").first_name == "Alice"


def test_a_number_that_is_chosen_late_is_looked_for_once(
    users: Users, emulator: Emulator, operations: Operations
) -> None:
    """A user without a number yet is looked at once more, and no longer: it may come later."""
    emulator.switch(assigned_number_seconds=60)
    made = users.upsert("shared", PHONE)

    assert made.assigned_phone_number is None
    assert operations() == ["createUser", "getUser"]


@pytest.mark.parametrize("status", [404, 401, 500, 503])
def test_a_user_that_was_made_is_not_lost_by_the_look_for_its_number(
    status: int, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """Once the service has told the id the user is made: a look that fails afterwards changes nothing of that."""
    emulator.switch(assigned_number_seconds=60)
    emulator.faults.add(Fault(method="GET", path="*/users/*", status=status, times=None))

    assert [users.upsert("shared", PHONE).id] == project.users.ids


def test_a_deletion_shows_at_once(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """A deleted user is gone from the service and from later reads."""
    made = project.users.add(phoneNumber=PHONE)
    users.all()
    users.delete(made["id"])

    assert users.all() == []
    assert project.users.rows == []
    assert operations() == ["listUsers", "deleteUser"]


@pytest.mark.parametrize("fault", [None, Fault(method="DELETE", drop="after"), Fault(method="DELETE", status=502)])
def test_what_is_gone_already_is_deleted(
    fault: Fault | None, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """The 404 of a user whom the project does not list is a success, also just after its creation."""
    made = users.upsert("shared", PHONE)
    if fault is None:
        project.users.remove(made.id)
    else:
        emulator.faults.add(fault)
    users.delete(made.id)

    assert project.users.rows == []
    assert users.find(made.id) is None


def test_a_404_of_what_the_list_still_has_is_an_error(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """A user whom the list shows is not gone because a deletion answers 404."""
    made = project.users.add(phoneNumber=PHONE)
    emulator.faults.add(Fault(method="DELETE", status=404))

    with pytest.raises(NotFound):
        users.delete(made["id"])


def test_a_404_is_not_believed_unless_the_project_answers(
    users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """Without a list of the same project nobody is known to be gone."""
    emulator.faults.add(Fault(method="DELETE", status=404), Fault(method="GET", status=404, times=None))

    with pytest.raises(NotFound) as caught:
        users.delete("nobody")

    assert caught.value.method == "GET"


def test_a_dedicated_user_is_known_by_phone_and_line(users: Users, project: ProjectHandle) -> None:
    """The same phone may be served by several lines and by a shared number: each is another user."""
    lines = [project.lines.add()["phoneNumber"] for _ in range(2)]
    shared = project.users.add(phoneNumber=PHONE)
    dedicated = project.users.add(phoneNumber=PHONE, type="dedicated", assignedPhoneNumber=lines[0])

    assert users.find_by_key("shared", PHONE, lines[0]) == UserRow.model_validate(shared)
    assert users.find_by_key("dedicated", PHONE, lines[0]) == UserRow.model_validate(dedicated)
    assert users.find_by_key("dedicated", PHONE, lines[1]) is None


def test_the_key_of_a_shared_user_has_no_line() -> None:
    """The number that the service assigns is no part of what it knows a shared user by."""
    assert user_key("shared", PHONE, "+14155550199") == user_key("shared", PHONE, None)
    assert user_key("dedicated", PHONE, "+14155550199") != user_key("dedicated", PHONE, None)


def test_phones_are_read_however_they_are_spaced(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """A phone that comes back with spaces is still the key that was sent."""
    emulator.switch(spaced_phone_numbers=True)
    made = project.users.add(phoneNumber=PHONE)
    found = users.find_by_key("shared", PHONE, None)

    assert found is not None
    assert (found.id, found.phone_number) == (made["id"], PHONE)


def test_who_is_gone_is_none(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """Two lists that lack a user prove it gone."""
    made = project.users.add(phoneNumber=PHONE)
    project.users.remove(made["id"])

    assert users.find(made["id"]) is None
    assert operations() == ["listUsers", "listUsers"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(method="GET", status=401, times=None), SpectrumError),
        (Fault(method="GET", status=404, times=None), NotFound),
        (Fault(method="GET", status=500, times=None), ServiceFailed),
        (Fault(method="GET", drop="before", times=None), AnswerLost),
        (Fault(method="GET", status=200, body="<html>", times=None), ServiceFailed),
        (Fault(method="GET", status=200, body={"succeed": True, "data": []}, times=None), ServiceFailed),
        (Fault(method="GET", status=200, body={"succeed": True, "data": {"users": None}}, times=None), ServiceFailed),
    ],
)
def test_nobody_is_gone_when_the_list_fails(
    fault: Fault, kind: type[SpectrumError], users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """A list that fails, whatever with, is an error and never an empty list."""
    made = project.users.add(phoneNumber=PHONE)
    emulator.faults.add(fault)

    with pytest.raises(kind):
        users.find(made["id"])


def test_the_redirect_is_an_address_of_the_same_service(users: Users, emulator: Emulator) -> None:
    """The public address of a conversation is made of the base URL and the user's id."""
    assert users.redirect_url("u-1") == f"{emulator.url}/users/u-1/redirect"


@pytest.mark.parametrize(("there", "complete"), [(0, True), (500, True), (501, False)])
def test_first_page(users: Users, project: ProjectHandle, operations: Operations, there: int, complete: bool) -> None:
    """One request returns up to 500 users, and it is known whether these are all."""
    for number in range(there):
        project.users.add(phoneNumber=f"+1415555{number:04d}")
    page = users.first_page()
    assert (len(page.rows), page.complete, page.total) == (min(there, 500), complete, there)
    assert operations() == ["listUsers"]
