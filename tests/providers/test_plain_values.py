"""What the engine may hand over, and no request or state could hold."""

import math
from typing import Any

import pytest
from kind_samples import SAMPLES

from pulumi_spectrum.providers import host, load
from pulumi_spectrum.providers.bookkeeping import Bookkeeping, bookkeeping_of
from pulumi_spectrum.spelling.values import same_set


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800", {"\udfff": 1}, [[-math.inf]]])
def test_component_without_a_json_form_is_refused(value: Any) -> None:
    """A number that is not finite and half of a surrogate pair are refused before anything is sent, at any depth."""
    arguments = SAMPLES["whatsapp-template"].arguments
    components = [{"type": "BODY", "text": "Hi", "example": value}]
    failures = load("whatsapp-template").check({}, {**arguments, "components": components}).failures

    assert [failure.reason for failure in failures] == [
        "components holds a number that is not finite, or half of a surrogate pair, which cannot be sent."
    ]


@pytest.mark.parametrize("kind", SAMPLES)
def test_deep_nesting_is_refused(kind: str) -> None:
    """A property that is nested too deeply is refused in one message, in a check as in a diff."""
    deep: Any = "s3cr3t"
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(host.CleanFailure, match="is nested more than 64 levels deep"):
        load(kind).check({}, {"firstName": deep})
    with pytest.raises(host.CleanFailure, match="is nested more than 64 levels deep"):
        load(kind).diff("id-1", {"firstName": deep}, {})


@pytest.mark.parametrize("number", [math.nan, math.inf, "1", None, {}])
def test_bookkeeping_of_an_unknown_format_counts_as_newer(number: Any) -> None:
    """Bookkeeping whose format is no number is left alone, like that of a newer release."""
    bookkeeping = bookkeeping_of({"__spectrum": {"format": number}})

    assert bookkeeping is not None
    assert bookkeeping.is_newer


def test_bookkeeping_of_other_types_is_left_out() -> None:
    """What is of another type in bookkeeping that was edited counts as missing."""
    edited = {"format": 1.0, "managed": 5, "creation": {}, "imported": [1], "left": [None, "l-1"]}

    assert bookkeeping_of({"__spectrum": edited}) == Bookkeeping(left=("l-1",))


@pytest.mark.parametrize("other", [[{"a": 1}], "dms", {"dms": 1}, 5])
def test_list_is_compared_with_anything(other: Any) -> None:
    """A list whose order means nothing differs from what is no such list, and its elements may be anything."""
    assert not same_set(["dms"], other)
    assert same_set(other, other)


def test_half_a_surrogate_pair_in_an_id_can_be_shown() -> None:
    """A failure whose message holds an id that gRPC cannot carry is reported all the same."""
    with pytest.raises(host.CleanFailure):
        host.fail("There is no user with the id \ud800.")
