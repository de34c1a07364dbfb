"""The resource option `import_`: an existing object comes into the state without any change of it."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from import_cases import IMPORT_CASES
from kind_samples import KINDS

import pulumi_spectrum as spectrum_sdk


def test_every_kind_has_a_case() -> None:
    """A new kind of resource is imported here too."""
    assert IMPORT_CASES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", IMPORT_CASES)
def test_import_changes_nothing(kind, spectrum, make_stack, sent):
    """The object is recorded as it is, and the preview is empty while the option stays and after it was taken out."""
    case = IMPORT_CASES[kind]
    options: dict[str, Any] = {"import_": case.make(spectrum.project)}
    made = dict(options)

    def program():
        KINDS[kind].declared_by("it", **case.arguments, opts=pulumi.ResourceOptions(**options))

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


def test_imported_resource_is_replaced_by_a_new_object(spectrum, make_stack):
    """A resource that still has the option is not imported again when a change replaces it."""
    options = pulumi.ResourceOptions(import_=IMPORT_CASES["user"].make(spectrum.project))
    phone = "+14155550123"
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number=phone, opts=options))
    stack.up()
    phone = "+14155550199"
    assert "will be imported" not in stack.up().output
    (row,) = spectrum.project.users.rows
    assert (row["phoneNumber"], row["id"] != options.import_) == (phone, True)
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
        for kind, case in IMPORT_CASES.items():
            options = pulumi.ResourceOptions(
                parent=self,
                import_=pulumi.Output.from_input(ids[kind]),
                aliases=[pulumi.Alias(name=f"{kind}-before")],
                protect=False,
            )
            KINDS[kind].declared_by(kind, **case.arguments, opts=options)


def test_import_with_provider_component_transform_and_output(spectrum, make_stack, sent):
    """Every kind is imported in a component, with its provider, an alias, a transform, and an id that is an output."""
    other = spectrum.add_project()
    ids = {kind: case.make(other) for kind, case in IMPORT_CASES.items()}
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
    assert {kind: stack.resource(kind)["id"] for kind in IMPORT_CASES} == ids
    assert seen.keys() >= IMPORT_CASES.keys()
    assert sent() == []
    stack.assert_no_drift()
