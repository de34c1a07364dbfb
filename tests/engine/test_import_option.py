"""The resource option `import_`: an existing object comes into the state without any change of it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pulumi
import pytest
from kind_samples import KINDS

import pulumi_spectrum as spectrum_sdk


class Case(NamedTuple):
    """How an object is made by hand, how a program declares it, and a declaration that differs in `differs`."""

    resource: type
    make: Callable[[Any], str]
    arguments: dict[str, Any]
    other: dict[str, Any]
    differs: str


ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"
TEMPLATE = {
    "account_id": ACCOUNT,
    "name": "order_shipped",
    "language": "en_US",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "On its way."}],
}


def add_template(project) -> str:
    """Add an account with a template, and return the template's id."""
    project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234")
    fields = {name: value for name, value in TEMPLATE.items() if name != "account_id"}
    return f"{ACCOUNT}/{project.whatsapp_templates.add(accountId=ACCOUNT, status='APPROVED', **fields)['id']}"


CASES = {
    "webhook": Case(
        spectrum_sdk.Webhook,
        lambda project: project.webhooks.add(webhookUrl="https://app.example.com/in")["id"],
        {"webhook_url": "https://APP.example.com/in"},
        {"webhook_url": "https://app.example.com/in", "enabled": False},
        "enabled",
    ),
    "user": Case(
        spectrum_sdk.User,
        lambda project: project.users.add(phoneNumber="+14155550123", firstName="Ada", email="Ada@example.com")["id"],
        {"phone_number": "+14155550123", "first_name": "Ada", "email": "ada@example.com"},
        {"phone_number": "+14155550123", "first_name": "Eve", "email": "eve@example.com"},
        "email and first_name",
    ),
    "line": Case(
        spectrum_sdk.Line,
        lambda project: project.lines.add(firstName="Acme")["id"],
        {"first_name": "Acme"},
        {"first_name": "Acme", "last_name": "Support"},
        "last_name",
    ),
    "platform": Case(
        spectrum_sdk.Platform,
        lambda project: project.platforms.set("imessage", enabled=True, autoScale=True) and "imessage",
        {"platform": "imessage", "auto_scale": True},
        {"platform": "imessage", "enabled": False},
        "enabled",
    ),
    "project-profile": Case(
        spectrum_sdk.ProjectProfile,
        lambda project: project.profile.set(firstName="Acme", lastName="Bot") and project.id,
        {"first_name": "Acme", "sync": True},
        {"first_name": "Acme", "last_name": "Support"},
        "last_name",
    ),
    "slack-app": Case(
        spectrum_sdk.SlackApp,
        lambda project: project.slack.set(appId="A0EXAMPLE") and project.id,
        {"app_id": "A0EXAMPLE"},
        {"app_id": "A0ANOTHER"},
        "app_id",
    ),
    "voice-sip-inbound": Case(
        spectrum_sdk.VoiceSipInbound,
        lambda project: project.sip_inbound.set(sipUri="sip:bot@example.com") and project.id,
        {"sip_uri": "sip:bot@example.com"},
        {"sip_uri": "sip:other@example.com"},
        "sip_uri",
    ),
    "whatsapp-template": Case(
        spectrum_sdk.WhatsAppTemplate,
        add_template,
        TEMPLATE,
        {**TEMPLATE, "category": "MARKETING"},
        "category",
    ),
}
"""By the key of the kind."""


def test_every_kind_has_a_case() -> None:
    """A new kind of resource is imported here too."""
    assert CASES.keys() == KINDS.keys()


@pytest.fixture
def existing(spectrum):
    """Makes the object of a case by hand, and returns its id."""

    return lambda case: case.make(spectrum.project)


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
    assert f"This {KINDS[kind].noun} will be imported, as the option import_ says" in preview.output
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
    run = stack.up(fails=True)
    assert "There is no user with the id 6a8d1d3e-" in run.output
    assert "Take the option import_ out to have one made." in run.output
    assert sent() == []


def test_import_of_a_profile_that_was_never_set_is_refused(spectrum, make_stack, sent):
    """A project without a profile has none to import, and a program that sets one leaves the option out."""
    options = pulumi.ResourceOptions(import_=spectrum.project_id)
    stack = make_stack(lambda: spectrum_sdk.ProjectProfile("it", first_name="Acme", opts=options))
    run = stack.up(fails=True)
    assert f"There is no project profile with the id {spectrum.project_id} in project" in run.output
    assert sent() == []
    options = pulumi.ResourceOptions()
    stack.up()
    stack.assert_no_drift()


def test_id_of_another_kind_or_project_is_refused(spectrum, make_stack, sent):
    """An id that is another kind's, or another project's, is one sentence for each resource, and nothing is made."""
    line = spectrum.project.lines.add()["id"]
    elsewhere = spectrum.add_project()
    webhook = elsewhere.webhooks.add(webhookUrl="https://app.example.com/in")["id"]

    def program():
        spectrum_sdk.User("user", phone_number="+14155550123", opts=pulumi.ResourceOptions(import_=line))
        arguments = {"webhook_url": "https://app.example.com/in"}
        spectrum_sdk.Webhook("webhook", **arguments, opts=pulumi.ResourceOptions(import_=webhook))
        spectrum_sdk.Line("line", opts=pulumi.ResourceOptions(import_=webhook))
        spectrum_sdk.Platform("platform", platform="imessage", opts=pulumi.ResourceOptions(import_="voice"))
        spectrum_sdk.ProjectProfile("profile", first_name="A", opts=pulumi.ResourceOptions(import_=elsewhere.id))

    run = make_stack(program).up(fails=True, continue_on_error=True)
    assert f"There is no user with the id {line} in project {spectrum.project_id}" in run.output
    for noun in ("webhook", "line"):
        assert f"There is no {noun} with the id {webhook} in project {spectrum.project_id}" in run.output
    assert "The platform voice cannot be imported, because it differs from the program in enabled and platform." in (
        run.output
    )
    assert f"There is no project profile with the id {elsewhere.id} in project {spectrum.project_id}" in run.output
    assert sent() == []


@pytest.mark.parametrize(
    ("object_id", "sentence"),
    [
        ("", "The option import_ is empty. Give it the id of the user, or take it out to have one made."),
        (" 6a8d1d3e-0000-4000-8000-000000000000\n", "The option import_ has a space or a line break in it"),
    ],
)
def test_text_that_is_no_id_is_refused_in_a_preview(spectrum, make_stack, object_id, sentence):
    """An id that is empty, or has space in it, is refused before anything is sent."""
    options = pulumi.ResourceOptions(import_=object_id)
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number="+14155550123", opts=options))
    assert sentence in stack.preview(fails=True).output
    assert len(spectrum.requests) == 0


def test_ignored_argument_stays_as_it_is(spectrum, make_stack, sent):
    """What `ignore_changes` names is not compared and not managed, until the option is taken out."""
    row = spectrum.project.users.add(phoneNumber="+14155550123", firstName="Ada")
    options = pulumi.ResourceOptions(import_=row["id"], ignore_changes=["first_name", "phone_number"])
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number="+14155550123", first_name="Eve", opts=options))
    stack.up()
    assert stack.resource("it")["outputs"]["firstName"] == "Ada"
    stack.assert_no_drift()
    options = pulumi.ResourceOptions(ignore_changes=["first_name"])
    stack.assert_no_drift()
    assert sent() == []
    options = pulumi.ResourceOptions()
    stack.up()
    assert [row["firstName"] for row in spectrum.project.users.rows] == ["Eve"]
    stack.assert_no_drift()


def test_imported_resource_is_replaced_by_a_new_object(spectrum, make_stack, existing):
    """A resource that still has the option is not imported again when a change replaces it."""
    options = pulumi.ResourceOptions(import_=existing(CASES["user"]))
    phone = "+14155550123"
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number=phone, opts=options))
    stack.up()
    phone = "+14155550199"
    assert "will be imported" not in stack.up().output
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
    assert f'"two" has the option import_ with the id {line_id}, but that line is "one" of this program' in run.output
    assert spectrum.project.lines.ids == [line_id]


def test_import_before_the_resource_that_has_the_object_is_refused(spectrum, make_stack):
    """A preview refuses it, and where there was none, the line survives that the second resource leaves the program."""
    line_id = ""

    def program():
        options = pulumi.ResourceOptions(protect=False)
        if line_id:
            two = spectrum_sdk.Line("two", opts=pulumi.ResourceOptions(import_=line_id, protect=False))
            options.depends_on = [two]
        spectrum_sdk.Line("one", opts=options)

    stack = make_stack(program)
    stack.up()
    made = line_id = stack.resource("one")["id"]
    sentence = f'"two" has the option import_ with the id {line_id}, but that line is "one" of this program'
    assert sentence in stack.preview(fails=True).output
    assert sentence in stack.up(fails=True).output
    line_id = ""
    stack.up()
    assert spectrum.project.lines.ids == [made]
    stack.assert_no_drift()


def test_hundred_objects_are_imported_without_waiting(spectrum, make_stack):
    """An import is decided at once, so that many take no longer than the one list that they are read from."""
    rows = [spectrum.project.users.add(phoneNumber=f"+1415666{number:04}") for number in range(100)]

    def program():
        for row in rows:
            opts = pulumi.ResourceOptions(import_=row["id"])
            spectrum_sdk.User(f"user-{row['phoneNumber'][-4:]}", phone_number=row["phoneNumber"], opts=opts)

    stack = make_stack(program)
    spectrum.requests.clear()
    stack.up()
    assert spectrum.requests.operations() == ["listUsers"]
    stack.assert_no_drift()


class Team(pulumi.ComponentResource):
    """A component with one object of each kind, each imported."""

    def __init__(self, name: str, ids: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__("test:index:Team", name, None, opts)
        for kind, case in CASES.items():
            options = pulumi.ResourceOptions(
                parent=self,
                import_=pulumi.Output.from_input(ids[kind]),
                aliases=[pulumi.Alias(name=f"{kind}-before")],
                protect=False,
            )
            case.resource(kind, **case.arguments, opts=options)


def test_import_with_provider_component_transform_and_output(spectrum, make_stack, sent):
    """Every kind is imported in a component, with its provider, an alias, a transform, and an id that is an output."""
    other = spectrum.add_project()
    ids = {kind: case.make(other) for kind, case in CASES.items()}
    seen: dict[str, Any] = {}

    def note(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        seen[args.name] = args.opts.import_
        return pulumi.ResourceTransformResult(args.props, args.opts)

    def program():
        provider = spectrum_sdk.Provider(
            "other", project_id=other.id, project_secret=other.secret, base_url=spectrum.url, requests_per_second=1000
        )
        Team("team", ids, pulumi.ResourceOptions(providers=[provider], transforms=[note]))

    stack = make_stack(program)
    stack.up()
    assert {kind: stack.resource(kind)["id"] for kind in CASES} == ids
    assert seen.keys() >= CASES.keys()
    assert sent() == []
    stack.assert_no_drift()
