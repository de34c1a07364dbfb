"""Arguments that are None, as `config.get` returns for a key that is not set: their defaults are sent."""

import inspect
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from kind_samples import KINDS, SAMPLES, required_arguments
from pulumi.runtime import rpc

import pulumi_spectrum as spectrum
from pulumi_spectrum.spelling.property_names import to_camel, to_snake

DEFAULTS = [(key, name, default) for key, kind in KINDS.items() for name, default in kind.defaults().items()]
"""Each argument with a default, and that default, by the key of the kind."""

UNMANAGED = [
    (key, name)
    for key, kind in KINDS.items()
    for name in kind.arguments()
    if name not in kind.defaults() and name not in required_arguments(kind)
]
"""Each argument that is not managed when it is left out, by the key of the kind."""


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


@pytest.mark.parametrize("key", KINDS)
def test_default_in_the_signature(key: str) -> None:
    """The signature that an editor shows has the defaults that are sent, and None for what is not managed."""
    parameters = inspect.signature(KINDS[key].declared_by).parameters
    given = {to_camel(name): each.default for name, each in parameters.items() if name not in ("resource_name", "opts")}
    optional = {name: default for name, default in given.items() if default is not inspect.Parameter.empty}
    assert {name: default for name, default in optional.items() if default is not None} == KINDS[key].defaults()


@pytest.fixture
def send(run: Any) -> Callable[..., Any]:
    """Declares a resource, and returns what is sent for one of its arguments."""

    def sending(key: str, name: str, make: Callable[[], Any], **options: Any) -> Any:
        required = {to_snake(each): SAMPLES[key].arguments[each] for each in required_arguments(KINDS[key])}

        def program() -> None:
            declare: Callable[..., Any] = KINDS[key].declared_by
            declare("thing", **required, **{to_snake(name): make()})

        monitor = run(program, preview=options.get("keep_unknowns", False))
        return monitor.properties(monitor.registered[0], keep_internal=True, **options).get(name)

    return sending


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("key", "name", "default"), DEFAULTS)
def test_none_is_sent_as_the_default(key: str, name: str, default: Any, form: str, send: Any) -> None:
    """An argument that is None, or an output of None, is sent with its default, so it is checked and managed."""
    sent = send(key, name, lambda: FORMS[form](None))

    assert rpc.is_rpc_secret(sent) is (form == "a secret output")
    assert rpc.unwrap_rpc_secret(sent) == default


@pytest.mark.parametrize("form", FORMS)
def test_value_is_sent_as_it_is(form: str, send: Any) -> None:
    """A value that is not None is sent instead of the default, False included."""
    sent = send("platform", "enabled", lambda: FORMS[form](False))

    assert rpc.is_rpc_secret(sent) is (form == "a secret output")
    assert rpc.unwrap_rpc_secret(sent) is False


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("key", "name"), UNMANAGED)
def test_none_without_a_default_is_left_out(key: str, name: str, form: str, send: Any) -> None:
    """An argument without a default that is None, or an output of None, is not managed."""
    assert rpc.unwrap_rpc_secret(send(key, name, lambda: FORMS[form](None))) is None


def test_unknown_argument_is_not_the_default(send: Any) -> None:
    """In a preview an unknown value is not replaced by the default."""
    sent = send("platform", "enabled", lambda: pulumi.Output.from_input(pulumi.output.UNKNOWN), keep_unknowns=True)

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
    assert given == {"spectrum:projectId", "spectrum:projectSecret", "spectrum:providerName"}
