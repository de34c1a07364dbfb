"""The facts that a kind of resource declares."""

import base64
import os
import pickle
from dataclasses import field
from typing import Any, ClassVar

import pytest
from kind_samples import KINDS
from pulumi.dynamic.dynamic import serialize_provider

import pulumi_spectrum as spectrum
from pulumi_spectrum.kinds import Kind, Live
from pulumi_spectrum.providers import ProviderReference, load
from pulumi_spectrum.providers.bookkeeping import FORMAT, Bookkeeping, bookkeeping_of
from pulumi_spectrum.providers.inputs import ResourceInputs, declares_arguments
from pulumi_spectrum.secret_outputs import secrets_of

PythonPickler: Any = pickle._Pickler  # type: ignore[attr-defined]  # what Pulumi's SDK wraps


@declares_arguments
class Inputs(ResourceInputs):
    required: str
    off: bool = False
    none: int = 0
    empty: str = ""
    unset: str | None = None
    labels: list[str] = field(default_factory=lambda: ["a"])


class Lifecycle:
    inputs: ClassVar[Any] = Inputs


def test_defaults() -> None:
    """Every default but None is an argument, those that are false and those that a function makes included."""
    kind = Kind("thing", spectrum.Line, Lifecycle())

    assert kind.defaults() == {"off": False, "none": 0, "empty": "", "labels": ["a"]}


def referring(*arguments: Any, function: Any = load, protocol: int = 4) -> str:
    """Return the pickled reference of a provider whose `__reduce__` returns this."""

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


def test_a_reference_is_made_once() -> None:
    """The import file asks for one with each object, and Pulumi's SDK wraps the pickler once more for each it makes."""
    KINDS["line"].reference()
    before = (PythonPickler._batch_setitems, PythonPickler.save_dict)
    KINDS["line"].reference()

    assert (PythonPickler._batch_setitems, PythonPickler.save_dict) == before


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_each_object_that_is_adopted_has_a_creation(kind: Kind) -> None:
    """What is written into an import file is told from all other entries of the state, as what a program creates is."""
    live = Live("id-1", {})
    written = [bookkeeping_of(kind.outputs_for(live, {}, {}, "p-1")) for _ in range(2)]

    assert len({each.creation for each in written if each is not None and each.creation}) == 2


def test_the_state_of_another_python_is_not_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that Python 3.14 wrote, which pickles with protocol 5, is of this release."""
    monkeypatch.setattr(pickle, "DEFAULT_PROTOCOL", 5)
    reference = serialize_provider(ProviderReference("line"))
    monkeypatch.undo()

    def is_newer(provider: str, *managed: str, state_format: int = FORMAT) -> bool:
        bookkeeping = Bookkeeping(frozenset(managed), format=state_format)
        return KINDS["line"].is_from_newer_release({"__provider": provider, **bookkeeping.as_output()})

    assert not is_newer(reference)
    assert is_newer(reference, "colour")
    assert is_newer(reference, state_format=FORMAT + 1)
    assert is_newer(referring("line", 2))


@pytest.mark.parametrize(
    ("noun", "plural", "word", "area"),
    [("webhook", "webhooks", "webhook", "webhooks"), ("Slack app", "Slack apps", "slack-app", "slack-apps")],
)
def test_words(noun: str, plural: str, word: str, area: str) -> None:
    """A kind has words for people, and the same in kebab case for what is typed and parsed."""
    lifecycle: Any = Lifecycle()
    lifecycle.noun, lifecycle.plural = noun, plural
    kind = Kind("thing", spectrum.Line, lifecycle)

    assert (kind.noun, kind.plural, kind.word, kind.area) == (noun, plural, word, area)


@pytest.mark.parametrize(
    ("kind", "properties", "text", "expected"),
    [
        ("user", {"phoneNumber": "+14155550123"}, "+14155550123", True),
        ("user", {"phoneNumber": "+14155550123"}, "+1 (415) 555-0123", True),
        ("user", {"phoneNumber": "+14155550123"}, "an-id", True),
        ("user", {"phoneNumber": "+14155550123"}, "https://app.example.com/14155550123", False),
        ("user", {"phoneNumber": None}, "", False),
        ("line", {"phoneNumber": "+14155550123"}, "1.415.555.0123", True),
        ("line", {}, "imessage", False),
        ("webhook", {"webhookUrl": "https://example.com/in?key=a"}, "https://EXAMPLE.com:443/in?key=a", True),
        ("webhook", {"webhookUrl": "https://example.com/in?key=a"}, "https://example.com/in?key=…", True),
        ("webhook", {"webhookUrl": "https://example.com/in?key=a"}, "https://example.com/in?key=b", False),
        ("platform", {"platform": "slack"}, "slack", True),
        ("platform", {"platform": "slack"}, "Slack", False),
    ],
)
def test_object_matches_its_id_and_its_label(
    *, kind: str, properties: dict[str, Any], text: str, expected: bool
) -> None:
    """An object matches its id, its label in any equivalent spelling, and its label as reports show it."""
    assert KINDS[kind].is_called(Live("an-id", properties), text) is expected


def test_label_of_an_object_without_one() -> None:
    """An object whose label is not known yet is called by its id."""
    assert KINDS["line"].label(Live("an-id", {"platform": "imessage"})) == "an-id"


def test_label_hides_url_credentials_and_query_values() -> None:
    """A webhook's label hides the credentials and query values of its URL."""
    live = Live("id", {"webhookUrl": "https://me:password@example.com/in?token=abc&b=c#part"})
    assert KINDS["webhook"].label(live) == "https://example.com/in?token=…&b=…"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_secret_that_the_service_makes_has_a_form(kind: Kind) -> None:
    """Each secret output that is no argument has a distinct format, by which `adopt` recognizes it in a file."""
    made = {output: each for output, each in secrets_of(kind.declared_by).items() if output not in kind.facts()}
    assert all(each.pattern and each.description for each in made.values())
