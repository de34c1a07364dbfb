"""What the state holds: the second preview is empty, and a refresh shows exactly the drift."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kind_samples import KINDS as SAMPLED_KINDS
from kind_samples import SAMPLES
from pulumi.output import Unknown

from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.bookkeeping import PROVIDER, Bookkeeping, visible
from pulumi_spectrum.providers.lifecycle import Lifecycle
from pulumi_spectrum.providers.properties import means_same, properties_of
from pulumi_spectrum.providers.state import (
    changed_inputs,
    complete_outputs,
    is_unknown,
    merge_outputs,
    outputs_after_read,
)
from pulumi_spectrum.registry import REGISTRY


def values_like(sample: Any) -> st.SearchStrategy[Any]:
    """Return values of an argument: its sample, other spellings of it, and values that mean something else."""
    if isinstance(sample, bool):
        return st.booleans()
    if isinstance(sample, list):
        return st.sampled_from([sample, ["other", *sample], [*sample, "other"]])
    if isinstance(sample, str):
        respelled = (sample.upper(), f" {sample}", f"{sample[:2]} {sample[2:]}", sample.replace(".com", ".com:443"))
        return st.sampled_from([sample, *respelled, f"{sample}4"])
    return st.sampled_from([sample, sample + 1])


def strategies_of(kind: Kind) -> dict[str, st.SearchStrategy[Any]]:
    """Return values of each argument that may differ, among them an empty text where the kind accepts one."""
    sample = SAMPLES[kind.key]
    strategies = {}
    for name, value in sample.every_argument.items():
        may_be_empty = isinstance(value, str) and kind.problems_of({**sample.arguments, name: ""}) == []
        strategies[name] = values_like(value) | st.just("") if may_be_empty else values_like(value)
    return strategies


LIFECYCLES: dict[str, Lifecycle[Any]] = {each.key: each.load_rules() for each in REGISTRY}
WEBHOOK, LINE, USER = LIFECYCLES["webhook"], LIFECYCLES["line"], LIFECYCLES["user"]
PROPERTIES = {LIFECYCLES[key]: strategies_of(kind) for key, kind in SAMPLED_KINDS.items()}
KINDS = st.sampled_from(list(PROPERTIES))


@st.composite
def some(draw: st.DrawFn, lifecycle: Lifecycle[Any], *, unset: bool = False) -> dict[str, Any]:
    """Return some properties of a kind with values; with `unset`, None stands for a value that the API has unset."""
    strategies = PROPERTIES[lifecycle]
    names = draw(st.lists(st.sampled_from(sorted(strategies)), unique=True))
    return {name: draw((st.none() | strategies[name]) if unset else strategies[name]) for name in names}


def respelled(lifecycle: Lifecycle[Any], inputs: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """Return the inputs as an API returns them that respells some and leaves some out, such as the write-only ones."""
    told = {}
    for name, value in inputs.items():
        if properties_of(lifecycle.inputs)[name].write_only:
            continue
        same = PROPERTIES[lifecycle][name].filter(
            lambda other, name=name, value=value: means_same(lifecycle.inputs, name, other, value)
        )
        if data.draw(st.booleans()):
            told[name] = data.draw(same) if value != "" else data.draw(st.sampled_from(["", None]))
    return told


def managed(lifecycle: Lifecycle[Any], name: str, value: Any, inputs: dict[str, Any]) -> Any:
    """Return the part of a returned value that the program manages."""
    part = properties_of(lifecycle.inputs)[name].managed_part
    return value if part is None or value is None else part(value, inputs)


@given(lifecycle=KINDS, data=st.data())
def test_second_preview_is_empty(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """However the API spells or leaves out what it was sent, and whatever the state held, no input differs."""
    inputs = data.draw(some(lifecycle))
    olds = data.draw(some(lifecycle))
    unmanaged = {name: value for name, value in data.draw(some(lifecycle, unset=True)).items() if name not in inputs}

    outputs = merge_outputs(lifecycle.inputs, olds, {**unmanaged, **respelled(lifecycle, inputs, data)}, inputs)

    assert changed_inputs(lifecycle.inputs, outputs, inputs) == frozenset()
    assert {name: outputs.get(name) for name in inputs} == inputs, "the program's spelling stays"
    assert None not in outputs.values()


@given(lifecycle=KINDS, data=st.data())
def test_refresh_shows_exactly_the_drift(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """After a refresh exactly those managed inputs differ whose meaning was changed."""
    inputs = data.draw(some(lifecycle))
    told = respelled(lifecycle, inputs, data)
    before = complete_outputs(merge_outputs(lifecycle.inputs, {}, told, inputs), "p", Bookkeeping(frozenset(inputs)))
    drift = {
        name: value
        for name, value in data.draw(some(lifecycle, unset=True)).items()
        if not properties_of(lifecycle.inputs)[name].write_only
    }

    after = outputs_after_read(lifecycle.inputs, before, {**told, **drift}, inputs)

    drifted = {
        name
        for name, value in drift.items()
        if name in inputs
        and not means_same(lifecycle.inputs, name, managed(lifecycle, name, value, inputs), inputs[name])
    }
    assert changed_inputs(lifecycle.inputs, after, inputs) == drifted


@given(lifecycle=KINDS, data=st.data())
def test_reverted_drift_is_no_drift(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """After a change, a refresh, the opposite change and a refresh, no input differs."""
    inputs = data.draw(some(lifecycle))
    told = respelled(lifecycle, inputs, data)
    before = complete_outputs(merge_outputs(lifecycle.inputs, {}, told, inputs), "p", Bookkeeping(frozenset(inputs)))
    drift = {name: data.draw(PROPERTIES[lifecycle][name]) for name in told}
    drifted = {**before, **outputs_after_read(lifecycle.inputs, before, drift, inputs)}

    assert (
        changed_inputs(lifecycle.inputs, outputs_after_read(lifecycle.inputs, drifted, told, inputs), inputs)
        == frozenset()
    )


@given(lifecycle=KINDS, data=st.data())
def test_unmanaged_property_never_differs(lifecycle: Lifecycle[Any], data: st.DataObject) -> None:
    """A property that the program does not set is shown as the API returns it, and never differs."""
    told = data.draw(some(lifecycle, unset=True))

    assert merge_outputs(lifecycle.inputs, {}, told, {}) == {
        name: value for name, value in told.items() if value is not None
    }
    assert changed_inputs(lifecycle.inputs, told, {}) == frozenset()


@given(olds=st.dictionaries(st.sampled_from(["signingSecret", "standardSigningSecret", "__provider"]), st.text()))
def test_one_time_secret_is_carried_over(olds: dict[str, str]) -> None:
    """A secret that only the first response had is carried over by every update and refresh."""
    told = {"webhookUrl": "https://a.example.com", "enabled": True}

    for outputs in (merge_outputs(WEBHOOK.inputs, olds, told, {}), outputs_after_read(WEBHOOK.inputs, olds, told, ())):
        assert outputs == {**visible(olds), **told}


def test_rotated_secret_replaces_the_old_one() -> None:
    """A rotated secret replaces the old one, and no other secret."""
    olds = {"signingSecret": "s", "standardSigningSecret": "old"}

    assert merge_outputs(WEBHOOK.inputs, olds, {"standardSigningSecret": "new"}, {}) == {
        "signingSecret": "s",
        "standardSigningSecret": "new",
    }


def test_partial_creation_claims_no_unset_input() -> None:
    """After a step has failed, the outputs hold no input that the API has not returned."""
    outputs = merge_outputs(
        LINE.inputs, {}, {"phoneNumber": "+1"}, {"platform": "imessage", "firstName": "A"}, settled=False
    )

    assert outputs == {"phoneNumber": "+1"}
    assert changed_inputs(LINE.inputs, outputs, {"platform": "imessage", "firstName": "A"}) == {"platform", "firstName"}


def test_partial_update_keeps_old_values() -> None:
    """After a step of an update has failed, inputs that it did not reach keep their old values."""
    olds = {"firstName": "Old", "lastName": "Old"}
    outputs = merge_outputs(
        LINE.inputs, olds, {"lastName": "New"}, {"firstName": "New", "lastName": "New"}, settled=False
    )

    assert outputs == {"firstName": "Old", "lastName": "New"}


def test_unknown_input_differs() -> None:
    """An input that is unknown during a preview differs from the state."""
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
def test_unknown_is_found_at_any_depth(value: Any, expected: bool) -> None:
    """A value is unknown when anything inside it is."""
    assert is_unknown(value) is expected


def test_hidden_properties_are_not_visible() -> None:
    """The properties that the engine and this package hide are neither inputs nor outputs."""
    assert visible({PROVIDER: "p", **Bookkeeping(frozenset([])).as_output(), "__defaults": [], "enabled": True}) == {
        "enabled": True
    }


def test_state_records_managed_inputs_and_project() -> None:
    """The state holds the names of the managed inputs and the project beside the properties."""
    assert complete_outputs({"a": 1}, "p-1", Bookkeeping(frozenset(["z", "b"]))) == {
        "a": 1,
        "projectId": "p-1",
        **Bookkeeping(frozenset(["b", "z"])).as_output(),
    }
