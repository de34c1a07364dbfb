"""WhatsApp templates: each change, replacements, drift and its repair, what Meta adds and chooses, reviews."""

from typing import Any

import pulumi
import pytest
from lifecycle_table import SentRequest, Step

import pulumi_spectrum as spectrum_sdk

BODY = {"type": "BODY", "text": "Hi {{1}}", "example": {"body_text": [["Ada"]]}}
FOOTER = {"type": "FOOTER", "text": "Acme"}
ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"
TEMPLATES = f"/whatsapp-business/accounts/{ACCOUNT}/templates"
HELLO = {"name": "hello", "language": "en_US", "category": "UTILITY", "components": [BODY]}


@pytest.fixture
def account(spectrum):
    """The id of a WhatsApp Business account of the project."""
    return spectrum.project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234", name="Acme")["accountId"]


@pytest.fixture
def templates(spectrum):
    return spectrum.project.whatsapp_templates


@pytest.fixture
def arguments():
    """The arguments that the program gives the template; without any it declares none."""
    return {**HELLO}


@pytest.fixture
def stack(make_stack, arguments, account):
    def program():
        if arguments:
            spectrum_sdk.WhatsAppTemplate("hello", **{"account_id": account, **arguments})

    return make_stack(program)


@pytest.fixture
def change(spectrum, stack, arguments, shown):
    """Make a change of the program: its preview sends nothing, and shows and does the same as `up`."""

    def make(news, says):
        arguments.clear()
        arguments.update(news)
        spectrum.requests.clear()
        expected = {"hello": says} if says else {}
        assert shown(stack.preview()) == expected
        assert len(spectrum.requests) == 0
        assert shown(stack.up()) == expected
        return spectrum.requests.operations()

    return make


def hello(**changes: Any) -> dict[str, Any]:
    return {"account_id": ACCOUNT, **HELLO, **changes}


def post(**changes: Any) -> SentRequest:
    return ("POST", f"{TEMPLATES}/", {**HELLO, **changes})


def patch(**fields: Any) -> SentRequest:
    return ("PATCH", f"{TEMPLATES}/{{id}}", fields)


DELETE: SentRequest = ("DELETE", f"{TEMPLATES}/{{id}}", None)
GREETING, SHORT = {**BODY, "text": "Hello {{1}}"}, {"type": "BODY", "text": "Hello"}
MARKETING = {"components": [FOOTER, BODY], "category": "MARKETING"}
RESPELLED = {**MARKETING, "components": [{**BODY, "type": "body"}, FOOTER]}
TEMPLATE = [
    Step(hello(), ("create",), [post()], outputs={"currentCategory": "UTILITY", "status": "PENDING"}),
    Step(
        hello(components=[GREETING]),
        ("update", "components"),
        [patch(components=[GREETING])],
        outputs={"status": "APPROVED"},
    ),
    Step(
        hello(components=[SHORT]),
        ("update", "components"),
        [patch(components=[SHORT])],
    ),
    Step(
        hello(**MARKETING, message_send_ttl_seconds=600),
        ("update", "category", "components", "messageSendTtlSeconds"),
        [patch(**MARKETING, messageSendTtlSeconds=600)],
        outputs={"currentCategory": "MARKETING", "status": "PENDING"},
    ),
    Step(hello(**RESPELLED, message_send_ttl_seconds=600), (), []),
    Step(hello(**RESPELLED), ("update", "messageSendTtlSeconds"), []),
    Step(hello(**RESPELLED, allow_category_change=True), ("update", "allowCategoryChange"), []),
    Step(
        hello(**RESPELLED, language="de"),
        ("create first", "allowCategoryChange", "language"),
        [post(**RESPELLED, language="de"), DELETE],
    ),
    Step(
        hello(**RESPELLED, name="hallo"),
        ("create first", "language", "name"),
        [post(**RESPELLED, name="hallo"), DELETE],
    ),
]
FORMAT = [
    Step(
        hello(**RESPELLED, name="hallo", parameter_format="NAMED"),
        ("delete first", "parameterFormat"),
        [DELETE, post(**RESPELLED, name="hallo", parameterFormat="NAMED")],
    ),
    Step(None, ("delete",), [DELETE]),
]


def test_each_change_of_a_template(account, lifecycles, templates):
    """Each change is previewed and sent as tabled, and nothing is left to do. Meta approves after each."""
    greetings = lifecycles(spectrum_sdk.WhatsAppTemplate, templates.__getitem__)

    def run(steps):
        for step in steps:
            greetings.run({"hello": [step]})
            for template_id in templates.ids:
                assert greetings.stack.resource("hello")["id"] == f"{account}/{template_id}"
                templates.change(template_id, status="APPROVED")

    run(TEMPLATE)
    # The format can be compared once the state knows which one the template has.
    greetings.stack.refresh()
    run(FORMAT)
    assert templates.ids == []


def test_parameter_format_that_was_not_read_yet(spectrum, stack, arguments, templates):
    """A format that the state does not know is compared with the template's own before it counts as done."""
    stack.up()
    arguments["parameter_format"] = "NAMED"
    assert "the next preview then shows the replacement" in " ".join(stack.up(fails=True).messages)
    assert stack.refresh().changes == []
    arguments["parameter_format"] = "POSITIONAL"
    assert stack.preview().summary == {"hello": ("update", "parameterFormat")}
    stack.up()
    assert len(templates.deleted) == 0
    stack.assert_no_drift()


def test_another_account_makes_a_new_template(spectrum, stack, change, templates):
    """A change of the account makes the new template first, and deletes the old one in its own account."""
    stack.up()
    other = spectrum.project.whatsapp_accounts.add(wabaId="5678")["accountId"]
    change({**HELLO, "account_id": other}, ("create first", "accountId"))
    assert stack.resource("hello")["id"] == f"{other}/{templates.ids[0]}"
    assert len(templates) == 1
    stack.assert_no_drift()


def test_drift_of_a_template_is_shown_and_repaired(spectrum, stack, shown, templates):
    """What was changed by hand shows as exactly that property, and the next `up` sets it back with one request."""
    stack.up()
    (template_id,) = templates.ids
    for by_hand, shows in [
        ({"components": [{**BODY, "text": "Buy!"}]}, "components"),
        ({"components": [BODY, FOOTER]}, "components"),
        ({"components": [FOOTER]}, "components"),
        ({"category": "MARKETING"}, "category"),
    ]:
        templates.change(template_id, status="APPROVED", **by_hand)
        assert shown(stack.refresh(preview_only=True)) == {"hello": ("update", shows)}
        spectrum.requests.clear()
        assert shown(stack.up(refresh=True)) == {"hello": ("update", shows)}
        assert spectrum.requests.operations().count("updateWhatsAppTemplate") == 1
        row = templates[template_id]
        assert (row["components"], row["category"]) == ([BODY], "UTILITY")
        stack.assert_no_drift()


def test_what_meta_adds_is_no_drift(spectrum, stack, change, templates, arguments):
    """Keys that were never sent, words in capitals, a file's address and a score leave every preview empty."""
    header = {"type": "header", "format": "image", "example": {"header_handle": ["4::aW1hZ2U"]}}
    arguments["components"] = [header, {**BODY, "note": None}]
    stack.up()
    (template_id,) = templates.ids
    answered = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.example.com/1"]}}
    templates.change(template_id, components=[answered, BODY], status="APPROVED", qualityScore="GREEN")
    spectrum.switch(template_components="extended", template_parameter_format="missing")
    stack.assert_no_drift()
    stack.refresh()
    assert stack.resource("hello")["outputs"]["qualityScore"] == "GREEN"
    stack.assert_no_drift()

    changed = [header, {**BODY, "text": "Hello {{1}}"}]
    change({**HELLO, "components": changed}, ("update", "components"))
    stack.assert_no_drift()
    file = {**header, "example": {"header_handle": ["4::bmV3"]}}
    change({**HELLO, "components": [file, changed[1]]}, ("update", "components"))
    fewer = [file, {"type": "BODY", "text": "Hello"}]
    change({**HELLO, "components": fewer}, ("update", "components"))
    assert "example" not in templates[template_id]["components"][1]
    stack.assert_no_drift()


def test_category_that_meta_may_choose(spectrum, stack, change, templates, arguments):
    """With `allow_category_change` another category is no drift, and the program's own change of it is sent."""
    arguments["allow_category_change"] = True
    stack.up()
    (template_id,) = templates.ids
    assert spectrum.requests.matching("POST")[-1].body["allowCategoryChange"] is True
    templates.change(template_id, status="APPROVED", category="MARKETING")
    stack.assert_no_drift()
    stack.refresh()
    assert stack.resource("hello")["outputs"]["category"] == "UTILITY"
    assert stack.resource("hello")["outputs"]["currentCategory"] == "MARKETING"
    stack.assert_no_drift()

    authentication = {**arguments, "category": "AUTHENTICATION"}
    change(authentication, ("update", "category"))
    assert templates[template_id]["category"] == "AUTHENTICATION"
    stack.assert_no_drift()


def test_category_is_accepted_afterwards(stack, change, templates):
    """Once the program allows another category, the one that Meta has chosen before is left alone."""
    stack.up()
    (template_id,) = templates.ids
    templates.change(template_id, status="APPROVED", category="MARKETING")
    stack.refresh()
    allowing = {**HELLO, "allow_category_change": True}
    done = change(allowing, ("update", "allowCategoryChange", "category"))
    assert "updateWhatsAppTemplate" not in done
    assert templates[template_id]["category"] == "MARKETING"
    stack.assert_no_drift()


def test_template_that_was_deleted_by_hand_is_made_again(stack, shown, templates):
    """A template that is gone, or is only listed until Meta has deleted it, is wanted again."""
    stack.up()
    templates.change(templates.ids[0], status="PENDING_DELETION")
    assert shown(stack.refresh(preview_only=True)) == {"hello": ("delete",)}
    templates.clear()
    stack.up(refresh=True)
    assert len(templates) == 1
    stack.assert_no_drift()


def test_deletion_leaves_other_languages(stack, templates, arguments, account):
    """Only the one language is deleted, and one that is gone already is no failure."""
    german = templates.add(**{**HELLO, "language": "de", "accountId": account})
    stack.up()
    arguments.clear()
    stack.up()
    assert templates.ids == [german["id"]]

    arguments.update(HELLO)
    stack.up()
    templates.remove(templates.ids[1])
    arguments.clear()
    stack.up()
    assert templates.ids == [german["id"]]


def test_values_that_are_not_known_yet(spectrum, make_stack, account, templates, shown):
    """A nested value that is another resource's output is unknown in the preview, and its secrets stay encrypted."""

    def program():
        line = spectrum_sdk.Line("line", opts=pulumi.ResourceOptions(protect=False))
        body = {"type": "BODY", "text": pulumi.Output.concat("Call ", line.phone_number)}
        footer = {"type": "FOOTER", "text": pulumi.Output.secret("hush-hush-footer")}
        template = spectrum_sdk.WhatsAppTemplate("t", account_id=account, **{**HELLO, "components": [body, footer]})
        pulumi.export("components", template.components)

    stack = make_stack(program)
    assert shown(stack.preview()) == {"line": ("create",), "t": ("create",)}
    stack.up()
    (row,) = templates.rows
    assert row["components"][0]["text"] == f"Call {spectrum.project.lines.rows[0]['phoneNumber']}"
    assert row["components"][1]["text"] == "hush-hush-footer"
    stack.assert_no_drift()
    stack.refresh()
    assert "hush-hush-footer" not in str(stack.export())
    assert stack.outputs()["components"] == row["components"]


def test_refresh_of_many_templates_is_one_request(spectrum, make_stack, account):
    """All templates of an account are refreshed, and deleted, with one list call."""

    def program():
        for number in range(12):
            spectrum_sdk.WhatsAppTemplate(f"t{number}", account_id=account, **{**HELLO, "name": f"t{number}"})

    stack = make_stack(program)
    stack.up()
    spectrum.requests.clear()
    stack.refresh()
    assert spectrum.requests.operations() == ["listWhatsAppTemplates"]
    spectrum.requests.clear()
    stack.destroy()
    assert spectrum.requests.operations().count("listWhatsAppTemplates") == 1
    assert len(spectrum.project.whatsapp_templates) == 0
