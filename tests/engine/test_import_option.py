"""The resource option `import_`: an existing object comes into the state without any change of it."""

from typing import Any, NamedTuple

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk


class Case(NamedTuple):
    """An object that exists, how a program declares it, and a declaration that differs in `differs`."""

    resource: type
    area: str
    row: dict[str, Any]
    arguments: dict[str, Any]
    other: dict[str, Any]
    differs: str


CASES = {
    "webhook": Case(
        spectrum_sdk.Webhook,
        "webhooks",
        {"webhookUrl": "https://app.example.com/in"},
        {"webhook_url": "https://APP.example.com/in"},
        {"webhook_url": "https://app.example.com/in", "enabled": False},
        "enabled",
    ),
    "user": Case(
        spectrum_sdk.User,
        "users",
        {"phoneNumber": "+14155550123", "firstName": "Ada", "email": "Ada@example.com"},
        {"phone_number": "+14155550123", "first_name": "Ada", "email": "ada@example.com"},
        {"phone_number": "+14155550123", "first_name": "Eve", "email": "eve@example.com"},
        "email and first_name",
    ),
    "line": Case(
        spectrum_sdk.Line,
        "lines",
        {"firstName": "Acme"},
        {"first_name": "Acme"},
        {"first_name": "Acme", "last_name": "Support"},
        "last_name",
    ),
    "platform": Case(
        spectrum_sdk.Platform,
        "platforms",
        {"platform": "imessage", "enabled": True, "autoScale": True},
        {"platform": "imessage", "auto_scale": True},
        {"platform": "imessage", "enabled": False},
        "enabled",
    ),
}


@pytest.fixture
def existing(spectrum):
    """Makes the object of a case by hand, and returns its id."""

    def make(case: Case) -> str:
        if case.area == "platforms":
            settings = {name: value for name, value in case.row.items() if name != "platform"}
            spectrum.project.platforms.set("imessage", **settings)
            return "imessage"
        row = getattr(spectrum.project, case.area).add(**case.row)
        return row["id"]

    return make


@pytest.mark.parametrize("kind", CASES)
def test_import_changes_nothing(kind, spectrum, make_stack, existing, sent):
    """The object is recorded as it is, and the preview is empty while the option stays and after it was taken out."""
    case = CASES[kind]
    options: dict[str, Any] = {"import_": existing(case)}
    made = dict(options)

    def program():
        case.resource("it", **case.arguments, opts=pulumi.ResourceOptions(**options))

    stack = make_stack(program)
    spectrum.requests.clear()
    preview = stack.preview()
    assert preview.summary == {"it": ("create",)}
    assert f"This {kind} will be imported, as the option import_ says" in preview.output
    assert len(spectrum.requests) == 0
    run = stack.up()
    assert stack.resource("it")["id"] == made["import_"]
    assert ("signing secret" in run.output) is (kind == "webhook")
    assert stack.resource("it").get("protect", False) is (kind == "line")
    stack.assert_no_drift()
    assert "will be imported" not in stack.up().output
    options.clear()
    assert stack.preview().changes == []
    assert stack.up().changes == []
    assert sent() == []
    stack.assert_no_drift()


@pytest.mark.parametrize("kind", CASES)
def test_import_of_different_object_is_refused(kind, make_stack, existing, sent):
    """An object that is not as the program says is not imported: each property is named, and nothing is changed."""
    case = CASES[kind]
    options = pulumi.ResourceOptions(import_=existing(case))
    stack = make_stack(lambda: case.resource("it", **case.other, opts=options))
    run = stack.up(fails=True)
    assert f"cannot be imported, because it differs from the program in {case.differs}." in run.output
    assert sent() == []
    assert all(
        resource["type"] == "pulumi:pulumi:Stack" or "providers" in resource["type"]
        for resource in stack.export()["resources"]
    )


def test_import_of_missing_object_is_refused(make_stack, sent):
    """An id that no object of the project has is one sentence, and nothing is made in its place."""
    options = pulumi.ResourceOptions(import_="6a8d1d3e-0000-4000-8000-000000000000")
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number="+14155550123", opts=options))
    assert "There is no user with the id 6a8d1d3e-" in stack.up(fails=True).output
    assert sent() == []


def test_imported_resource_is_replaced_by_a_new_object(spectrum, make_stack, existing):
    """A resource that still has the option is not imported again when a change replaces it."""
    options = pulumi.ResourceOptions(import_=existing(CASES["user"]))
    phone = "+14155550123"
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number=phone, opts=options))
    stack.up()
    phone = "+14155550199"
    stack.up()
    (row,) = spectrum.project.users.rows
    assert (row["phoneNumber"], row["id"] != options.import_) == (phone, True)
    stack.assert_no_drift()


def test_another_id_is_refused_for_a_resource_in_the_state(spectrum, make_stack, existing):
    """A resource of the state whose option names another object is refused at preview, with what to do."""
    options = pulumi.ResourceOptions(import_=existing(CASES["user"]))
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number="+14155550123", opts=options))
    stack.up()
    options = pulumi.ResourceOptions(import_="another-id")
    spectrum.requests.clear()
    assert "The option import_ names the user another-id, but this resource is" in stack.preview(fails=True).output
    assert len(spectrum.requests) == 0


def test_import_of_an_object_that_another_resource_keeps_is_refused(spectrum, make_stack, existing):
    """One line cannot be two resources of a program: the second is refused, naming the first."""
    line_id = existing(CASES["line"])
    names = ["one"]

    def program():
        for name in names:
            spectrum_sdk.Line(name, opts=pulumi.ResourceOptions(import_=line_id, protect=False))

    stack = make_stack(program)
    stack.up()
    names.append("two")
    assert '"two" and "one" are the same line' in stack.up(fails=True).output.replace(
        '"one" and "two"', '"two" and "one"'
    )
    assert len(spectrum.project.lines) == 1


def test_import_of_the_object_of_a_resource_in_the_state_is_refused(spectrum, make_stack):
    """A line that a resource of the stack has already cannot become a second resource."""
    line_id = ""

    def program():
        spectrum_sdk.Line("one", opts=pulumi.ResourceOptions(protect=False))
        if line_id:
            spectrum_sdk.Line("two", opts=pulumi.ResourceOptions(import_=line_id, protect=False))

    stack = make_stack(program)
    stack.up()
    line_id = stack.resource("one")["id"]
    run = stack.up(fails=True)
    assert f'The line {line_id} cannot be imported, because it is "one" of this program' in run.output
    assert spectrum.project.lines.ids == [line_id]


def test_import_with_provider_component_and_output(spectrum, make_stack, existing, sent):
    """The option works in a component, with an explicit provider, and with an id that is an output."""
    other = spectrum.add_project()
    row = other.users.add(phoneNumber="+14155550123")

    def program():
        provider = spectrum_sdk.Provider(
            "other", project_id=other.id, project_secret=other.secret, base_url=spectrum.url, requests_per_second=1000
        )
        component = pulumi.ComponentResource("test:index:Team", "team")
        options = pulumi.ResourceOptions(
            parent=component, provider=provider, import_=pulumi.Output.from_input(row["id"])
        )
        spectrum_sdk.User("it", phone_number="+14155550123", opts=options)

    stack = make_stack(program)
    stack.up()
    assert stack.resource("it")["id"] == row["id"]
    assert sent() == []
    stack.assert_no_drift()
