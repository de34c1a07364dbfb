"""Creating a user only if its key is free: how old the list may be that shows it, and the number of requests."""

from collections.abc import Callable
from typing import Any

import pytest
from fake_time import FakeTime

from pulumi_spectrum.client import ClientSettings, Conflict
from pulumi_spectrum.client.errors import AlreadyExists
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.users import Users
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

PHONE = "+14155550123"
OTHER_PHONE = "+14155550124"
POST = {"method": "POST", "path": "*/users/"}
Operations = Callable[[], list[str]]


@pytest.fixture
def users(live_settings: ClientSettings, fake_time: FakeTime) -> Users:
    """Users whose requests wait for the rate limit in a time of their own."""
    return Users(Transport(live_settings, fake_time.limiter(), clock=fake_time.clock, sleep=fake_time.sleep))


@pytest.fixture
def while_waiting(fake_time: FakeTime) -> Callable[..., None]:
    """Has somebody act once, when a request first waits for the rate limit."""

    def prepare(act: Callable[[], Any]) -> None:
        fake_time.meanwhile.append(act)

    return prepare


def test_creation_takes_a_list_and_a_post(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """The list shows that the key is free, and then the user is created."""
    made = users.create("shared", PHONE, firstName="Alice")

    assert project.users.ids == [made.id]
    assert operations() == ["listUsers", "createUser"]


def test_existing_user_is_not_changed(users: Users, project: ProjectHandle, operations: Operations) -> None:
    """A creation whose key exists raises AlreadyExists with that user, and sends nothing."""
    existing = project.users.add(phoneNumber=PHONE, firstName="Mallory")

    with pytest.raises(AlreadyExists) as caught:
        users.create("shared", PHONE, firstName="Alice")

    assert isinstance(caught.value, Conflict)
    assert caught.value.existing.id == existing["id"]
    assert project.users.rows == [existing]
    assert operations() == ["listUsers"]


def test_creation_does_not_use_a_list_of_some_seconds(
    users: Users, project: ProjectHandle, fake_time: FakeTime
) -> None:
    """A list that answered a read some seconds ago is requested again before a creation."""
    users.all()
    existing = project.users.add(phoneNumber=PHONE, firstName="Mallory")
    fake_time.now += 1.1

    with pytest.raises(AlreadyExists):
        users.create("shared", PHONE, firstName="Alice")

    assert project.users.rows == [existing]


def test_creation_is_checked_again_after_a_cool_down(
    users: Users, project: ProjectHandle, emulator: Emulator, while_waiting: Callable[..., None]
) -> None:
    """A creation that waited long after a 429 is checked against a new list before it is sent again."""
    emulator.faults.add(Fault(**POST, status=429, headers={"Retry-After": "20"}))
    while_waiting(lambda: project.users.add(phoneNumber=PHONE, firstName="Mallory"))

    with pytest.raises(AlreadyExists):
        users.create("shared", PHONE, firstName="Alice")

    assert [row["firstName"] for row in project.users.rows] == ["Mallory"]


@pytest.mark.parametrize("fault", [Fault(**POST, drop="after"), Fault(**POST, status=502, after=True)])
def test_own_user_is_no_conflict_after_a_lost_response(
    fault: Fault, live_settings: ClientSettings, project: ProjectHandle, emulator: Emulator, fake_time: FakeTime
) -> None:
    """After a try that may have been carried out, the creation is repeated without a check of the list."""
    emulator.faults.add(fault)
    pace = fake_time.limiter()
    users = Users(Transport(live_settings, pace, clock=fake_time.clock, sleep=lambda _: fake_time.sleep(30)))

    assert [users.create("shared", PHONE).id] == project.users.ids
    asked = emulator.requests.operations(project_id=project.id)
    assert asked == ["listUsers", "createUser", "createUser"]


def test_creations_share_lists(users: Users, operations: Operations, fake_time: FakeTime) -> None:
    """The first creations use lists of at most a second, and later ones of at most six."""
    for number in range(12):
        users.create("shared", f"+1415555{number:04}")
        fake_time.now += 1.01
    asked = operations()

    assert [index for index, each in enumerate(asked) if each == "listUsers"] == [0, 2, 9]


def test_change_checks_a_new_list(users: Users, project: ProjectHandle, fake_time: FakeTime) -> None:
    """A change does not find a user that was deleted a second ago, and so does not create it again."""
    existing = project.users.add(phoneNumber=PHONE)
    users.all()
    project.users.remove(existing["id"])
    fake_time.now += 1.1

    assert users.find(existing["id"]) is not None
    assert users.find(existing["id"], max_age=users.list_age_for_write()) is None
