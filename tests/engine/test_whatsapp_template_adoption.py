"""WhatsApp templates that were made by hand: `adopt`, the option import_, look-ups, the drift command, doctor."""

import json
import subprocess
import sys
from typing import Any

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault

BODY = {
    "type": "BODY",
    "text": 'Hi {{1}},\nyour "order" {{2}} is on its way, and it\'s going to be there in a day or two.',
    "example": {"body_text": [["Ada", "A-17"]]},
}
BUTTONS = {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Track", "url": "https://a.example.com/{{1}}"}]}
HELLO = {"name": "hello", "language": "en_US", "category": "UTILITY", "components": [BODY, BUTTONS]}


@pytest.fixture
def account(spectrum):
    return spectrum.project.whatsapp_accounts.add(wabaId="1234", name="Acme")["accountId"]


@pytest.fixture
def row(spectrum, account):
    """A template that was made by hand."""
    return spectrum.project.whatsapp_templates.add(**HELLO, accountId=account, status="APPROVED")


def test_templates_are_adopted(spectrum, account, row, make_project_folder):
    """The written program is formatted and typed, its next preview is empty, and drift then shows what was changed."""
    other = spectrum.project.whatsapp_accounts.add(wabaId="5678")["accountId"]
    spectrum.project.whatsapp_templates.add(**{**HELLO, "language": "de"}, accountId=account, parameterFormat="NAMED")
    spectrum.project.whatsapp_templates.add(**HELLO, accountId=other)
    folder = make_project_folder({**spectrum.environment})
    folder.run("pulumi-spectrum", "adopt", "--area", "whatsapp-templates")
    program = folder.path / "__main__.py"
    for check in (("ruff", "format", "--isolated", "--check"), ("mypy", "--strict")):
        subprocess.run([sys.executable, "-m", *check, str(program)], check=True, cwd=folder.path, capture_output=True)
    source = program.read_text()
    assert 'hello_de = spectrum.WhatsAppTemplate(\n    "hello-de",\n' in source
    assert '    parameter_format="NAMED",\n' in source
    folder.init()
    folder.import_adopted()
    spectrum.requests.clear()
    folder.run("pulumi", "preview", "--expect-no-changes", "--non-interactive")
    assert len(spectrum.requests) == 0
    folder.run("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--non-interactive")
    assert folder.run("pulumi-spectrum", "drift").stdout == "3 resources compared: no drift.\n"
    folder.run("pulumi-spectrum", "doctor")
    assert {request.method for request in spectrum.requests} == {"GET"}

    spectrum.project.whatsapp_templates.change(row["id"], components=[{**BODY, "text": "Buy!"}, BUTTONS])
    spectrum.project.whatsapp_templates.add(**{**HELLO, "language": "fr"}, accountId=account)
    spectrum.project.whatsapp_templates.remove(spectrum.project.whatsapp_templates.ids[1])
    report = json.loads(folder.run("pulumi-spectrum", "drift", "--format", "json", status=2).stdout)
    assert [[each["name"] for each in changed["properties"]] for changed in report["changed"]] == [["components"]]
    assert [each["urn"].rsplit("::", 1)[-1] for each in report["missing"]] == ["hello-de"]
    assert len(report["unmanaged"]) == 1


def test_template_is_imported_by_the_option(spectrum, account, row, make_stack, sent):
    """A template is imported as it is, with keys that the program does not give, and one that differs is refused."""
    spectrum.switch(template_components="extended")
    options = {"import_": f"{account}/{row['id']}"}
    arguments = {**HELLO}

    def program():
        template = spectrum_sdk.WhatsAppTemplate(
            "hello", account_id=account, **arguments, opts=pulumi.ResourceOptions(**options)
        )
        pulumi.export("status", template.status)

    stack = make_stack(program)
    arguments["components"] = [BUTTONS]
    assert "because it differs from the program in components." in stack.up(fails=True).output
    arguments["components"] = [BODY, BUTTONS]
    stack.up()
    assert stack.outputs() == {"status": "APPROVED"}
    assert stack.resource("hello")["id"] == options["import_"]
    stack.assert_no_drift()
    options.clear()
    assert stack.preview().changes == []
    assert sent() == []


def test_look_up_of_a_template(account, row, make_stack):
    """`get` reads a template with all that Meta returns, and an id of another form is refused in one sentence."""
    ids = [f"{account}/{row['id']}"]

    def program():
        template = spectrum_sdk.WhatsAppTemplate.get("hello", ids[0])
        pulumi.export("found", [template.name, template.status, template.components])

    stack = make_stack(program)
    stack.up()
    assert stack.outputs() == {"found": ["hello", "APPROVED", [BODY, BUTTONS]]}
    ids[0] = row["id"]
    output = " ".join(stack.preview(fails=True).output.split())
    assert "The id of a WhatsApp template is ACCOUNT/TEMPLATE, so nothing was read." in output


def test_template_that_is_there_is_refused_with_the_ways_on(spectrum, account, row, make_stack, sent):
    """A name and language that the account has are refused before anything is sent, with the id to import."""
    stack = make_stack(lambda: spectrum_sdk.WhatsAppTemplate("hello", account_id=account, **HELLO))
    output = " ".join(stack.up(fails=True).output.split())
    assert f"is there already (id {account}/{row['id']})" in output
    assert "with the resource option import_ and its id" in output
    assert sent() == []
    assert spectrum.project.whatsapp_templates.rows == [row]


FAULTS: list[list[dict[str, Any]]] = [
    [{"drop": "before"}, {"drop": "after"}],
    [{"drop": "after", "reset": True}, {"status": 502}],
    [{"status": 502, "after": True}, {"truncate": True}],
]


def test_lost_responses_to_creations(spectrum, account, make_stack):
    """However responses are lost, with several creations in flight, each name has one template and none is lost."""
    names: list[str] = []

    def program():
        for name in names:
            spectrum_sdk.WhatsAppTemplate(name, account_id=account, **{**HELLO, "name": name})

    stack = make_stack(program)
    for faults in FAULTS:
        names += [f"t{len(names) + number}" for number in range(4)]
        spectrum.faults.add(*[Fault(method="POST", path="*/templates/", **fault) for fault in faults])
        stack.up()
        assert spectrum.faults.pending() == []
        assert sorted(row["name"] for row in spectrum.project.whatsapp_templates) == sorted(names)
    ids = {stack.resource(name)["id"].split("/")[1] for name in names}
    assert ids == set(spectrum.project.whatsapp_templates.ids)
    stack.assert_no_drift()


def test_names_that_change_places(spectrum, account, make_stack, shown):
    """Two templates whose names are exchanged keep their ids at Meta and their reviews, and nothing is deleted."""
    names = {"one": "first", "two": "second"}

    def program():
        for resource, name in names.items():
            spectrum_sdk.WhatsAppTemplate(resource, account_id=account, **{**HELLO, "name": name})

    stack = make_stack(program)
    stack.up()
    before = {row["name"]: row["id"] for row in spectrum.project.whatsapp_templates}
    names.update(one="second", two="first")
    stack.up()
    assert {row["name"]: row["id"] for row in spectrum.project.whatsapp_templates} == before
    assert stack.resource("one")["id"] == f"{account}/{before['second']}"
    stack.assert_no_drift()
