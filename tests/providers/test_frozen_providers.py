"""The provider that is pickled into every state never changes, so every later release can load it."""

import base64
import gc
import pickle
import sys
from collections.abc import Callable
from typing import Any

import dill
import pytest
from golden_states import RELEASES, read_golden
from pulumi.dynamic.dynamic import serialize_provider

import pulumi_spectrum
from pulumi_spectrum import providers
from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.providers import ProviderReference, host, load
from pulumi_spectrum.providers.base import SpectrumProvider

KINDS = {kind.key: kind for kind in load_kinds()}
FROZEN = {
    (release, key): frozen for release in RELEASES for key, frozen in read_golden(release, "providers.json").items()
}
"""By release and key: the type of the kind, and the exact text in the state, for each protocol that a Python release
pickles with by default. Python 3.11 to 3.13 pickle with protocol 4, Python 3.14 with protocol 5."""


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize(("release", "key"), FROZEN)
def test_pickled_reference_is_frozen(release: str, key: str, protocol: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program pickles exactly the text that each earlier release pickled."""
    monkeypatch.setattr(pickle, "DEFAULT_PROTOCOL", protocol)

    assert serialize_provider(ProviderReference(key)) == FROZEN[release, key][str(protocol)]


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize(("release", "key"), FROZEN)
def test_provider_of_an_earlier_release_can_be_loaded(release: str, key: str, protocol: int) -> None:
    """The text that any earlier release wrote into a state loads a provider of its kind in this release."""
    text = FROZEN[release, key][str(protocol)]
    provider = dill.loads(base64.b64decode(text))  # noqa: S301  # as the engine's host does

    assert isinstance(provider, SpectrumProvider)
    assert provider._lifecycle.noun == KINDS[key].noun


def test_keys_and_types_are_frozen() -> None:
    """Each key that a state may hold stands for the same type token as in every earlier release."""
    assert {key: KINDS[key].type_token for _, key in FROZEN} == {key: each["type"] for (_, key), each in FROZEN.items()}


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.key)
def test_registry_row_is_one_kind(kind: Kind) -> None:
    """A registry row's class pickles the row's key, and is exported by the package."""
    assert kind.declared_by._kind == kind.key
    assert getattr(pulumi_spectrum, kind.declared_by.__name__) is kind.declared_by


@pytest.mark.parametrize("provider", [ProviderReference("line"), load("line")])
def test_provider_is_not_encrypted(provider: ProviderReference) -> None:
    """The provider in the state is not encrypted: an encrypted one would show as changed in every diff."""
    assert provider.serialize_as_secret_always is False


def test_reference_holds_only_the_kind() -> None:
    """A pickled provider is the function `load` and the kind's key, whatever attributes the object has."""
    assert ProviderReference("webhook").__reduce__() == (load, ("webhook",))
    assert f"{load.__module__}.{load.__qualname__}" == "pulumi_spectrum.providers.load"
    assert providers.load is load


@pytest.mark.parametrize("kind", ["carrier_pigeon", "host", "no.such.module", "../user", ""])
@pytest.mark.parametrize(
    "operate",
    [
        lambda provider: provider.check({}, {}),
        lambda provider: provider.diff("id", {}, {}),
        lambda provider: provider.create({}),
        lambda provider: provider.read("id", {}),
        lambda provider: provider.update("id", {}, {}),
        lambda provider: provider.delete("id", {}),
    ],
)
def test_unknown_kind_asks_for_an_upgrade(kind: str, operate: Callable[[Any], Any]) -> None:
    """Every operation on a kind that this release does not have fails with the advice to upgrade."""
    with pytest.raises(host.CleanFailure, match="written by a newer release of pulumi-spectrum"):
        operate(load(kind))


def test_missing_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that a kind needs and that is missing is named, and the kind is not taken for a newer release's."""
    monkeypatch.delitem(sys.modules, "pulumi_spectrum.providers.slack_app")
    monkeypatch.setitem(sys.modules, "pulumi_spectrum.providers.platform_singleton", None)
    with pytest.raises(ModuleNotFoundError, match=r"providers\.platform_singleton"):
        load("slack-app")


@pytest.mark.parametrize("was_on", [True, False])
def test_loading_leaves_the_garbage_collector_as_it_was(*, was_on: bool) -> None:
    """Loading a provider, known or not, turns the collector on again afterwards, and only where it was on."""
    (gc.enable if was_on else gc.disable)()
    try:
        for key in ("user", "carrier_pigeon"):
            load(key)
            assert gc.isenabled() is was_on
    finally:
        gc.enable()
