"""Arguments that are None, as `config.get` returns for a key that is not set: their defaults are sent."""

import inspect
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

import pulumi_spectrum as spectrum

REQUIRED: dict[str, dict[str, Any]] = {
    "Webhook": {"webhook_url": "https://app.example.com/spectrum"},
    "Platform": {"platform": "slack"},
    "Line": {},
    "User": {"phone_number": "+14155550123"},
}

DEFAULTS = [
    (kind, name, parameter.default)
    for kind in REQUIRED
    for name, parameter in inspect.signature(getattr(spectrum, kind)).parameters.items()
    if parameter.default not in (None, inspect.Parameter.empty)
]
"""Each argument with a default, and that default."""

UNMANAGED = [
    (kind, name)
    for kind in REQUIRED
    for name, parameter in inspect.signature(getattr(spectrum, kind)).parameters.items()
    if parameter.default is None and name != "opts"
]
"""Each argument that is not managed when it is left out."""


async def later(value: Any) -> Any:
    return value


def later_known() -> pulumi.Output[int]:
    return pulumi.Output.from_input(1)


FORMS: dict[str, Callable[[Any], Any]] = {
    "None": lambda value: value,
    "an output": pulumi.Output.from_input,
    "a secret output": pulumi.Output.secret,
    "an output of an output": lambda value: later_known().apply(lambda _: pulumi.Output.from_input(value)),
    "an awaitable": later,
}


def in_state(name: str) -> str:
    return str(spectrum.Line.translate_input_property(None, name))  # type: ignore[arg-type]


def test_arguments_with_a_default() -> None:
    """The tests below run over exactly these arguments with a default."""
    assert {(kind, name) for kind, name, _ in DEFAULTS} == {
        ("Webhook", "enabled"),
        ("Webhook", "on_conflict"),
        ("Platform", "enabled"),
        ("Line", "platform"),
        ("User", "type"),
        ("User", "on_conflict"),
    }


@pytest.fixture
def send(run: Any) -> Callable[..., Any]:
    """Declares a resource, and returns what is sent for one of its arguments."""

    def sending(kind: str, name: str, make: Callable[[], Any], **options: Any) -> Any:
        def program() -> None:
            getattr(spectrum, kind)("thing", **REQUIRED[kind], **{name: make()})

        monitor = run(program, preview=options.get("keep_unknowns", False))
        return monitor.properties(monitor.registered[0], keep_internal=True, **options).get(in_state(name))

    return sending


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind", "name", "default"), DEFAULTS)
def test_none_is_sent_as_the_default(kind: str, name: str, default: Any, form: str, send: Any) -> None:
    """An argument that is None, or an output of None, is sent with its default, so it is checked and managed."""
    sent = send(kind, name, lambda: FORMS[form](None))

    assert rpc.is_rpc_secret(sent) is (form == "a secret output")
    assert rpc.unwrap_rpc_secret(sent) == default


@pytest.mark.parametrize("form", FORMS)
def test_value_is_sent_as_it_is(form: str, send: Any) -> None:
    """A value that is not None is sent instead of the default, False included."""
    sent = send("Platform", "enabled", lambda: FORMS[form](False))

    assert rpc.is_rpc_secret(sent) is (form == "a secret output")
    assert rpc.unwrap_rpc_secret(sent) is False


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind", "name"), UNMANAGED)
def test_none_without_a_default_is_left_out(kind: str, name: str, form: str, send: Any) -> None:
    """An argument without a default that is None, or an output of None, is not managed."""
    assert rpc.unwrap_rpc_secret(send(kind, name, lambda: FORMS[form](None))) is None


def test_unknown_argument_is_not_the_default(send: Any) -> None:
    """In a preview an unknown value is not replaced by the default."""
    sent = send("Platform", "enabled", lambda: pulumi.Output.from_input(pulumi.output.UNKNOWN), keep_unknowns=True)

    assert isinstance(sent, pulumi.output.Unknown)


def test_output_of_none_keeps_its_dependencies(run: Any) -> None:
    """An output keeps the resources that it depends on, even if its value is None."""

    def program() -> None:
        platform = spectrum.Platform("first", platform="voice")
        spectrum.Platform("second", platform="slack", enabled=platform.auto_scale)

    monitor = run(program)
    second = next(request for request in monitor.registered if request.name == "second")

    assert monitor.properties(second)["enabled"] is True
    assert [urn.rsplit("::", 1)[-1] for urn in second.propertyDependencies["enabled"].urns] == ["first"]


@pytest.mark.parametrize("form", FORMS)
def test_none_in_a_provider_is_not_set(form: str, run: Any) -> None:
    """A setting of a provider that is None, or an output of None, is not set."""

    def program() -> None:
        optional = {name: FORMS[form](None) for name in ("base_url", "requests_per_second", "timeout_seconds")}
        spectrum.Provider("prod", project_id="p-2", project_secret="s", **optional)

    monitor = run(program)
    sent = monitor.properties(monitor.registered[0])

    given = {name for name, value in sent.items() if rpc.unwrap_rpc_secret(value) is not None}
    assert given == {"spectrum:projectId", "spectrum:projectSecret"}
