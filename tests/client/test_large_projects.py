"""Users of large projects: all pages are read, or single users, whichever takes fewer requests."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from pulumi_spectrum.client import CredentialsRefused, SpectrumError
from pulumi_spectrum.client.errors import AlreadyExists
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.users import Users

ROOT = "https://spectrum.example.com/projects/project-1/users/"


def user(number: int) -> dict[str, Any]:
    return {"id": f"u-{number}", "type": "shared", "phoneNumber": f"+1415{number:07}", "assignedPhoneNumber": "+1"}


class Service:
    """A project with so many users, that counts what it is asked."""

    def __init__(self, mock: responses.RequestsMock, total: int) -> None:
        self.users = {each["id"]: each for each in map(user, range(total))}
        self.pages: list[int] = []
        self.singles: list[str] = []
        self.searches: list[str] = []
        self.status = 200
        self.broken_page: int | None = None
        self.most = 500
        self.after_page: Callable[[], Any] = lambda: None
        mock.assert_all_requests_are_fired = False
        mock.add_callback("GET", ROOT, self.list)
        for number in [*range(20), *range(total - 20, total), 999_999]:
            mock.add_callback("GET", f"{ROOT}u-{number}/", self.single)

    def list(self, request: Any) -> tuple[int, dict[str, str], str]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        offset, rows = int(query["offset"]), list(self.users.values())
        if "search" in query:
            self.searches.append(f"{query['search']}@{offset}" if offset else query["search"])
            rows = [each for each in rows if query["search"] in each["phoneNumber"]]
        else:
            self.pages.append(offset)
            if offset == self.broken_page:
                return 422, {}, json.dumps({"succeed": False})
        page = rows[offset : offset + min(int(query["limit"]), self.most)]
        if "search" not in query:
            self.after_page()
        return self.answer({"users": page, "total": len(rows)})

    def single(self, request: Any) -> tuple[int, dict[str, str], str]:
        user_id = request.url.removeprefix(ROOT).strip("/")
        self.singles.append(user_id)
        return self.answer(self.users.get(user_id))

    def answer(self, data: Any) -> tuple[int, dict[str, str], str]:
        status = 404 if data is None else self.status
        return status, {}, json.dumps({"succeed": status == 200, "data": data})


@pytest.fixture
def project(service: responses.RequestsMock) -> Callable[[int], Service]:
    return lambda total: Service(service, total)


@pytest.fixture
def users(transport: Transport) -> Users:
    return Users(transport)


@pytest.mark.parametrize(
    ("total", "pages"), [(0, [0]), (1, [0]), (500, [0]), (501, [0, 499]), (1997, [0, 499, 998, 1497])]
)
def test_project_of_up_to_four_pages_is_read_whole(
    total: int, pages: list[int], project: Callable[[int], Service], users: Users
) -> None:
    """All reads of up to 2000 users together take one request for each page of 500."""
    service = project(total)

    assert [each.id for each in users.all()] == list(service.users)
    for number in range(min(total, 20)):
        assert users.find(f"u-{number}") is not None
    assert (service.pages, service.singles) == (pages, [])


def test_few_users_of_a_large_project_are_read_one_by_one(project: Callable[[int], Service], users: Users) -> None:
    """Reading a few users of a project with many thousands does not request all pages."""
    service = project(20_000)
    wanted = [f"u-{number}" for number in range(19_980, 19_990)]

    assert [each.id for each in map(users.find, wanted) if each] == wanted
    assert (service.pages, service.singles) == ([0], wanted)


def test_user_on_the_first_page_needs_no_request(project: Callable[[int], Service], users: Users) -> None:
    """A user on the first page, which also gives the total, is read without another request."""
    service = project(20_000)

    assert users.find("u-7") is not None
    assert (service.pages, service.singles) == ([0], [])


def test_single_reads_end_where_reading_all_is_cheaper(project: Callable[[int], Service], users: Users) -> None:
    """After as many single reads as there are pages, all pages are requested once, and later reads use them."""
    total = 3000
    service = project(total)
    wanted = [f"u-{number}" for number in range(total - 20, total)]

    assert [each.id for each in map(users.find, wanted) if each] == wanted
    assert service.singles == wanted[:5]
    assert service.pages == [0, *range(0, total, 499)]


def test_deleted_user_of_a_large_project_reads_as_gone(project: Callable[[int], Service], users: Users) -> None:
    """A 404 for the user, after a page of the same project, means that the user is gone."""
    service = project(20_000)

    assert users.find("u-999999") is None
    assert (service.pages, service.singles) == ([0], ["u-999999"])


def test_user_with_a_deletion_time_reads_as_gone(project: Callable[[int], Service], users: Users) -> None:
    """A row with a time of deletion counts as gone, in single reads and in lists."""
    service = project(3000)
    service.users["u-2990"]["deletedAt"] = "2026-08-01T00:00:00Z"
    service.users["u-3"]["deletedAt"] = "2026-08-01T00:00:00Z"

    assert users.find("u-2990") is None
    assert "u-3" not in {each.id for each in users.all()}


def test_failed_single_read_does_not_mean_gone(project: Callable[[int], Service], users: Users) -> None:
    """When the request for a single user fails, the error is raised and the user does not count as gone."""
    service = project(20_000)
    users.find("u-1")
    service.status = 401

    with pytest.raises(CredentialsRefused):
        users.find("u-19990")


def test_search_by_key_compares_exactly(project: Callable[[int], Service], users: Users) -> None:
    """The API's search also matches parts of numbers; only a row with the same key is returned."""
    service = project(20_000)
    service.users["u-19990"]["phoneNumber"] = "+141500199911"

    found = users.find_by_key("shared", "+14150019991", None)

    assert found is not None
    assert found.id == "u-19991"
    assert users.find_by_key("dedicated", "+14150019991", "+1") is None
    assert service.searches == ["+14150019991"] * 2


def test_search_by_unused_key_returns_none(project: Callable[[int], Service], users: Users) -> None:
    """A key that the search does not find returns None."""
    project(20_000)

    assert users.find_by_key("shared", "+19999999999", None) is None


def test_all_users_of_a_large_project_are_listed(project: Callable[[int], Service], users: Users) -> None:
    """`all` returns every user once, however many pages that takes."""
    service = project(3000)

    assert [each.id for each in users.all()] == list(service.users)


def test_created_user_of_a_large_project_needs_no_request(
    project: Callable[[int], Service], users: Users, service: responses.RequestsMock
) -> None:
    """A user that this process has created is found without a request, whatever page it is on."""
    counted = project(20_000)
    made = {**user(30_000), "id": "made"}
    service.post(ROOT, json={"succeed": True, "data": made})
    users.find("u-1")
    users.upsert("shared", made["phoneNumber"])

    assert users.find("made") == users.find_by_key("shared", made["phoneNumber"], None)
    assert (counted.pages, counted.singles, counted.searches) == ([0], [], [])


def test_list_without_a_total_is_complete(service: responses.RequestsMock, users: Users) -> None:
    """A list without a total is taken as complete."""
    service.get(ROOT, json={"succeed": True, "data": {"users": [user(1)]}})

    assert [each.id for each in users.all()] == ["u-1"]


def test_failed_page_fails_the_list(project: Callable[[int], Service], users: Users) -> None:
    """When a page cannot be read, the list call raises the error and returns no part of the list."""
    service = project(1500)
    service.broken_page = 998

    with pytest.raises(SpectrumError):
        users.all()


def delete_once(service: Service, user_id: str) -> None:
    """Have somebody delete a user after the next page."""

    def delete() -> None:
        service.users.pop(user_id, None)

    service.after_page = delete


def test_deletion_between_two_pages_hides_no_user(project: Callable[[int], Service], users: Users) -> None:
    """When one of 501 users is deleted between the pages, the last user is still listed, found, and not taken over."""
    service = project(501)
    delete_once(service, "u-7")

    assert users.find_by_key("shared", user(500)["phoneNumber"], None) is not None
    with pytest.raises(AlreadyExists):
        users.create("shared", user(500)["phoneNumber"])
    assert "u-500" in {each.id for each in users.all()}


def test_deletion_between_two_pages_of_a_large_project(project: Callable[[int], Service], users: Users) -> None:
    """`all` returns every user of a large project, even if rows move to earlier pages while they are read."""
    service = project(3000)
    users.find("u-1")
    delete_once(service, "u-7")

    assert {each.id for each in users.all()} >= set(service.users)


def test_pages_shorter_than_the_limit_are_read_to_the_end(project: Callable[[int], Service], users: Users) -> None:
    """When the API returns 100 rows a page although the limit is 500, the list is still read to its end."""
    service = project(250)
    service.most = 100

    assert users.find("u-249") is not None
    assert [each.id for each in users.all()] == list(service.users)
    assert service.pages == [0, 99, 198]


def test_list_with_missing_rows_is_an_error(service: responses.RequestsMock, users: Users) -> None:
    """When the list has fewer users than the total says, no user counts as gone and none is created."""
    service.get(ROOT, json={"succeed": True, "data": {"users": [user(1)], "total": 2}})

    with pytest.raises(SpectrumError, match="the service says that there are 2, and lists 1 of them"):
        users.find("u-2")
    with pytest.raises(SpectrumError, match="the service says that there are 2, and lists 1 of them"):
        users.create("shared", user(2)["phoneNumber"])


def test_search_by_key_reads_every_page(project: Callable[[int], Service], users: Users) -> None:
    """A user with the key is found on whatever page of the search it is."""
    service = project(20_000)
    service.most = 3
    for number in range(10):
        service.users[f"u-{number}"]["phoneNumber"] = f"+1415001999{number}1"
    service.users["u-9"]["phoneNumber"] = "+1415001999"
    found = users.find_by_key("shared", "+1415001999", None)

    assert found is not None
    assert found.id == "u-9"


@pytest.mark.parametrize("total", ["501", None, True])
def test_total_of_another_type_is_ignored(total: Any, service: responses.RequestsMock, users: Users) -> None:
    """A total that is no whole number is ignored: pages are requested until one has no new row."""
    rows = [user(number) for number in range(3)]

    def give(request: Any) -> tuple[int, dict[str, str], str]:
        offset = int(parse_qs(urlsplit(request.url).query)["offset"][0])
        return 200, {}, json.dumps({"succeed": True, "data": {"users": rows[offset : offset + 2], "total": total}})

    service.add_callback("GET", ROOT, give)

    assert [each.id for each in users.all()] == ["u-0", "u-1", "u-2"]


def test_key_is_found_by_the_read_that_requests_all_pages(project: Callable[[int], Service], users: Users) -> None:
    """The read that makes all pages worth requesting is answered from all of them, and not from the first page."""
    service = project(3000)
    phones = [user(number)["phoneNumber"] for number in range(2980, 3000)]

    assert [found.phone_number for phone in phones if (found := users.find_by_key("shared", phone, None))] == phones
    assert len(service.searches) == 5
