"""What a kind of resource says of itself."""

import base64
import os
import pickle
from typing import Any, ClassVar

import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pydantic import Field

import pulumi_spectrum as spectrum
from pulumi_spectrum.cli import checks
from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.providers import ProviderReference, load
from pulumi_spectrum.providers.inputs import ResourceInputs

KINDS = {kind.name: kind for kind in load_kinds()}


class Inputs(ResourceInputs):
    required: str
    off: bool = False
    none: int = 0
    empty: str = ""
    unset: str | None = None
    labels: list[str] = Field(default_factory=lambda: ["a"])


class Lifecycle:
    inputs: ClassVar[Any] = Inputs


def test_defaults() -> None:
    """Every default but None is an argument, those that are false and those that a function makes included."""
    kind = Kind("thing", spectrum.Line, Lifecycle())

    assert kind.defaults() == {"off": False, "none": 0, "empty": "", "labels": ["a"]}


def referring(*arguments: Any, function: Any = load, protocol: int = 4) -> str:
    """Return the text that a release writes whose provider reduces to this."""

    class Reference:
        def __reduce__(self) -> Any:
            return (function, arguments)

    return base64.b64encode(pickle.dumps(Reference(), protocol)).decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_reference_of_any_python(kind: str, protocol: int) -> None:
    """A reference means the same whichever protocol a release of Python pickles with."""
    assert KINDS[kind].is_referred_to_by(referring(kind, protocol=protocol))
    assert not KINDS[kind].is_referred_to_by(referring("carrier_pigeon", protocol=protocol))


@pytest.mark.parametrize(
    "text",
    [
        referring("line", "more"),
        referring("true", function=os.system),
        base64.b64encode(pickle.dumps("line")).decode(),
        base64.b64encode(b"\x80\x04cut").decode(),
        "no base64",
        "",
        None,
        {"ciphertext": "v1:abc"},
    ],
)
def test_another_reference(text: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else is not this kind's provider, and nothing that it names is called."""
    monkeypatch.setattr(os, "system", lambda *_: pytest.fail("was called"))

    assert not KINDS["line"].is_referred_to_by(text)


def test_the_state_of_another_python_is_not_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that Python 3.14 wrote, which pickles with protocol 5, is of this release."""
    monkeypatch.setattr(pickle, "DEFAULT_PROTOCOL", 5)
    reference = serialize_provider(ProviderReference("line"))
    monkeypatch.undo()

    assert not checks._is_newer(state_of("line", reference))
    assert checks._is_newer(state_of("line", reference, managed=["colour"]))
    assert checks._is_newer(state_of("line", referring("line", 2)))


def state_of(kind: str, reference: str, managed: tuple[str, ...] | list[str] = ()) -> Any:
    return checks.StateResource(
        urn=f"urn:pulumi:dev::app::x::{kind}",
        kind=KINDS[kind],
        id="id-1",
        inputs={},
        outputs={"__provider": reference, "__managed": list(managed)},
        is_leaving=False,
        ignored=frozenset(),
        secret=frozenset(),
        encrypted=frozenset(),
    )
