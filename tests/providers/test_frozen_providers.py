"""The provider that is pickled into every state never changes, so every later release can load it."""

import base64
import pickle
import sys
from collections.abc import Callable
from typing import Any

import dill
import pytest
from pulumi.dynamic.dynamic import serialize_provider

import pulumi_spectrum
from pulumi_spectrum import providers
from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.providers import ProviderReference, host, load
from pulumi_spectrum.providers.base import SpectrumProvider

GOLDEN = {
    ("line", 4): "gASVMQAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjARsaW5llIWUUpQu",
    ("line", 5): "gAWVMQAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjARsaW5llIWUUpQu",
}
"""The exact text in the state, of one kind and for each protocol that a Python release pickles with by default.

Python 3.11 to 3.13 pickle with protocol 4, Python 3.14 with protocol 5.
"""

FROZEN = {
    "line": "pulumi-python:dynamic/spectrum:Line",
    "platform": "pulumi-python:dynamic/spectrum:Platform",
    "project-profile": "pulumi-python:dynamic/spectrum:ProjectProfile",
    "slack-app": "pulumi-python:dynamic/spectrum:SlackApp",
    "user": "pulumi-python:dynamic/spectrum:User",
    "voice-sip-inbound": "pulumi-python:dynamic/spectrum:VoiceSipInbound",
    "webhook": "pulumi-python:dynamic/spectrum:Webhook",
    "whatsapp-template": "pulumi-python:dynamic/spectrum:WhatsAppTemplate",
}
"""The keys that states hold, with the type of the resource. An entry is never changed or taken out; each release adds
those of its new kinds."""

KINDS = {kind.key: kind for kind in load_kinds()}


def frozen_text(key: str, protocol: int) -> str:
    """Return the text for a key: that of the golden kind, with the other key and the lengths that follow from it."""
    golden = base64.b64decode(GOLDEN["line", protocol])
    body = golden[11:].replace(b"\x8c\x04line", bytes([0x8C, len(key)]) + key.encode())
    return base64.b64encode(golden[:3] + len(body).to_bytes(8, "little") + body).decode()


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("key", KINDS)
def test_pickled_reference_is_frozen(key: str, protocol: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program pickles exactly the text that the first release pickled."""
    monkeypatch.setattr(pickle, "DEFAULT_PROTOCOL", protocol)

    assert serialize_provider(ProviderReference(key)) == frozen_text(key, protocol)
    assert GOLDEN["line", protocol] == frozen_text("line", protocol)


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("key", KINDS)
def test_provider_of_an_earlier_release_can_be_loaded(key: str, protocol: int) -> None:
    """The text that any earlier release wrote into a state loads a provider of its kind in this release."""
    provider = dill.loads(base64.b64decode(frozen_text(key, protocol)))  # noqa: S301  # as the engine's host does

    assert isinstance(provider, SpectrumProvider)
    assert provider._lifecycle.noun == KINDS[key].noun


def test_keys_and_types_are_frozen() -> None:
    """Each key that a state may hold stands for the same type token as in the first release."""
    assert {key: KINDS[key].type_token for key in FROZEN} == FROZEN


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
    monkeypatch.delitem(sys.modules, "pulumi_spectrum.providers.line")
    monkeypatch.setitem(sys.modules, "pulumi_spectrum.client.lines", None)
    with pytest.raises(ModuleNotFoundError, match=r"client\.lines"):
        load("line")
