"""Pulumi's mocks for unit tests without an engine, as `pulumi_spectrum.testing` brings them."""

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import get_config, set_all_config
from pulumi.runtime.settings import SETTINGS, get_root_resource

import pulumi_spectrum
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import SpectrumMocks


def run(program: Callable[[], Any]) -> None:
    """Run a program against the mocks that are set."""
    pulumi.runtime.test(program)()


def value_of(make_output: Callable[[], pulumi.Output[Any]]) -> tuple[Any, bool]:
    """Run a program, and return the value of the output that it returns, and whether that is secret."""
    found: list[tuple[Any, bool]] = []

    async def look(output: pulumi.Output[Any]) -> None:
        found.append((await output.future(), await output.is_secret()))

    run(lambda: pulumi.Output.from_input(look(make_output())))
    return found[0]


def test_get_reads_the_object(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """`get` shows the object that the service holds, and makes none."""
    ada = spectrum.project.users.add(phoneNumber="+14155550101", firstName="Ada")
    assert value_of(lambda: pulumi_spectrum.User.get("ada", ada["id"]).first_name) == ("Ada", False)
    assert [request.method for request in spectrum.requests if request.method != "GET"] == []


def test_nested_arguments_are_checked_and_kept(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """A nested dictionary is sent with its keys as they are, and what is wrong in it is named by its place."""
    account = spectrum.project.whatsapp_accounts.add(wabaId="1234")["accountId"]
    body = {"type": "BODY", "text": "Hi", "example": {"body_text": [["Ada"]], "someKey": 1}}

    def declare(name: str, *components: dict[str, Any]) -> pulumi.Output[Any]:
        template = pulumi_spectrum.WhatsAppTemplate(
            name, account_id=account, name=name, language="en_US", category="UTILITY", components=components
        )
        return template.components

    assert value_of(lambda: declare("hello", body)) == ([body], False)
    assert spectrum.project.whatsapp_templates.rows[0]["components"] == [body]
    with pytest.raises(Exception, match=r"components\[1\].type is required"):
        run(lambda: declare("wrong", body, {"text": "Hi"}))


def test_get_of_an_unknown_id_fails(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """`get` of an unknown id fails as it does on the CLI."""
    with pytest.raises(Exception, match="There is no user with the id nobody"):
        run(lambda: pulumi_spectrum.User.get("ada", "nobody"))
    assert len(spectrum.project.users) == 0


def test_option_import_takes_the_existing_object(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """A resource with the option import_ is the object with that id, and one that does not exist fails the test."""
    row = spectrum.project.users.add(phoneNumber="+14155550101", firstName="Ada")
    options = pulumi.ResourceOptions(import_=row["id"])
    ada = value_of(lambda: pulumi_spectrum.User("ada", phone_number="+14155550101", opts=options).id)
    assert ada == (row["id"], False)
    assert len(spectrum.project.users) == 1

    options = pulumi.ResourceOptions(import_="some-id")
    with pytest.raises(Exception, match="There is no user with the id some-id"):
        run(lambda: pulumi_spectrum.User("eve", phone_number="+14155550102", opts=options))


def test_a_provider_decides_the_project(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """A resource is made in the project of its provider, also inside a component; the others in the stack's."""
    europe = spectrum.add_project()

    class Desk(pulumi.ComponentResource):
        def __init__(self, name: str, phone_number: str, opts: pulumi.ResourceOptions | None = None) -> None:
            super().__init__("acme:desk:Desk", name, None, opts)
            options = pulumi.ResourceOptions(parent=self)
            pulumi_spectrum.User(f"{name}-user", phone_number=phone_number, opts=options)

    def program() -> None:
        provider = pulumi_spectrum.Provider("europe", project_id=europe.id, project_secret=europe.secret)
        Desk("there", "+14155550101", pulumi.ResourceOptions(providers=[provider]))
        Desk("here", "+14155550102")
        pulumi_spectrum.Platform("imessage", platform="imessage", opts=pulumi.ResourceOptions(provider=provider))

    run(program)
    assert [user["phoneNumber"] for user in europe.users] == ["+14155550101"]
    assert [user["phoneNumber"] for user in spectrum.project.users] == ["+14155550102"]
    assert (europe.platforms["imessage"]["enabled"], spectrum.project.platforms["imessage"]["enabled"]) == (True, False)


def test_wrong_credentials_of_a_provider_fail(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """The secret that the provider was given is the one that is used."""

    def program() -> None:
        provider = pulumi_spectrum.Provider("europe", project_id=spectrum.project_id, project_secret="wrong")
        options = pulumi.ResourceOptions(provider=provider)
        pulumi_spectrum.User("ada", phone_number="+14155550101", opts=options)

    with pytest.raises(Exception, match="HTTP 401"):
        run(program)


def test_the_configuration_decides_the_project(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """The stack's configuration holds for resources without a provider, as on the CLI."""
    other = spectrum.add_project()
    set_all_config({"spectrum:projectId": other.id, "spectrum:projectSecret": other.secret})
    run(lambda: pulumi_spectrum.User("ada", phone_number="+14155550101"))
    assert (len(other.users), len(spectrum.project.users)) == (1, 0)


def test_nothing_is_sent_off_the_machine(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """A provider that names the real service is refused."""

    def program() -> None:
        provider = pulumi_spectrum.Provider(
            "live", project_id="p", project_secret="s", base_url="https://spectrum.photon.codes"
        )
        options = pulumi.ResourceOptions(provider=provider)
        pulumi_spectrum.User("ada", phone_number="+14155550101", opts=options)

    with pytest.raises(ValueError, match="mocks send nothing off this machine"):
        run(program)


def test_secret_arguments_are_accepted_and_stay_secret(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """A secret argument reaches the service in plain text, and is a secret output; what is one-time is secret too."""
    url = "https://hooks.example.com/?token=t0k3n"

    def program() -> pulumi.Output[Any]:
        hook = pulumi_spectrum.Webhook("hook", webhook_url=pulumi.Output.secret(url))
        secrecy = [each.is_secret() for each in (hook.webhook_url, hook.signing_secret, hook.status)]

        async def look() -> list[bool]:
            return [await each for each in secrecy]

        return pulumi.Output.from_input(look())

    assert value_of(program)[0] == [True, True, False]
    assert [row["webhookUrl"] for row in spectrum.project.webhooks] == [url]


def test_outputs_that_the_options_name_are_secret(spectrum_mocks: SpectrumMocks) -> None:
    """Outputs listed in `additional_secret_outputs` are secret."""
    options = pulumi.ResourceOptions(additional_secret_outputs=["email"])

    def program() -> pulumi.Output[Any]:
        return pulumi_spectrum.User("ada", phone_number="+14155550101", email="ada@example.com", opts=options).email

    assert value_of(program) == ("ada@example.com", True)


def test_duplicate_urn_is_refused(spectrum_mocks: SpectrumMocks) -> None:
    """Two resources of one type and name are refused, as the engine refuses them; the parents' names do not count."""

    class Desk(pulumi.ComponentResource):
        def __init__(self, name: str, platform: str) -> None:
            super().__init__("acme:desk:Desk", name)
            pulumi_spectrum.Platform("app", platform=platform, opts=pulumi.ResourceOptions(parent=self))

    def program() -> None:
        Desk("one", "imessage")
        Desk("two", "voice")

    with pytest.raises(ValueError, match="Duplicate resource URN 'urn:pulumi:stack::project::acme:desk:Desk"):
        run(program)


def test_other_stacks_and_functions_are_answered_by_the_test(spectrum_mocks: SpectrumMocks) -> None:
    """Stack references and calls return the values that the test sets; a call without a value fails."""
    spectrum_mocks.stack_references["acme/network/prod"] = {"host": "app.example.com"}
    assert value_of(lambda: pulumi.StackReference("acme/network/prod").require_output("host"))[0] == "app.example.com"
    spectrum_mocks.calls["acme:index/zone:zone"] = {"name": "eu"}
    assert value_of(lambda: pulumi.Output.from_input(pulumi.runtime.invoke("acme:index/zone:zone", {}).value)) == (
        {"name": "eu"},
        False,
    )
    with pytest.raises(Exception, match="calls `acme:index/other:other`, to which the mocks have no answer"):
        run(lambda: pulumi.runtime.invoke("acme:index/other:other", {}))


def test_an_unknown_stack_is_refused(spectrum_mocks: SpectrumMocks) -> None:
    """A reference to a stack whose outputs the test does not set is refused."""
    with pytest.raises(ValueError, match="refers to the stack `acme/network/prod`, which the mocks do not know"):
        run(lambda: pulumi.StackReference("acme/network/prod"))


def test_everything_is_restored(spectrum: Emulator) -> None:
    """After the block the SDK talks with the same engine as before, of the same stack, and has the same event loop."""

    def state() -> list[Any]:
        return [
            SETTINGS.monitor,
            SETTINGS.engine,
            SETTINGS.project,
            SETTINGS.stack,
            get_root_resource(),
            get_config("a:b"),
        ]

    before = state()
    mine = asyncio.new_event_loop()
    asyncio.set_event_loop(mine)
    try:
        with SpectrumMocks(spectrum):
            set_all_config({"a:b": "c"})
            run(lambda: pulumi_spectrum.User("ada", phone_number="+14155550101"))
            assert SETTINGS.monitor is not before[0]
        assert state() == before
        assert asyncio.get_event_loop() is mine
    finally:
        asyncio.set_event_loop(None)
        mine.close()


@pytest.mark.parametrize("spoil", ["closed", "missing"])
def test_an_event_loop_of_an_earlier_test_does_no_harm(spectrum: Emulator, spoil: str) -> None:
    """A closed event loop, or none, does not reach the mocks; `asyncio.run` may be used beside them."""
    loop = asyncio.new_event_loop()
    loop.close()
    asyncio.set_event_loop(loop if spoil == "closed" else None)
    with SpectrumMocks(spectrum):
        asyncio.run(asyncio.sleep(0))
        run(lambda: pulumi_spectrum.User("ada", phone_number="+14155550101"))
    asyncio.set_event_loop(None)
    assert len(spectrum.project.users) == 1
