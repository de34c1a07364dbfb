"""WhatsApp Business accounts and templates: liberal reading, pages, and what counts as gone."""

import json
from typing import Any

import pytest
import responses
from part_fixtures import BASE_URL, PROJECT_ID
from responses import matchers

from pulumi_spectrum.client import NotFound, ServiceFailed
from pulumi_spectrum.client.paging import MAX_PAGES
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.whatsapp import WhatsApp

ROOT = f"{BASE_URL}/projects/{PROJECT_ID}/whatsapp-business/accounts"
ROW = {"id": "1", "name": "hello", "language": "en_US", "category": "UTILITY", "status": "APPROVED", "components": []}


@pytest.fixture
def whatsapp(transport: Transport) -> WhatsApp:
    return WhatsApp(transport)


def answer(service: responses.RequestsMock, path: str, data: Any, status: int = 200, **query: str) -> None:
    body = {"succeed": status == 200, "data": data, "message": "Not found"}
    match = [matchers.query_param_matcher(query)] if query else ()
    service.add("GET", f"{ROOT}{path}", json=body, status=status, match=match)


def page(*rows: dict[str, Any], after: Any = None) -> dict[str, Any]:
    return {"templates": list(rows), "paging": {"nextCursor": after, "prevCursor": None}}


@pytest.mark.parametrize(
    "data",
    [
        [{"accountId": "a-1", "name": "Acme"}],
        [{"id": "a-1", "name": "Acme", "wabaId": 5}],
        {"accounts": [{"accountId": "a-1", "id": "other", "name": "Acme"}]},
    ],
)
def test_accounts_are_read_liberally(data: Any, service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """An account needs no field but an id, in either spelling, and the array may stand in an object."""
    answer(service, "", data)

    assert [(each.id, each.name) for each in whatsapp.accounts()] == [("a-1", "Acme")]


def test_rows_are_read_liberally(service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """A score may be Meta's own object, no reason may be spelt NONE, and what is not needed may be missing."""
    scored = {**ROW, "qualityScore": {"score": "GREEN", "date": 5}, "rejectedReason": "NONE", "new": {}}
    bare = {"id": "2", "name": "hello", "language": "de"}
    answer(service, "/a-1/templates/", {"templates": [scored, bare]})
    first, second = whatsapp.templates("a-1")

    assert (first.id, first.quality_score, first.rejected_reason) == ("1", "GREEN", None)
    assert second.model_dump(exclude_unset=True) == bare


def test_pages_are_read_to_the_end(service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """Pages are followed by their cursor, through an empty page and a row that comes twice, 100 rows at a time."""
    rows = [{**ROW, "id": str(number), "language": f"l{number}"} for number in range(3)]
    answer(service, "/a-1/templates/", page(rows[0], rows[1], after="x"), limit="100")
    answer(service, "/a-1/templates/", page(after="y"), limit="100", after="x")
    answer(service, "/a-1/templates/", page(rows[1], rows[2]), limit="100", after="y")

    assert [each.id for each in whatsapp.templates("a-1")] == ["0", "1", "2"]


def test_pages_without_an_end_are_an_error(service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """A service that returns the same page for any cursor is not followed for ever, and nothing counts as gone."""
    answer(service, "/a-1/templates/", page(ROW, after="x"))
    with pytest.raises(ServiceFailed, match="the pages of the list do not end"):
        whatsapp.find_template("a-1", "2")


def test_pages_with_new_rows_without_an_end_are_an_error(service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """A service that has new templates and a new cursor on each page is followed for some pages only."""

    def give(_request: Any) -> tuple[int, dict[str, str], str]:
        number = len(service.calls)
        data = page({**ROW, "id": str(number), "language": f"l{number}"}, after=f"x{number}")
        return 200, {}, json.dumps({"succeed": True, "data": data})

    service.add_callback("GET", f"{ROOT}/a-1/templates/", give)
    with pytest.raises(ServiceFailed, match="the pages of the list do not end"):
        whatsapp.templates("a-1")

    assert len(service.calls) == MAX_PAGES + 1


def test_all_reads_of_an_account_share_a_list(service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """One list serves every read of an account, and another account has a list of its own."""
    answer(service, "/a-1/templates/", page(ROW, {**ROW, "id": "2", "language": "de"}))
    answer(service, "/a-2/templates/", page(ROW))

    assert [whatsapp.find_template("a-1", each) is not None for each in ("1", "2")] == [True, True]
    assert whatsapp.find_template("a-2", "1") is not None
    assert len(service.calls) == 2


@pytest.mark.parametrize("status", ["PENDING_DELETION", "DELETED"])
def test_deleted_template_is_gone(status: str, service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """A template that was deleted and is still listed counts as gone."""
    answer(service, "/a-1/templates/", page({**ROW, "status": status}))

    assert whatsapp.find_template("a-1", "1") is None
    assert whatsapp.templates("a-1") == []


@pytest.mark.parametrize("is_listed", [True, False])
def test_404_of_an_account(is_listed: bool, service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """The templates of an account are gone with it once the project's list lacks it, and not by a 404 alone."""
    answer(service, "/a-1/templates/", None, status=404)
    answer(service, "", [{"accountId": "a-1"}] if is_listed else [])
    if is_listed:
        with pytest.raises(NotFound):
            whatsapp.find_template("a-1", "1")
    else:
        assert whatsapp.find_template("a-1", "1") is None


def test_account_that_is_no_id(service: responses.RequestsMock, whatsapp: WhatsApp) -> None:
    """An account's id cannot lead to another path."""
    answer(service, "/..%2Fx%3Fy/templates/", page(ROW))

    assert len(whatsapp.templates("../x?y")) == 1
