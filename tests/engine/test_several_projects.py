"""Several projects in one program, through `spectrum.Provider`."""

from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.automation import ConfigValue

import pulumi_spectrum as spectrum_resources
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import SpectrumStack


def provider_of(project: Any, spectrum: Emulator, **arguments: Any) -> spectrum_resources.Provider:
    """Declare an explicit provider with the credentials of an emulated project."""
    credentials = {"project_id": project.id, "project_secret": project.secret, **arguments}
    return spectrum_resources.Provider("second", base_url=spectrum.url, requests_per_second=1000, **credentials)


def test_two_projects_in_one_stack(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """Each resource is created in its provider's project, and refresh and destroy find it there."""
    second = spectrum.add_project()

    def program() -> None:
        options = pulumi.ResourceOptions(provider=provider_of(second, spectrum))
        spectrum_resources.User("here", phone_number="+14155550101")
        spectrum_resources.User("there", phone_number="+14155550101", opts=options)

    stack = make_stack(program)
    stack.up()
    stack.assert_no_drift()
    assert [row["projectId"] for row in spectrum.project.users] == [spectrum.project.id]
    assert [row["projectId"] for row in second.users] == [second.id]

    second.users.change(second.users.ids[0], firstName="Mallory")
    stack.assert_no_drift()
    second.users.clear()
    assert stack.refresh(preview_only=True).summary == {"there": ("delete",)}
    stack.up(refresh=True)
    stack.destroy()
    assert (len(spectrum.project.users), len(second.users)) == (0, 0)


def test_credentials_that_are_outputs(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """While a provider's credentials are unknown, preview sends no request; once known, they are stored encrypted."""
    second = spectrum.add_project()

    def program() -> None:
        first = spectrum_resources.User("first", phone_number="+14155550101")
        # The id is unknown until the first user is created.
        secret = first.id.apply(lambda _: second.secret)
        there = pulumi.ResourceOptions(provider=provider_of(second, spectrum, project_secret=secret))
        spectrum_resources.Webhook("there", webhook_url="https://app.example.com/spectrum", opts=there)

    stack = make_stack(program)
    before = len(spectrum.requests)
    assert stack.preview().summary == {"first": ("create",), "second": ("create",), "there": ("create",)}
    assert len(spectrum.requests) == before
    stack.up()
    stack.assert_no_drift()
    assert len(second.webhooks) == 1
    assert second.secret not in str(stack.export())


def test_component_passes_provider_to_its_resources(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack]
) -> None:
    """Resources inside a component use the provider that the component was given in `providers`."""
    second = spectrum.add_project()

    class Desk(pulumi.ComponentResource):
        def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
            super().__init__("acme:desk:Desk", name, None, opts)
            spectrum_resources.Platform("imessage", platform="imessage", opts=pulumi.ResourceOptions(parent=self))
            self.register_outputs({})

    def program() -> None:
        Desk("desk", pulumi.ResourceOptions(providers=[provider_of(second, spectrum)]))

    stack = make_stack(program)
    stack.up()
    stack.assert_no_drift()
    assert second.platforms["imessage"]["enabled"] is True
    assert spectrum.project.platforms["imessage"]["enabled"] is False


def test_component_with_another_dynamic_provider(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """Another package's dynamic resource in a component keeps its own configuration beside the component's provider."""
    second = spectrum.add_project()
    password = "emulator-password-of-another-author"

    def program() -> None:
        class OtherProvider(pulumi.dynamic.ResourceProvider):
            def configure(self, req: Any) -> None:
                self.config = req.config

            def create(self, _props: dict[str, Any]) -> Any:
                length = len(self.config.require("acme:password"))
                return pulumi.dynamic.CreateResult("o-1", {"region": self.config.require("region"), "length": length})

        class Other(pulumi.dynamic.Resource):
            region: pulumi.Output[str]
            length: pulumi.Output[int]

        class Desk(pulumi.ComponentResource):
            def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
                super().__init__("acme:desk:Desk", name, None, opts)
                inside = pulumi.ResourceOptions(parent=self)
                spectrum_resources.User("user", phone_number="+14155550101", opts=inside)
                other = Other(OtherProvider(), "other", {"region": None, "length": None}, inside)
                pulumi.export("seen", pulumi.Output.all(other.region, other.length))
                self.register_outputs({})

        Desk("desk", pulumi.ResourceOptions(providers=[provider_of(second, spectrum)]))

    config = {"test:region": "eu", "acme:password": ConfigValue(password, secret=True)}
    stack = make_stack(program, config=config)
    stack.up()
    assert stack.outputs()["seen"] == ["eu", len(password)]
    assert [row["projectId"] for row in second.users] == [second.id]
    stack.assert_no_drift()
    assert password not in str(stack.export())

    stack.configure("test:region", "us")
    assert stack.up().summary == {"second": ("update",)}
    stack.assert_no_drift()
    stack.destroy()


def test_adding_and_removing_a_provider_changes_nothing(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack]
) -> None:
    """Giving a resource a provider of the same project, or removing it again, neither replaces nor changes it."""
    explicit = {"use": False}

    def program() -> None:
        provider = provider_of(spectrum.project, spectrum)
        options = pulumi.ResourceOptions(provider=provider if explicit["use"] else None)
        spectrum_resources.Webhook("inbox", webhook_url="https://app.example.com/spectrum", opts=options)

    stack = make_stack(program)
    stack.up()
    hook = spectrum.project.webhooks.rows[0]
    for use in (True, False):
        explicit["use"] = use
        run = stack.up()
        assert not [change for change in run.changes if change.operation != "update"], run.output
        stack.assert_no_drift()
        assert spectrum.project.webhooks.rows == [hook]


def test_rotated_project_secret_changes_no_resource(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack]
) -> None:
    """A new project secret in the provider is used at once, and no resource shows a change."""
    second = spectrum.add_project()

    def program() -> None:
        there = pulumi.ResourceOptions(provider=provider_of(second, spectrum))
        spectrum_resources.User("there", phone_number="+14155550101", first_name=name["first"], opts=there)

    name = {"first": "Alice"}
    stack = make_stack(program)
    stack.up()
    second.secret = "emulator-rotated-secret-0123456789"
    assert stack.up().summary == {"second": ("update",)}
    name["first"] = "Alicia"
    assert stack.up().summary == {"there": ("update", "firstName")}
    assert second.users.rows[0]["firstName"] == "Alicia"
    stack.assert_no_drift()
    stack.destroy()


def test_object_declared_under_two_providers(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """A user or platform declared under two providers of one project is refused in the preview, naming both."""
    kind = {"is": "user"}

    def program() -> None:
        there = pulumi.ResourceOptions(provider=provider_of(spectrum.project, spectrum))
        for name, options in {"here": None, "there": there}.items():
            if kind["is"] == "user":
                spectrum_resources.User(name, phone_number="+14155550101", opts=options)
            else:
                spectrum_resources.Platform(name, platform="voice", opts=options)

    stack = make_stack(program)
    for kind["is"] in ("user", "platform"):
        # A newer CLI also says that the program is ended.
        (message,) = [each for each in stack.preview(fails=True).messages if each.startswith(("here: ", "there: "))]
        assert '"here" and "there" are' in message or '"there" and "here" are' in message
        assert "though they have different providers" in message
    assert len(spectrum.requests) == 0
