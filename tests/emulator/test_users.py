"""Users."""

from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle, SteppedClock

ALICE = "+14155550123"
BOB = "+14155550124"


def put_shared(client: Any, phone: str = ALICE, **fields: Any) -> Any:
    """Create or update a shared user and return the row."""
    return client.post("/users/", {"type": "shared", "phoneNumber": phone, **fields})


def test_list_of_users_is_wrapped_with_its_total(client: Any) -> None:
    """The list is an object with users and total."""
    row = put_shared(client)
    assert client.get("/users/") == {"users": [row], "total": 1}


def test_shared_user_gets_a_number(client: Any, project: ProjectHandle) -> None:
    """The service chooses the number that a shared user writes to. Fields left out are null."""
    row = put_shared(client)
    assert row == {
        "id": row["id"],
        "projectId": project.id,
        "type": "shared",
        "firstName": None,
        "lastName": None,
        "email": None,
        "phoneNumber": ALICE,
        "assignedPhoneNumber": row["assignedPhoneNumber"],
        "meta": None,
        "createdAt": "2026-08-14T19:19:47.168Z",
    }
    assert row["assignedPhoneNumber"].startswith("+1415595")


def test_posting_the_same_phone_updates_the_supplied_fields(client: Any) -> None:
    """The same active phone number is the same user. Fields that are sent change, others stay."""
    first = put_shared(client, firstName="Alice", email="alice@example.com")
    second = put_shared(client, firstName="Alicia")
    assert second == {**first, "firstName": "Alicia"}
    assert client.get("/users/")["total"] == 1


def test_phone_of_a_deleted_user_gets_another_id(client: Any) -> None:
    """Deletion is soft. A deleted user is a 404, and the same phone number becomes another user."""
    first = put_shared(client)
    assert client.delete(f"/users/{first['id']}/") == {"userId": first["id"]}
    for method in ("GET", "DELETE"):
        assert client.ask(method, f"/users/{first['id']}/").refusal == (404, "User not found")
    assert client.get("/users/") == {"users": [], "total": 0}
    assert put_shared(client)["id"] != first["id"]


def test_a_deleted_user_is_shown_when_switched(client: Any, spectrum: Emulator) -> None:
    """With the switch, GET returns a deleted row with its deletedAt."""
    row = put_shared(client)
    client.delete(f"/users/{row['id']}/")
    spectrum.switch(deleted_user="shown")
    assert client.get(f"/users/{row['id']}/") == {**row, "deletedAt": "2026-08-14T19:19:47.168Z"}


def test_dedicated_user_is_identified_by_both_numbers(client: Any, project: ProjectHandle) -> None:
    """The same phone number on another line, or as a shared user, is another user."""
    lines = [project.lines.add()["phoneNumber"] for _ in range(2)]
    body = {"type": "dedicated", "phoneNumber": ALICE}
    ids = {client.post("/users/", {**body, "assignedPhoneNumber": line})["id"] for line in (*lines, *lines)}
    assert len(ids) == 2
    assert put_shared(client)["id"] not in ids
    assert client.get("/users/", type="dedicated")["total"] == 2


def test_a_dedicated_user_needs_a_line_number(client: Any) -> None:
    """A dedicated user without assignedPhoneNumber is refused. A shared user does not have the field: it is dropped."""
    answer = client.ask("POST", "/users/", {"type": "dedicated", "phoneNumber": ALICE})
    assert answer.refusal == (422, "assignedPhoneNumber is required")
    assert put_shared(client, assignedPhoneNumber=BOB)["assignedPhoneNumber"] != BOB


@pytest.mark.parametrize("status", [422, 404, 409])
def test_a_dedicated_user_needs_a_line_of_the_project(
    status: int, client: Any, spectrum: Emulator, project: ProjectHandle
) -> None:
    """The number of another project or of a deleted line is refused with the status of the switch."""
    spectrum.switch(foreign_line_status=status)
    line = project.lines.add()
    project.lines.remove(line["id"])
    body = {"type": "dedicated", "phoneNumber": ALICE, "assignedPhoneNumber": line["phoneNumber"]}
    assert client.ask("POST", "/users/", body).refusal == (status, "assignedPhoneNumber must be a line of this project")


@pytest.mark.parametrize("name", ["firstName", "lastName", "email"])
def test_null_keeps_the_value_by_default(name: str, client: Any, spectrum: Emulator) -> None:
    """A null name or e-mail address is accepted and changes nothing. With the switch it is a 422."""
    row = put_shared(client, **{name: "a@example.com"})
    body = {"type": "shared", "phoneNumber": ALICE, name: None}
    assert client.post("/users/", body) == row
    spectrum.switch(null_user_fields="refuse")
    assert client.ask("POST", "/users/", body).refusal == (422, f"{name} must be a string")
    assert client.get(f"/users/{row['id']}/") == row


def test_new_user_can_have_null_names_and_address(client: Any) -> None:
    """Null in a creation is the same as a field left out."""
    row = put_shared(client, firstName=None, lastName=None, email=None)
    assert (row["firstName"], row["lastName"], row["email"]) == (None, None, None)


def test_name_can_be_empty_and_address_not(client: Any) -> None:
    """The form of an e-mail address is checked, and names are not."""
    assert put_shared(client, firstName="")["firstName"] == ""
    body = {"type": "shared", "phoneNumber": ALICE, "email": ""}
    assert client.ask("POST", "/users/", body).refusal == (422, "email must be a valid e-mail address")


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("a.b+c@mail.example.co", 200),
        ("O'Brien_1@example.com", 200),
        (".a@example.com", 422),
        ("a.@example.com", 422),
        ("a..b@example.com", 422),
        ("ä@example.com", 422),
        ("a b@example.com", 422),
        ("a@example", 422),
        ("a@example.c", 422),
        ("a@example.c0", 422),
        ("a@.com", 422),
    ],
)
def test_form_of_an_email_address(email: str, status: int, client: Any) -> None:
    """The local part is ASCII with single dots inside, and the last label has at least two letters."""
    body = {"type": "shared", "phoneNumber": ALICE, "email": email}
    assert client.ask("POST", "/users/", body).status == status


def test_names_of_a_dedicated_user_change_by_default(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """A repeated POST updates a dedicated user. With the switch the row is returned unchanged."""
    line = project.lines.add()["phoneNumber"]
    body = {"type": "dedicated", "phoneNumber": ALICE, "assignedPhoneNumber": line}
    row = client.post("/users/", {**body, "firstName": "Alice"})
    changed = client.post("/users/", {**body, "firstName": "Alicia"})
    assert changed == {**row, "firstName": "Alicia"}
    spectrum.switch(dedicated_user_names="keep")
    assert client.post("/users/", {**body, "firstName": "Ann"}) == changed
    put_shared(client, firstName="Ann")
    assert put_shared(client, firstName="Anna")["firstName"] == "Anna"


def test_email_address_identifies_a_shared_user_when_switched(client: Any, spectrum: Emulator) -> None:
    """With the switch, another phone number with the same address is the same user, who keeps the number."""
    row = put_shared(client, email="a@example.com")
    other = put_shared(client, BOB, email="a@example.com")
    assert other["id"] != row["id"]
    client.delete(f"/users/{other['id']}/")
    spectrum.switch(shared_users_matched_by_email=True)
    assert put_shared(client, BOB, email="a@example.com", firstName="Alice") == {**row, "firstName": "Alice"}
    assert put_shared(client, BOB)["id"] != row["id"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("phoneNumber", "4155550123", "phoneNumber must be an E.164 phone number, such as +14155550123"),
        ("phoneNumber", "+0155550123", "phoneNumber must be an E.164 phone number, such as +14155550123"),
        ("email", "alice", "email must be a valid e-mail address"),
    ],
)
def test_status_of_a_malformed_phone_or_address_is_a_switch(
    field: str, value: str, message: str, client: Any, spectrum: Emulator
) -> None:
    """A malformed phone number or address is refused with the status of the switch."""
    body = {"type": "shared", "phoneNumber": ALICE, field: value}
    assert client.ask("POST", "/users/", body).refusal == (422, message)
    spectrum.switch(bad_contact_status=400)
    assert client.ask("POST", "/users/", body).refusal == (400, message)


def test_user_needs_a_type(client: Any) -> None:
    """The type is required and is shared or dedicated."""
    assert client.ask("POST", "/users/", {"phoneNumber": ALICE}).refusal == (422, "type is required")
    answer = client.ask("POST", "/users/", {"type": "other", "phoneNumber": ALICE})
    assert answer.refusal == (422, "type must be one of shared, dedicated")


@pytest.mark.parametrize("status", [402, 409, 422])
def test_plan_limits_shared_users(status: int, client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """On the Free plan the eleventh shared user is refused, and an update of an existing one is not."""
    spectrum.switch(shared_user_limit_status=status)
    project.plan = "free"
    for number in range(10):
        put_shared(client, f"+1415555{number:04d}")
    answer = client.ask("POST", "/users/", {"type": "shared", "phoneNumber": ALICE})
    assert answer.refusal == (status, "Maximum number of shared users (10) reached")
    put_shared(client, "+14155550001", firstName="Alice")
    project.users.remove(project.users.ids[0])
    put_shared(client)


def test_new_user_has_no_number_for_a_while_when_switched(client: Any, spectrum: Emulator) -> None:
    """With the switch, the number that a new shared user writes to is null for a while."""
    clock = spectrum.clock
    assert isinstance(clock, SteppedClock)
    spectrum.switch(assigned_number_seconds=2)
    row = put_shared(client)
    assert row["assignedPhoneNumber"] is None
    clock.advance(2)
    assert client.get(f"/users/{row['id']}/")["assignedPhoneNumber"] is not None


class TestList:
    """The list and its filters."""

    @pytest.fixture
    def ids(self, client: Any) -> list[str]:
        """The ids of five users."""
        return [
            put_shared(client, f"+1415555010{number}", firstName=f"User {number}", email=f"u{number}@Example.com")["id"]
            for number in range(5)
        ]

    def test_pages_of_the_list(self, client: Any, ids: list[str]) -> None:
        """limit and offset choose a page, and total counts all users."""
        page = client.get("/users/", limit=2, offset=3)
        assert ([row["id"] for row in page["users"]], page["total"]) == (ids[3:], 5)
        assert client.get("/users/", offset=7) == {"users": [], "total": 5}

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"limit": 0}, "limit must be a whole number from 1 to 500"),
            ({"limit": 501}, "limit must be a whole number from 1 to 500"),
            ({"limit": "ten"}, "limit must be a whole number from 1 to 500"),
            ({"offset": -1}, "offset must be a whole number of at least 0"),
            ({"type": "other"}, "type must be one of shared, dedicated"),
        ],
    )
    def test_invalid_query_is_refused(self, query: Any, message: str, client: Any) -> None:
        """A page outside the bounds and an unknown type are a 422."""
        assert client.ask("GET", "/users/", params=query).refusal == (422, message)

    def test_list_of_several_ids(self, client: Any, ids: list[str]) -> None:
        """id can be repeated, and an unknown id is ignored."""
        found = client.get("/users/", id=[ids[1], ids[3], "nobody"])
        assert ([row["id"] for row in found["users"]], found["total"]) == ([ids[1], ids[3]], 2)

    @pytest.mark.parametrize(
        ("text", "positions"),
        [
            ("user 3", [3]),
            ("0102", [2]),
            ("U4@EXAMPLE", [4]),
            ("+1415", [0, 1, 2, 3, 4]),
            ("x", [0, 1, 2, 3, 4]),
            ("nobody", []),
        ],
    )
    def test_a_search_is_partial_and_in_any_case(
        self, text: str, positions: list[int], client: Any, ids: list[str]
    ) -> None:
        """search compares names, phone numbers and e-mail addresses."""
        assert [row["id"] for row in client.get("/users/", search=text)["users"]] == [ids[each] for each in positions]

    def test_new_user_is_listed_after_a_delay_when_switched(self, client: Any, spectrum: Emulator) -> None:
        """With the switch, a new row is missing from lists and look-ups for a while. It can be updated before that."""
        spectrum.switch(listing_delay_seconds=1)
        row = put_shared(client)
        assert client.get("/users/")["total"] == 0
        assert client.ask("GET", f"/users/{row['id']}/").status == 404
        assert put_shared(client)["id"] == row["id"]
        spectrum.clock.advance(1)
        assert client.get("/users/")["total"] == 1


def test_form_of_returned_text_is_a_switch(client: Any, spectrum: Emulator) -> None:
    """With the switches, addresses are in lower case, numbers have spaces and times no milliseconds."""
    spectrum.switch(lower_case_email=True, spaced_phone_numbers=True, millisecond_times=False)
    row = put_shared(client, email="Alice@Example.com")
    assert (row["email"], row["phoneNumber"]) == ("alice@example.com", "+1 415 555 0123")
    assert row["createdAt"] == spectrum.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def test_redirect_opens_a_chat(client: Any, spectrum: Emulator) -> None:
    """The public link of a user redirects to the number that serves the user, with the message."""
    row = put_shared(client)
    link = f"{spectrum.url}/users/{row['id']}/redirect"
    answer = requests.get(link, params={"msg": "Hi & bye"}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    assert answer.headers["location"] == f"sms:{row['assignedPhoneNumber']}&body=Hi%20%26%20bye"
    client.delete(f"/users/{row['id']}/")
    assert requests.get(link, allow_redirects=False, timeout=5).status_code == 404
