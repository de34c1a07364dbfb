"""What the resource option `import_` refuses: objects that differ, that are not there, or that a resource has."""

import pulumi
import pytest
from import_cases import IMPORT_CASES
from kind_samples import KINDS

import pulumi_spectrum as spectrum_sdk


@pytest.mark.parametrize("kind", IMPORT_CASES)
def test_import_of_different_object_is_refused(kind, spectrum, make_stack, sent):
    """An object that is not as the program says is not imported: each property is named, and nothing is changed."""
    case = IMPORT_CASES[kind]
    options = pulumi.ResourceOptions(import_=case.make(spectrum.project))
    stack = make_stack(lambda: KINDS[kind].declared_by("it", **case.other, opts=options))
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


def test_another_id_is_refused_for_a_resource_in_the_state(spectrum, make_stack):
    """A resource of the state whose option names another object is refused at preview, with what to do."""
    options = pulumi.ResourceOptions(import_=IMPORT_CASES["user"].make(spectrum.project))
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number="+14155550123", opts=options))
    stack.up()
    options = pulumi.ResourceOptions(import_="another-id")
    spectrum.requests.clear()
    assert "The option import_ names the user another-id, but this resource is" in stack.preview(fails=True).output
    assert len(spectrum.requests) == 0


def test_import_of_an_object_that_another_resource_keeps_is_refused(spectrum, make_stack):
    """One line cannot be two resources of a program: the second is refused, naming the first."""
    line_id = IMPORT_CASES["line"].make(spectrum.project)
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
