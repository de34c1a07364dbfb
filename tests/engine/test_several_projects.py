"""Several projects in one program, through `spectrum.Provider`."""

from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.automation import ConfigValue

import pulumi_spectrum as spectrum_resources
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import SpectrumStack


def provider_of(project: Any, spectrum: Emulator, **arguments: Any) -> spectrum_resources.Provider:
    """Declare the credentials of an emulated project."""
    credentials = {"project_id": project.id, "project_secret": project.secret, **arguments}
    return spectrum_resources.Provider("second", base_url=spectrum.url, requests_per_second=1000, **credentials)


def test_two_projects_live_in_one_stack(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """Each resource goes to the project of its provider, and refresh and destroy find it there."""
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

    second.users.change(second.users.ids[0], firstName="Somebody")
    stack.assert_no_drift()
    second.users.clear()
    assert stack.refresh(preview_only=True).summary == {"there": ("delete",)}
    stack.up(refresh=True)
    stack.destroy()
    assert (len(spectrum.project.users), len(second.users)) == (0, 0)


def test_credentials_may_be_outputs(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """While a provider's credentials are unknown, the preview asks nothing; once known, they stay encrypted."""
    second = spectrum.add_project()

    def program() -> None:
        first = spectrum_resources.User("first", phone_number="+14155550101")
        # The id is not known before the first user is made.
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


def test_a_component_passes_a_provider_on(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """Resources inside a component go to the project that the component was given in `providers`."""
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


def test_a_component_of_several_authors(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """A dynamic resource of another author finds its configuration under a provider that a component passes on."""
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


def test_a_resource_moves_between_the_configuration_and_a_provider(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack]
) -> None:
    """Giving a resource a provider of the same project, and taking it away again, neither replaces nor changes it."""
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


def test_a_rotated_secret_changes_no_resource(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """A new project secret in the provider is used at once, and shows on no resource."""
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


def test_one_object_under_two_providers(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """A user or a platform that two providers declare in one project is refused in the preview, naming both."""
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
        (message,) = stack.preview(fails=True).messages
        assert '"here" and "there" are' in message or '"there" and "here" are' in message
        assert "though they have different providers" in message
    assert len(spectrum.requests) == 0
