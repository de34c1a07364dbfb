"""What is pickled into every state: a promise for ever."""

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
    ("platform", 4): "gASVNQAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjAhwbGF0Zm9ybZSFlFKULg==",
    ("platform", 5): "gAWVNQAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjAhwbGF0Zm9ybZSFlFKULg==",
    ("user", 4): "gASVMQAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjAR1c2VylIWUUpQu",
    ("user", 5): "gAWVMQAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjAR1c2VylIWUUpQu",
    ("webhook", 4): "gASVNAAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjAd3ZWJob29rlIWUUpQu",
    ("webhook", 5): "gAWVNAAAAAAAAACMGXB1bHVtaV9zcGVjdHJ1bS5wcm92aWRlcnOUjARsb2FklJOUjAd3ZWJob29rlIWUUpQu",
}
"""The exact text in the state, for each kind and each protocol that a Python release pickles with by default.

Python 3.11 to 3.13 pickle with protocol 4, Python 3.14 with protocol 5. An entry is never changed, only added to.
"""


@pytest.mark.parametrize(("kind", "protocol"), GOLDEN)
def test_what_a_program_writes_is_frozen(kind: str, protocol: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of this release writes what a program of the first release wrote, to the letter."""
    monkeypatch.setattr(pickle, "DEFAULT_PROTOCOL", protocol)

    assert serialize_provider(ProviderReference(kind)) == GOLDEN[kind, protocol]


@pytest.mark.parametrize(("kind", "protocol"), GOLDEN)
def test_every_state_ever_written_can_be_read(kind: str, protocol: int) -> None:
    """What any release has written is a provider of its kind in this one."""
    provider = dill.loads(base64.b64decode(GOLDEN[kind, protocol]))  # noqa: S301  # as the engine's host does

    assert isinstance(provider, SpectrumProvider)
    assert provider._lifecycle.noun == kind


def test_every_kind_is_frozen() -> None:
    """Each resource's kind has its entry, for both protocols."""
    assert set(GOLDEN) == {(kind.key, protocol) for kind in load_kinds() for protocol in (4, 5)}


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.key)
def test_a_row_of_the_registry_is_one_kind(kind: Kind) -> None:
    """The class of a row pickles the row's key, and a program finds it at the front of the package."""
    assert kind.declared_by._kind == kind.key
    assert getattr(pulumi_spectrum, kind.declared_by.__name__) is kind.declared_by


@pytest.mark.parametrize("provider", [ProviderReference("line"), load("line")])
def test_a_provider_is_no_secret(provider: ProviderReference) -> None:
    """The reference holds nothing to hide, and would show as changed in every diff if it were encrypted."""
    assert provider.serialize_as_secret_always is False


def test_a_reference_holds_nothing_but_the_kind() -> None:
    """A program's provider is the function and the kind, whatever else the object may hold."""
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
def test_an_unknown_kind_is_of_a_newer_release(kind: str, operate: Callable[[Any], Any]) -> None:
    """Whatever is asked of a kind that this release does not have, the answer is to upgrade."""
    with pytest.raises(host.CleanFailure, match="written by a newer release of pulumi-spectrum"):
        operate(load(kind))


def test_a_broken_installation_is_no_newer_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that a kind needs and that is not there is named, and not taken for an unknown kind."""
    monkeypatch.delitem(sys.modules, "pulumi_spectrum.providers.line")
    monkeypatch.setitem(sys.modules, "pulumi_spectrum.client.lines", None)
    with pytest.raises(ModuleNotFoundError, match=r"client\.lines"):
        load("line")
