"""The requests that a resource sends to the engine, and the outputs that the program gets."""

from collections.abc import Callable
from typing import Any

import kind_samples as samples
import pulumi
import pytest
from kind_samples import SAMPLES
from pulumi.runtime import rpc

import pulumi_spectrum as spectrum
from pulumi_spectrum.resources.base import SpectrumResource
from pulumi_spectrum.secret_outputs import secret
from pulumi_spectrum.spelling.property_names import to_snake

# Some Pythons warn of the loop that the mocks have made for them, and others make none.
pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")

URL = "https://app.example.com/spectrum"
PHONE = "+14155550123"

SENT = {kind.declared_by.__name__: SAMPLES[key].every_argument for key, kind in samples.KINDS.items()}
"""Every argument of each class, as it reaches the engine."""
SECRETS = {kind.declared_by.__name__: SAMPLES[key].secrets for key, kind in samples.KINDS.items()}
KINDS = sorted(SENT)
MADE: dict[str, Callable[[pulumi.ResourceOptions | None], Any]] = {
    kind: lambda opts, kind=kind, sent=sent: getattr(spectrum, kind)(
        "thing", **{to_snake(name): value for name, value in sent.items()}, opts=opts
    )
    for kind, sent in SENT.items()
}
"""Declares a resource with all of them."""


@pytest.mark.parametrize("kind", KINDS)
def test_state_and_policies_see_the_apis_spelling(kind: str, run: Any) -> None:
    """Every argument reaches the engine in camelCase, under the type of its kind."""
    monitor = run(lambda: MADE[kind](None) and None)
    [request] = monitor.registered

    assert request.type == f"pulumi-python:dynamic/spectrum:{kind}"
    sent = {name: rpc.unwrap_rpc_secret(value) for name, value in monitor.properties(request).items()}
    assert sent == SENT[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_programs_see_snake_case(kind: str, run: Any) -> None:
    """Every argument and output comes back as an attribute of the resource, in snake_case."""
    seen: dict[str, Any] = {}

    def program() -> Any:
        resource = MADE[kind](None)
        outputs = {name: getattr(resource, name) for name in [*resource._properties, "id"]}
        return pulumi.Output.all(**outputs).apply(seen.update)

    run(program)

    snake = {resource_spelling(kind, name): value for name, value in SENT[kind].items()}
    assert {name: seen[name] for name in snake} == snake
    assert (seen["id"], seen["project_id"]) == ("thing-id", "p-1")
    assert type(seen.get("rotation_overlap_seconds", 0)) is int, "numbers come as floats from the engine"


def resource_spelling(kind: str, name: str) -> str:
    cls = getattr(spectrum, kind)
    return str(cls.translate_output_property(None, name))


@pytest.mark.parametrize(
    ("make", "sent"),
    [
        (lambda: spectrum.Webhook("w", webhook_url=URL), {"webhookUrl": URL, "enabled": True, "onConflict": "fail"}),
        (lambda: spectrum.Platform("p", platform="slack"), {"platform": "slack", "enabled": True}),
        (lambda: spectrum.Line("l"), {"platform": "imessage"}),
        (
            lambda: spectrum.User("u", phone_number=PHONE),
            {"phoneNumber": PHONE, "type": "shared", "onConflict": "fail"},
        ),
    ],
)
def test_what_is_left_out_is_not_sent(make: Callable[[], Any], sent: dict[str, Any], run: Any) -> None:
    """An argument without a default that is left out is not managed; the others are managed at their default."""
    monitor = run(lambda: make() and None)

    assert monitor.properties(monitor.registered[0]) == sent


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_passed_on(kind: str, run: Any) -> None:
    """Pulumi's resource options work, with arguments spelled as the program spells them."""
    options = pulumi.ResourceOptions(ignore_changes=["first_name", "webhookUrl"], retain_on_delete=True, protect=True)
    [request] = run(lambda: MADE[kind](options) and None).registered

    assert list(request.ignoreChanges) == ["firstName", "webhookUrl"]
    assert request.retainOnDelete
    assert request.protect


class Letter(SpectrumResource, module="spectrum", name="Letter"):
    """A resource whose arguments are dictionaries."""

    body_text: pulumi.Output[dict[str, Any]] = pulumi.property("bodyText")
    send_at: pulumi.Output[list[Any]] = pulumi.property("sendAt")
    project_id: pulumi.Output[str] = pulumi.property("projectId")

    _kind = "letter"


class Safe(SpectrumResource, module="spectrum", name="Safe"):
    """A resource with an argument that is a secret."""

    _kind = "safe"

    @property
    @secret()
    @pulumi.getter(name="doorCode")
    def door_code(self) -> pulumi.Output[str | None]:
        """The secret."""
        return pulumi.get(self, "door_code")

    @property
    @pulumi.getter
    def colour(self) -> pulumi.Output[str]:
        """Everybody may know it."""
        return pulumi.get(self, "colour")


@pytest.mark.parametrize("give", [lambda code: code, pulumi.Output.from_input, pulumi.Output.secret])
def test_argument_whose_output_is_a_secret_is_one(give: Callable[[str], Any], run: Any) -> None:
    """A secret argument reaches the engine as a secret also where the program gives plain text."""
    ran = run(lambda: Safe("s", {"door_code": give("1234"), "colour": "red"}) and None)
    sent = ran.properties(ran.registered[0])

    assert {name: rpc.is_rpc_secret(value) for name, value in sent.items()} == {"doorCode": True, "colour": False}
    assert rpc.unwrap_rpc_secret(sent["doorCode"]) == "1234"


def test_secret_argument_that_is_left_out_is_not_sent(run: Any) -> None:
    """A secret argument without a value is not managed, as any other."""
    ran = run(lambda: Safe("s", {"door_code": None, "colour": "red"}) and None)

    assert ran.properties(ran.registered[0]) == {"colour": "red"}


DICTIONARY = {"body_text": {"body_text": 1, "bodyText": 2, "other_key": [{"send_at": 3}]}, "camelCase": "x"}


@pytest.mark.parametrize("wrap", [lambda value: value, pulumi.Output.from_input, pulumi.Output.secret])
def test_keys_inside_a_property_stay_as_they_are(wrap: Callable[[Any], Any], run: Any) -> None:
    """The keys of a dictionary are never translated, not even a key that is spelled like a property."""
    seen: dict[str, Any] = {}

    def program() -> Any:
        letter = Letter("l", {"body_text": wrap(DICTIONARY), "send_at": [wrap(DICTIONARY)]})
        return pulumi.Output.all(letter.body_text, letter.send_at).apply(lambda both: seen.update(enumerate(both)))

    ran = run(program)
    [request] = ran.registered

    sent = {name: rpc.unwrap_rpc_secret(value) for name, value in ran.properties(request).items()}
    assert (sent["bodyText"], [rpc.unwrap_rpc_secret(each) for each in sent["sendAt"]]) == (DICTIONARY, [DICTIONARY])
    assert [seen[index] for index in sorted(seen)] == [DICTIONARY, [DICTIONARY]]


def test_a_path_keeps_the_keys_inside_a_property(run: Any) -> None:
    """In a property path of an option, only the property's name is translated."""
    options = pulumi.ResourceOptions(
        ignore_changes=["body_text.send_at[0].other_key", "send_at[0]"], replace_on_changes=["body_text.send_at"]
    )
    [request] = run(lambda: Letter("l", {}, options) and None).registered

    assert list(request.ignoreChanges) == ["bodyText.send_at[0].other_key", "sendAt[0]"]
    assert list(request.replaceOnChanges) == ["bodyText.send_at"]


@pytest.mark.parametrize("kind", KINDS)
def test_only_lines_are_protected_by_themselves(kind: str, run: Any) -> None:
    """A line's number would be lost for good, so a line is protected unless the program says otherwise."""
    [request] = run(lambda: MADE[kind](None) and None).registered

    assert request.protect is (kind == "Line")


@pytest.mark.parametrize("opts", [pulumi.ResourceOptions(protect=False), pulumi.ResourceOptions(protect=True)])
def test_protect_option_of_a_line_overrides_the_default(opts: pulumi.ResourceOptions, run: Any) -> None:
    """The option `protect` of a line overrides the default, false as well as true."""
    [request] = run(lambda: spectrum.Line("l", opts=opts) and None).registered

    assert request.protect is opts.protect


def test_line_is_protected_when_options_leave_out_protect(run: Any) -> None:
    """Options without `protect` leave a line protected."""
    [request] = run(lambda: spectrum.Line("l", opts=pulumi.ResourceOptions(retain_on_delete=True)) and None).registered

    assert request.protect


@pytest.mark.parametrize("kind", KINDS)
def test_secret_outputs_are_encrypted(kind: str, run: Any) -> None:
    """A kind's secrets are encrypted in the state, beside those outputs that the program wants encrypted."""
    own = sorted(SECRETS[kind])
    options = pulumi.ResourceOptions(additional_secret_outputs=["created_at"])
    [alone] = run(lambda: MADE[kind](None) and None).registered
    [merged] = run(lambda: MADE[kind](options) and None).registered

    assert sorted(alone.additionalSecretOutputs) == own
    assert sorted(merged.additionalSecretOutputs) == sorted([*own, "createdAt"])


def test_the_programs_options_are_not_changed(run: Any) -> None:
    """One options object can serve several resources: nothing is written into it."""
    options = pulumi.ResourceOptions(additional_secret_outputs=["created_at"])
    monitor = run(lambda: [MADE[kind](options) for kind in ("Webhook", "Line")] and None)

    assert (options.additional_secret_outputs, options.protect) == (["created_at"], None)
    [webhook, line] = sorted(monitor.registered, key=lambda request: "Line" in request.type)
    assert (webhook.protect, line.protect) == (False, True)
    assert list(line.additionalSecretOutputs) == ["createdAt"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_existing_object_is_read(kind: str, run: Any) -> None:
    """`get` reads an object by its id, registers nothing, and gives the same typed resource."""
    seen: list[Any] = []

    def program() -> Any:
        resource = getattr(spectrum, kind).get("there", "id-1")
        assert type(resource) is getattr(spectrum, kind)
        return pulumi.Output.all(resource.id, resource.project_id).apply(seen.extend)

    monitor = run(program)
    [request] = monitor.read

    assert (request.type, request.id) == (f"pulumi-python:dynamic/spectrum:{kind}", "id-1")
    assert monitor.properties(request) == {}
    assert monitor.registered == []
    assert seen == ["id-1", "p-1"]


def test_a_line_that_is_only_read_is_not_protected(run: Any) -> None:
    """Nothing of an object that is only read is ever deleted, so it needs no protection."""
    lines: list[Any] = []
    run(lambda: lines.append(spectrum.Line.get("there", "id-1")))

    assert not lines[0]._protect


def test_a_provider_holds_the_settings_as_its_configuration(run: Any) -> None:
    """A second project's credentials are a provider of the dynamic host, configured as a stack is: all of it text."""
    [request] = run(
        lambda: (
            spectrum.Provider(
                "prod",
                project_id="p-2",
                project_secret="s3cr3t",
                base_url="https://eu.example.com",
                requests_per_second=2.5,
                timeout_seconds=60,
            )
            and None
        )
    ).registered

    assert request.type == "pulumi:providers:pulumi-python"
    sent = rpc.deserialize_properties(request.object, keep_internal=True)
    assert rpc.unwrap_rpc_secret(sent.pop("spectrum:projectSecret")) == "s3cr3t"
    assert rpc.is_rpc_secret(rpc.deserialize_properties(request.object, keep_internal=True)["spectrum:projectSecret"])
    assert sent == {
        "spectrum:projectId": "p-2",
        "spectrum:baseUrl": "https://eu.example.com",
        "spectrum:requestsPerSecond": "2.5",
        "spectrum:timeoutSeconds": "60",
        "spectrum:providerName": "prod",
    }


def test_a_provider_holds_the_rest_of_the_stacks_configuration(run: Any) -> None:
    """Other dynamic resources that it reaches find their settings, secrets as secrets, and none that are Spectrum's."""

    def program() -> None:
        config = {"acme:token": "t-1", "acme:password": "hunter2", "spectrum:projectId": "p-1"}
        pulumi.runtime.set_all_config({**config, "spectrum:requestsPerSecond": "2"}, ["acme:password"])
        spectrum.Provider("prod", project_id="p-2", project_secret="s3cr3t")

    monitor = run(program)
    sent = monitor.properties(monitor.registered[0], keep_internal=True)

    assert {key: (rpc.unwrap_rpc_secret(value), rpc.is_rpc_secret(value)) for key, value in sent.items()} == {
        "acme:token": ("t-1", False),
        "acme:password": ("hunter2", True),
        "spectrum:projectId": ("p-2", False),
        "spectrum:projectSecret": ("s3cr3t", True),
        "spectrum:providerName": ("prod", False),
    }
