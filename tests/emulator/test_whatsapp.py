"""WhatsApp Business: accounts and templates."""

from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator, ProjectHandle

TEMPLATE = {
    "name": "hello",
    "language": "en_US",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Hi", "example": {"body_text": [["Ada"]]}}],
}


class TestWhatsApp:
    """WhatsApp Business."""

    @pytest.fixture
    def path(self, project: ProjectHandle) -> str:
        """The path of an account's templates."""
        account = project.whatsapp_accounts.add(wabaId="1234", name="Acme")
        return f"/whatsapp-business/accounts/{account['accountId']}/templates/"

    @pytest.mark.usefixtures("path")
    def test_accounts_are_a_bare_array(self, client: Any) -> None:
        """The list of accounts is an array without a wrapper."""
        (account,) = client.get("/whatsapp-business/accounts")
        assert (account["wabaId"], account["name"]) == ("1234", "Acme")

    def test_new_template_is_pending(self, client: Any, path: str) -> None:
        """The response has id, status and category; the list has the components. Name and language are the key."""
        made = client.post(path, TEMPLATE)
        assert made == {"id": made["id"], "status": "PENDING", "category": "UTILITY"}
        (row,) = client.get(path)["templates"]
        assert row == {**TEMPLATE, **made, "parameterFormat": "POSITIONAL"}
        assert client.ask("POST", path, TEMPLATE).status == 409
        assert client.post(path, {**TEMPLATE, "language": "de"})["id"] != made["id"]

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"name": ""}, "name must have at least 1 character(s)"),
            ({"name": "x" * 513}, "name must have at most 512 character(s)"),
            ({"language": "e"}, "language must have at least 2 character(s)"),
            ({"language": "e" * 21}, "language must have at most 20 character(s)"),
            ({"category": "SPAM"}, "category must be MARKETING, UTILITY or AUTHENTICATION"),
            ({"components": []}, "components must hold at least 1"),
            ({"components": [{"text": "Hi"}]}, "components.0.type is required"),
            ({"parameterFormat": "OTHER"}, "parameterFormat must be POSITIONAL or NAMED"),
        ],
    )
    def test_invalid_template_is_refused(self, fields: Any, message: str, client: Any, path: str) -> None:
        """Lengths, category, components and format are checked."""
        assert client.ask("POST", path, {**TEMPLATE, **fields}).refusal == (422, message)

    @pytest.mark.parametrize(
        "case",
        [
            ("APPROVED", {"components": [{"type": "BODY", "text": "Bye"}]}, "APPROVED"),
            ("APPROVED", {"category": "MARKETING"}, "PENDING"),
            ("REJECTED", {"components": [{"type": "BODY", "text": "Bye"}]}, "PENDING"),
            ("PAUSED", {"components": [{"type": "BODY", "text": "Bye"}]}, "PAUSED"),
            ("PAUSED", {"category": "MARKETING"}, None),
            ("PENDING", {"components": [{"type": "BODY", "text": "Bye"}]}, None),
        ],
    )
    def test_status_decides_which_fields_can_change(
        self, case: tuple[str, Any, str | None], client: Any, project: ProjectHandle, path: str
    ) -> None:
        """Each status allows other changes, and some changes are reviewed again."""
        status, fields, expected = case
        template_id = client.post(path, TEMPLATE)["id"]
        project.whatsapp_templates.change(template_id, status=status, rejectedReason="SPAM")
        (before,) = client.get(path)["templates"]
        assert before["rejectedReason"] == "SPAM"
        answer = client.ask("PATCH", path + template_id, fields)
        (after,) = client.get(path)["templates"]
        if expected is None:
            assert (answer.status, after) == (409, before)
        else:
            assert answer.data == {"templateId": template_id, "success": True}
            assert after.items() >= {**fields, "status": expected}.items()
            assert ("rejectedReason" in after) is (expected != "PENDING")

    def test_name_and_language_never_change(self, client: Any, project: ProjectHandle, path: str) -> None:
        """A change has no such fields, and an empty change is a 400."""
        template_id = client.post(path, TEMPLATE)["id"]
        project.whatsapp_templates.change(template_id, status="APPROVED")
        refusal = (400, "The body must hold at least one field to change")
        for body in ({}, {"name": "other"}, {"language": "de"}):
            assert client.ask("PATCH", path + template_id, body).refusal == refusal

    def test_deletion_of_a_template_needs_its_name(self, client: Any, path: str) -> None:
        """A deletion without a name, or with another template's, is refused."""
        template_id = client.post(path, TEMPLATE)["id"]
        assert client.ask("DELETE", path + template_id).refusal == (422, "name is required")
        assert client.ask("DELETE", path + template_id, params={"name": "other"}).status == 422
        deleted = client.ask("DELETE", path + template_id, params={"name": "hello"})
        assert deleted.data == {"templateId": template_id, "success": True}
        assert client.ask("DELETE", path + template_id, params={"name": "hello"}).status == 404
        assert client.get(path) == {"templates": [], "paging": {"nextCursor": None, "prevCursor": None}}

    def test_deletion_leaves_other_languages_of_the_name(self, client: Any, path: str) -> None:
        """Only the template with the id of the path is deleted, and its name and language can be used again."""
        english, german = (client.post(path, {**TEMPLATE, "language": each})["id"] for each in ("en", "de"))
        client.ask("DELETE", path + english, params={"name": "hello"})
        assert [row["id"] for row in client.get(path, name="hello")["templates"]] == [german]
        again = client.post(path, {**TEMPLATE, "language": "en"})["id"]
        assert again not in {english, german}

    def test_list_by_name_is_paged(self, client: Any, path: str) -> None:
        """The cursor of a list by name leads to further templates of that name only."""
        languages = ["de", "en", "fr"]
        ids = []
        for language in languages:
            client.post(path, {**TEMPLATE, "name": "other", "language": language})
            ids.append(client.post(path, {**TEMPLATE, "language": language})["id"])
        found, cursor = [], None
        while True:
            page = client.get(path, name="hello", limit=1, **({"after": cursor} if cursor else {}))
            found += [row["id"] for row in page["templates"]]
            cursor = page["paging"]["nextCursor"]
            if cursor is None:
                break
        assert found == ids

    def test_time_to_live_can_be_changed_and_is_not_listed(
        self, client: Any, project: ProjectHandle, path: str
    ) -> None:
        """messageSendTtlSeconds is accepted for an approved template, and no row of the list holds it."""
        template_id = client.post(path, TEMPLATE)["id"]
        project.whatsapp_templates.change(template_id, status="APPROVED", qualityScore="GREEN")
        client.patch(path + template_id, {"messageSendTtlSeconds": 60})
        (row,) = client.get(path)["templates"]
        assert (row["status"], row["qualityScore"]) == ("APPROVED", "GREEN")
        assert "messageSendTtlSeconds" not in row

    def test_category_can_be_changed_by_the_review(self, client: Any, project: ProjectHandle, path: str) -> None:
        """The list shows the category that the review chose, here by handle, and not the one that was sent."""
        template_id = client.post(path, {**TEMPLATE, "allowCategoryChange": True})["id"]
        project.whatsapp_templates.change(template_id, status="APPROVED", category="MARKETING")
        (row,) = client.get(path)["templates"]
        assert (row["category"], row["status"]) == ("MARKETING", "APPROVED")

    def test_templates_are_filtered(self, client: Any, path: str) -> None:
        """Filters compare exactly, except nameOrContent, which searches names and contents."""
        ids = [client.post(path, {**TEMPLATE, "language": each})["id"] for each in ("en", "de")]
        found = {
            query: [row["id"] for row in client.get(f"{path}?{query}")["templates"]]
            for query in ("name=hello", "name=hell", "language=de", "status=APPROVED", "nameOrContent=HI")
        }
        assert list(found.values()) == [ids, [], [ids[1]], [], ids]

    def test_templates_are_paged_in_both_directions(self, client: Any, project: ProjectHandle, path: str) -> None:
        """A page has 25 templates by default. Its cursors stay valid when their templates are deleted."""
        account = path.split("/")[3]
        for number in range(30):
            project.whatsapp_templates.add(**TEMPLATE | {"name": f"t{number:02}"}, accountId=account, id=str(number))

        def read(**query: Any) -> tuple[list[int], dict[str, Any]]:
            page = client.get(path, **query)
            return [int(row["id"]) for row in page["templates"]], page["paging"]

        first, paging = read()
        assert (first, paging["prevCursor"]) == ([*range(25)], None)
        rest, paging = read(after=paging["nextCursor"])
        assert (rest, paging["nextCursor"]) == ([*range(25, 30)], None)
        middle, paging = read(before=paging["prevCursor"], limit=10)
        assert middle == [*range(15, 25)]
        project.whatsapp_templates.remove("24")
        assert read(after=paging["nextCursor"], limit=2)[0] == [25, 26]
        assert read(before=paging["prevCursor"], limit=100)[0] == [*range(15)]

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"after": "nothing"}, {"before": "nothing"}])
    def test_invalid_page_is_refused(self, query: Any, client: Any, path: str) -> None:
        """A limit outside 1 to 100 and an unknown cursor are a 422."""
        assert client.ask("GET", path, params=query).status == 422

    @pytest.mark.parametrize("status", [400, 422])
    def test_status_of_a_taken_name_is_a_switch(self, status: int, client: Any, path: str, spectrum: Emulator) -> None:
        """A second template of one name and language is refused with the status of the switch."""
        spectrum.switch(taken_template_status=status)
        client.post(path, TEMPLATE)
        refusal = (status, "A template with this name and language exists already")
        assert client.ask("POST", path, TEMPLATE).refusal == refusal

    def test_deleted_name_can_stay_taken(self, client: Any, path: str, spectrum: Emulator) -> None:
        """With a switch the name and language of a deleted template cannot be used again for some time."""
        spectrum.switch(deleted_template_seconds=60)
        client.ask("DELETE", path + client.post(path, TEMPLATE)["id"], params={"name": "hello"})
        refusal = (409, "A template with this name and language is being deleted. Try again later")
        assert client.ask("POST", path, TEMPLATE).refusal == refusal
        assert client.post(path, {**TEMPLATE, "language": "de"})["status"] == "PENDING"
        spectrum.clock.advance(60)
        assert client.post(path, TEMPLATE)["status"] == "PENDING"

    def test_rows_can_differ_from_what_was_sent(self, client: Any, path: str, spectrum: Emulator) -> None:
        """With switches the list adds keys to components, and leaves the format of parameters out."""
        client.post(path, TEMPLATE)
        spectrum.switch(template_components="extended", template_parameter_format="missing")
        (row,) = client.get(path)["templates"]
        example = {"body_text": [["Ada"]], "added_by_service": True}
        assert row["components"] == [{"type": "BODY", "text": "Hi", "example": example, "added_by_service": True}]
        assert "parameterFormat" not in row

    def test_unknown_account_is_a_404(self, client: Any) -> None:
        """The templates of an unknown account are a 404."""
        answer = client.ask("GET", "/whatsapp-business/accounts/nobody/templates/")
        assert answer.refusal == (404, "WhatsApp Business account not found")
