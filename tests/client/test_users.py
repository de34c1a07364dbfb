"""Users: created, changed, deleted, and found by their keys."""

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_spectrum.client import AnswerLost, NotFound, ServiceFailed, SpectrumError
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.user_keys import user_key
from pulumi_spectrum.client.user_list import UserRow
from pulumi_spectrum.client.users import Users
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

PHONE = "+14155550123"
Operations = Callable[[], list[str]]


@pytest.fixture
def users(live_transport: Transport) -> Users:
    return Users(live_transport)


def test_created_user_is_returned_and_cached(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """A creation sends one request, and later reads return the user without another."""
    users.all()
    made = users.upsert("shared", PHONE, firstName="Alice", email="alice@example.com")

    assert made == UserRow.model_validate(project.users.rows[0])
    assert users.find(made.id) == users.find_by_key("shared", PHONE, None) == made
    assert operations() == ["listUsers", "createUser"]


def test_creation_sends_only_given_fields(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """Fields that are left out are not sent, and only a dedicated user names a line."""
    line = project.lines.add()["phoneNumber"]
    users.upsert("shared", PHONE, line)
    users.upsert("dedicated", PHONE, line, lastName="B")

    assert [request.body for request in emulator.requests.matching("POST", project_id=project.id)] == [
        {"type": "shared", "phoneNumber": PHONE},
        {"type": "dedicated", "phoneNumber": PHONE, "assignedPhoneNumber": line, "lastName": "B"},
    ]


def test_second_post_changes_the_same_user(users: Users, project: ProjectHandle) -> None:
    """Posting a key again changes the given fields and keeps the others."""
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
def test_creation_with_a_lost_response_is_repeated(
    fault: Fault, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """A creation is repeated until a response arrives, and ends in one user."""
    emulator.faults.add(fault)
    made = users.upsert("shared", PHONE)

    assert project.users.ids == [made.id]


def test_concurrent_creations_with_lost_responses(
    users: Users, project: ProjectHandle, emulator: Emulator, in_threads: Callable[..., list[Any]]
) -> None:
    """Concurrent creations that lose their responses end in one user each."""
    emulator.faults.add(Fault(method="POST", drop="after", times=12))
    phones = [f"+1415555{number:04}" for number in range(12)]

    made = in_threads(*[lambda phone=phone: users.upsert("shared", phone) for phone in phones])

    assert [each.phone_number for each in made] == phones
    assert sorted(project.users.ids) == sorted(each.id for each in made)


@pytest.mark.parametrize("status", [402, 409, 422])
def test_plan_limit_is_an_error_with_the_apis_message(
    status: int, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """A creation beyond the plan's limit raises the API's message and is not repeated; an update is allowed."""
    emulator.switch(shared_user_limit_status=status)
    project.plan = "free"
    for number in range(10):
        project.users.add(phoneNumber=f"+1415555{number:04}")

    with pytest.raises(SpectrumError, match=r"Maximum number of shared users \(10\) reached") as refused:
        users.upsert("shared", PHONE)

    assert refused.value.status == status
    assert len(emulator.requests.matching("POST", project_id=project.id)) == 1
    assert users.upsert("shared", "+14155550001", firstName="Alice").first_name == "Alice"


def test_change_that_was_not_carried_out_is_an_error(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """A user who is there, and has not what was sent, does not stand for a change whose responses all failed."""
    project.users.add(phoneNumber=PHONE, firstName="Alice", email="alice@example.com")
    emulator.faults.add(Fault(method="POST", status=500, times=None))

    assert users.upsert("shared", PHONE, email="Alice@example.com").first_name == "Alice"
    with pytest.raises(ServiceFailed, match="HTTP 500"):
        users.upsert("shared", PHONE, firstName="Eve")


def test_change_whose_responses_are_lost_is_done(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """A user who has all that was sent stands for a change whose responses were all lost."""
    made = project.users.add(phoneNumber=PHONE, firstName="Alice")
    emulator.faults.add(Fault(method="POST", drop="after", times=None))
    changed = users.upsert("shared", PHONE, firstName="Eve")

    assert (changed.id, changed.first_name) == (made["id"], "Eve")


def test_number_assigned_late_is_read_once_more(users: Users, emulator: Emulator, operations: Operations) -> None:
    """A new user without an assigned number is read once more, and only once, since the number may come later."""
    emulator.switch(assigned_number_seconds=60)
    made = users.upsert("shared", PHONE)

    assert made.assigned_phone_number is None
    assert operations() == ["createUser", "getUser"]


@pytest.mark.parametrize("status", [404, 401, 500, 503])
def test_failed_read_of_the_number_keeps_the_user(
    status: int, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """When the read for the assigned number fails, the created user is still returned."""
    emulator.switch(assigned_number_seconds=60)
    emulator.faults.add(Fault(method="GET", path="*/users/*", status=status, times=None))

    assert [users.upsert("shared", PHONE).id] == project.users.ids


def test_deleted_user_is_gone_from_later_reads(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """A deleted user is gone from the service and from later reads."""
    made = project.users.add(phoneNumber=PHONE)
    users.all()
    users.delete(made["id"])

    assert users.all() == []
    assert project.users.rows == []
    assert operations() == ["listUsers", "deleteUser"]


@pytest.mark.parametrize("fault", [None, Fault(method="DELETE", drop="after"), Fault(method="DELETE", status=502)])
def test_deletion_of_a_user_that_is_gone_succeeds(
    fault: Fault | None, users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """A 404 for a user that the list lacks is a success, also right after its creation."""
    made = users.upsert("shared", PHONE)
    if fault is None:
        project.users.remove(made.id)
    else:
        emulator.faults.add(fault)
    users.delete(made.id)

    assert project.users.rows == []
    assert users.find(made.id) is None


def test_404_for_a_listed_user_is_an_error(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """A 404 to the deletion of a user that the list still has is an error."""
    made = project.users.add(phoneNumber=PHONE)
    emulator.faults.add(Fault(method="DELETE", status=404))

    with pytest.raises(NotFound):
        users.delete(made["id"])


def test_404_without_a_list_is_an_error(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """A 404 to a deletion is an error when no list of the same project can be read."""
    emulator.faults.add(Fault(method="DELETE", status=404), Fault(method="GET", status=404, times=None))

    with pytest.raises(NotFound) as caught:
        users.delete("nobody")

    assert caught.value.method == "GET"


def test_dedicated_user_is_found_by_phone_and_line(users: Users, project: ProjectHandle) -> None:
    """The same phone on several lines, and on a shared number, is a different user each time."""
    lines = [project.lines.add()["phoneNumber"] for _ in range(2)]
    shared = project.users.add(phoneNumber=PHONE)
    dedicated = project.users.add(phoneNumber=PHONE, type="dedicated", assignedPhoneNumber=lines[0])

    assert users.find_by_key("shared", PHONE, lines[0]) == UserRow.model_validate(shared)
    assert users.find_by_key("dedicated", PHONE, lines[0]) == UserRow.model_validate(dedicated)
    assert users.find_by_key("dedicated", PHONE, lines[1]) is None


def test_shared_user_is_found_without_its_line() -> None:
    """The number that the API assigns is no part of a shared user's key."""
    assert user_key("shared", PHONE, "+14155550199") == user_key("shared", PHONE, None)
    assert user_key("dedicated", PHONE, "+14155550199") != user_key("dedicated", PHONE, None)


def test_phone_numbers_are_read_without_spaces(users: Users, project: ProjectHandle, emulator: Emulator) -> None:
    """A phone number that is returned with spaces is the same key as the one that was sent."""
    emulator.switch(spaced_phone_numbers=True)
    made = project.users.add(phoneNumber=PHONE)
    found = users.find_by_key("shared", PHONE, None)

    assert found is not None
    assert (found.id, found.phone_number) == (made["id"], PHONE)


def test_deleted_user_reads_as_gone(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """A user that two lists lack reads as None."""
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
def test_failed_list_is_an_error(
    fault: Fault, kind: type[SpectrumError], users: Users, project: ProjectHandle, emulator: Emulator
) -> None:
    """A list that fails in any way raises an error, and is never read as an empty list."""
    made = project.users.add(phoneNumber=PHONE)
    emulator.faults.add(fault)

    with pytest.raises(kind):
        users.find(made["id"])


def test_redirect_url_is_below_the_base_url(users: Users, emulator: Emulator) -> None:
    """The redirect URL is made of the base URL and the user's id."""
    assert users.redirect_url("u-1") == f"{emulator.url}/users/u-1/redirect"


@pytest.mark.parametrize(("there", "complete"), [(0, True), (500, True), (501, False)])
def test_first_page(users: Users, project: ProjectHandle, operations: Operations, there: int, complete: bool) -> None:
    """One request returns up to 500 users, and it is known whether these are all."""
    for number in range(there):
        project.users.add(phoneNumber=f"+1415555{number:04d}")
    page = users.first_page()
    assert (len(page.rows), page.complete, page.total) == (min(there, 500), complete, there)
    assert operations() == ["listUsers"]
