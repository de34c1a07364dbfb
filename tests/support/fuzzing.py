"""Strategies for what may come in from outside, and what every failure must keep to."""

import copy
import math
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from hypothesis import strategies as st

DEEPEST_CHANGE = 8
PLANTED = "s3cr3t/pl4nted+9f8e7d6c5b4a"
"""A secret in the input, which must not come out in any failure."""

texts = st.one_of(
    st.just(PLANTED),
    st.text(max_size=12),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Nd"]), max_size=4),
    st.sampled_from(
        ["", ".", "..", "a/b", "\r\n", "imessage", "shared", "null", "+14155550123", "https://[", "sip:a@b"]
    ),
)
names = texts.filter(lambda text: text != PLANTED)
numbers = st.one_of(
    st.integers(-3, 3), st.sampled_from([10**400, -(10**400), 2**63, 1e308, math.nan, math.inf, -0.0, 0.5]), st.floats()
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)


def _nest(level: int) -> Any:
    value: Any = PLANTED
    for number in range(level):
        value = {"a": value} if number % 2 else [value]
    return value


deep = st.sampled_from([50, 200, 1200]).map(_nest)


NOTHING: st.SearchStrategy[Any] = st.nothing()


@cache
def json_like(extra: st.SearchStrategy[Any] = NOTHING, max_leaves: int = 12) -> st.SearchStrategy[Any]:
    """Return a strategy of values as JSON has them, at any depth, and of some that it does not have.

    Args:
        extra: Further values, at any depth.
        max_leaves: About how many values there are in one.
    """
    usual = st.recursive(
        st.one_of(scalars, extra),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
        max_leaves=max_leaves,
    )
    return st.one_of(*[usual] * 7, deep)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    if isinstance(value, dict | list) and len(place) < DEEPEST_CHANGE:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*place, key))


@st.composite
def changed(draw: st.DrawFn, honest: Any, extra: st.SearchStrategy[Any] = NOTHING) -> Any:
    """Draw an honest value of which one to three parts, at any depth, are something else, gone or added."""
    value = copy.deepcopy(honest)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([place for place in _places(value) if place] or [(None,)]))
        if last is None:
            return draw(json_like(extra))
        inner = value
        for key in way:
            inner = inner[key]
        match draw(st.sampled_from(["other", "other", "gone", "more"])):
            case "other":
                inner[last] = draw(json_like(extra))
            case "gone":
                del inner[last]
            case _ if isinstance(inner, dict):
                inner[draw(names)] = draw(json_like(extra))
            case _:
                inner.append(draw(json_like(extra)))
    return value


@contextmanager
def fails_cleanly(*clean: type[Exception]) -> Iterator[None]:
    """Let the block end, or fail in a clean way: with one of these exceptions, which shows the secret nowhere."""
    try:
        yield
    except clean as error:
        shown = f"{error} {error!r} {error.args} {''.join(traceback.format_exception(error))}"
        assert PLANTED not in shown
