"""Whether a preview is to look into the project, as the program says it to the provider."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

import pulumi_spectrum as spectrum
from pulumi_spectrum.providers import PREVIEW

STACK = "organization/project/stack"
SETTING = "spectrum:checkInPreview"


@pytest.fixture
def told(run: Any) -> Callable[..., Any]:
    """Return what a program says in its first resource, in a preview with some configuration: a stack, or None."""

    def find(program: Callable[[], Any], *, preview: bool = True, **config: str) -> Any:
        def configured() -> None:
            pulumi.runtime.set_all_config(config)
            program()

        monitor = run(configured, preview=preview)
        pulumi.runtime.set_all_config({})
        first = next(each for each in monitor.registered if "spectrum" in each.type)
        return rpc.unwrap_rpc_secret(monitor.properties(first, keep_unknowns=True).get(PREVIEW))

    return find


def platform(**options: Any) -> spectrum.Platform:
    return spectrum.Platform("it", platform="voice", opts=pulumi.ResourceOptions(**options))


def provider(**arguments: Any) -> spectrum.Provider:
    return spectrum.Provider("second", **{"project_id": "p-2", "project_secret": "s", **arguments})


@pytest.mark.parametrize(("value", "stack"), [("true", STACK), ("True", STACK), ("false", None), (None, None)])
def test_configuration_decides_for_the_default_provider(value: str | None, stack: str | None, told: Any) -> None:
    """The full name of the stack is sent where the configuration says true, and nothing else."""
    config = {} if value is None else {SETTING: value}
    assert told(platform, **config) == stack


def test_only_a_preview_says_it(told: Any) -> None:
    """An update sends nothing of it."""
    assert told(platform, preview=False, **{SETTING: "true"}) is None


def test_other_values_are_refused(told: Any) -> None:
    """A value that is neither true nor false ends the program with a sentence."""
    with pytest.raises(pulumi.RunError, match=r"^spectrum:checkInPreview must be true or false\.$"):
        told(platform, **{SETTING: "maybe"})


@pytest.mark.parametrize(("value", "stack"), [(True, STACK), (False, None), (None, None)])
@pytest.mark.parametrize("form", [lambda value: value, pulumi.Output.from_input], ids=["plain", "output"])
def test_a_provider_decides_for_its_resources(form: Any, value: bool | None, stack: str | None, told: Any) -> None:
    """For a resource with a provider its argument decides, and the configuration does not."""
    assert told(lambda: platform(provider=provider(check_in_preview=form(value))), **{SETTING: "true"}) == stack


def test_a_parents_provider_decides(told: Any) -> None:
    """A resource that has its provider from a component is checked as that one says."""

    def program() -> None:
        options = pulumi.ResourceOptions(providers=[provider(check_in_preview=True)])
        platform(parent=pulumi.ComponentResource("app:Team", "team", opts=options))

    assert told(program) == STACK


@pytest.mark.parametrize("argument", ["project_id", "project_secret", "base_url", "check_in_preview"])
def test_nothing_is_said_while_a_setting_is_unknown(argument: str, told: Any) -> None:
    """While one of the provider's settings is not known, its resources are not checked."""

    def program() -> None:
        arguments = {"check_in_preview": True, argument: pulumi.Output.from_input(pulumi.output.UNKNOWN)}
        platform(provider=provider(**arguments))

    assert told(program) is None


def test_a_provider_of_another_class_checks_nothing(told: Any) -> None:
    """A provider that was made without this package's class has no such argument."""
    other = lambda: pulumi.ProviderResource("pulumi-python", "other", {SETTING: "true"})  # noqa: E731
    assert told(lambda: platform(provider=other()), **{SETTING: "true"}) is None
