"""What the state is made of: the second preview is empty, and drift is exactly what drifted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown

from pulumi_spectrum.providers.bookkeeping import PROVIDER, Bookkeeping, visible
from pulumi_spectrum.providers.lifecycle import Lifecycle
from pulumi_spectrum.providers.line import LIFECYCLE as LINE
from pulumi_spectrum.providers.platform import LIFECYCLE as PLATFORM
from pulumi_spectrum.providers.properties import means_same
from pulumi_spectrum.providers.state import (
    changed_inputs,
    complete_outputs,
    is_unknown,
    merge_outputs,
    outputs_after_read,
)
from pulumi_spectrum.providers.user import LIFECYCLE as USER
from pulumi_spectrum.providers.webhook import LIFECYCLE as WEBHOOK

NAMES = st.sampled_from(["Acme", "acme", " Acme", "Zoë"])
PHONES = st.sampled_from(["+14155550123", "+1 415 555 0123", "+14155550124"])
EMAILS = st.sampled_from(["ops@example.com", "OPS@example.com", "they@example.com"])
URLS = st.sampled_from(["https://a.example.com", "https://A.example.com:443/", "https://b.example.com/x"])
FLAGS = st.booleans()

PROPERTIES: dict[Lifecycle[Any], dict[str, st.SearchStrategy[Any]]] = {
    WEBHOOK: {
        "webhookUrl": URLS,
        "enabled": FLAGS,
        "eventTypes": st.sampled_from([["a", "b"], ["b", "a"], ["a"]]),
        "failureNotificationEmail": EMAILS | st.just(""),
        "schemaVersion": st.sampled_from(["normalized-events.v1", "raw-inbound.v1"]),
        "secretRotation": st.sampled_from(["1", "2"]),
    },
    PLATFORM: {"platform": st.just("imessage"), "enabled": FLAGS, "autoScale": FLAGS},
    LINE: {"platform": st.just("imessage"), "firstName": NAMES | st.just(""), "lastName": NAMES | st.just("")},
    USER: {"phoneNumber": PHONES, "firstName": NAMES, "email": EMAILS, "assignedPhoneNumber": PHONES},
}
KINDS = st.sampled_from(list(PROPERTIES))


@st.composite
def some(draw: st.DrawFn, lifecycle: Lifecycle[Any], *, unset: bool = False) -> dict[str, Any]:
    """Some properties of a kind, and values of theirs; None among them where the service may tell that one is unset."""
    strategies = PROPERTIES[lifecycle]
    names = draw(st.lists(st.sampled_from(sorted(strategies)), unique=True))
    return {name: draw((st.none() | strategies[name]) if unset else strategies[name]) for name in names}


def respelled(lifecycle: Lifecycle[Any], inputs: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The inputs as a service tells them that rewrites what it is given, and keeps some to itself."""
    told = {}
    for name, value in inputs.items():
        same = PROPERTIES[lifecycle][name].filter(
            lambda other, name=name, value=value: means_same(lifecycle.inputs, name, other, value)
        )
        if data.draw(st.booleans()):
            told[name] = data.draw(same) if value != "" else data.draw(st.sampled_from(["", None]))
    return told


@given(lifecycle=KINDS, data=st.data())
def test_the_second_preview_is_empty(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """However the service spells or withholds what it was given, and whatever the state held, nothing differs."""
    inputs = data.draw(some(lifecycle))
    olds = data.draw(some(lifecycle))
    unmanaged = {name: value for name, value in data.draw(some(lifecycle, unset=True)).items() if name not in inputs}

    outputs = merge_outputs(lifecycle.inputs, olds, {**unmanaged, **respelled(lifecycle, inputs, data)}, inputs)

    assert changed_inputs(lifecycle.inputs, outputs, inputs) == frozenset()
    assert {name: outputs.get(name) for name in inputs} == inputs, "the program's own spelling stays"
    assert None not in outputs.values()


@given(lifecycle=KINDS, data=st.data())
def test_drift_is_what_drifted(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """After a refresh exactly the managed properties differ whose meaning others have changed."""
    inputs = data.draw(some(lifecycle))
    told = respelled(lifecycle, inputs, data)
    before = complete_outputs(merge_outputs(lifecycle.inputs, {}, told, inputs), "p", Bookkeeping(frozenset(inputs)))
    drift = data.draw(some(lifecycle, unset=True))

    after = outputs_after_read(lifecycle.inputs, before, {**told, **drift})

    drifted = {
        name
        for name, value in drift.items()
        if name in inputs and not means_same(lifecycle.inputs, name, value, inputs[name])
    }
    assert changed_inputs(lifecycle.inputs, after, inputs) == drifted


@given(lifecycle=KINDS, data=st.data())
def test_drift_that_was_taken_back_is_none(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """Changed by others, refreshed, changed back, refreshed: the state is as it was."""
    inputs = data.draw(some(lifecycle))
    told = respelled(lifecycle, inputs, data)
    before = complete_outputs(merge_outputs(lifecycle.inputs, {}, told, inputs), "p", Bookkeeping(frozenset(inputs)))
    drift = {name: data.draw(PROPERTIES[lifecycle][name]) for name in told}
    drifted = {**before, **outputs_after_read(lifecycle.inputs, before, drift)}

    assert changed_inputs(lifecycle.inputs, outputs_after_read(lifecycle.inputs, drifted, told), inputs) == frozenset()


@given(lifecycle=KINDS, data=st.data())
def test_what_is_not_an_input_is_not_managed(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """A property that the program does not set is shown as the service tells it, and never differs."""
    told = data.draw(some(lifecycle, unset=True))

    assert merge_outputs(lifecycle.inputs, {}, told, {}) == {
        name: value for name, value in told.items() if value is not None
    }
    assert changed_inputs(lifecycle.inputs, told, {}) == frozenset()


@given(olds=st.dictionaries(st.sampled_from(["signingSecret", "standardSigningSecret", "__provider"]), st.text()))
def test_what_is_told_once_stays(olds: dict[str, str]) -> None:
    """A secret that only the first answer told is carried over by every update and every refresh."""
    told = {"webhookUrl": "https://a.example.com", "enabled": True}

    for outputs in (merge_outputs(WEBHOOK.inputs, olds, told, {}), outputs_after_read(WEBHOOK.inputs, olds, told)):
        assert outputs == {**visible(olds), **told}


def test_what_is_told_anew_goes_over_what_was() -> None:
    """A rotated secret takes the place of the old one, and of no other."""
    olds = {"signingSecret": "s", "standardSigningSecret": "old"}

    assert merge_outputs(WEBHOOK.inputs, olds, {"standardSigningSecret": "new"}, {}) == {
        "signingSecret": "s",
        "standardSigningSecret": "new",
    }


def test_what_was_not_reached_is_not_claimed() -> None:
    """After a step that failed, the state holds no input that the service has not told."""
    outputs = merge_outputs(
        LINE.inputs, {}, {"phoneNumber": "+1"}, {"platform": "imessage", "firstName": "A"}, settled=False
    )

    assert outputs == {"phoneNumber": "+1"}
    assert changed_inputs(LINE.inputs, outputs, {"platform": "imessage", "firstName": "A"}) == {"platform", "firstName"}


def test_what_was_reached_before_a_failure_stays() -> None:
    """What an update had not reached keeps its old value, so that the next run does it."""
    olds = {"firstName": "Old", "lastName": "Old"}
    outputs = merge_outputs(
        LINE.inputs, olds, {"lastName": "New"}, {"firstName": "New", "lastName": "New"}, settled=False
    )

    assert outputs == {"firstName": "Old", "lastName": "New"}


def test_an_input_that_is_not_known_yet_differs() -> None:
    """During a preview an unknown value may be another one."""
    assert changed_inputs(USER.inputs, {"firstName": "A"}, {"firstName": Unknown()}) == {"firstName"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Unknown(), True),
        ([1, Unknown()], True),
        ((Unknown(),), True),
        ({"a": [{"b": Unknown()}]}, True),
        ([1, {"a": "b"}, None], False),
        ("04da6b54-80e4-46f7-96ec-b56ff0331ba9", False),
        (None, False),
    ],
)
def test_unknowns_are_seen_at_any_depth(value: Any, expected: bool) -> None:
    """A value is unknown when anything inside it is."""
    assert is_unknown(value) is expected


def test_hidden_properties_are_nobodys() -> None:
    """What the engine and we keep for ourselves is neither input nor output."""
    assert visible({PROVIDER: "p", **Bookkeeping(frozenset([])).as_output(), "__defaults": [], "enabled": True}) == {
        "enabled": True
    }


def test_the_state_knows_what_is_managed() -> None:
    """The names of the inputs and the project stand beside the properties."""
    assert complete_outputs({"a": 1}, "p-1", Bookkeeping(frozenset(["z", "b"]))) == {
        "a": 1,
        "projectId": "p-1",
        **Bookkeeping(frozenset(["b", "z"])).as_output(),
    }
