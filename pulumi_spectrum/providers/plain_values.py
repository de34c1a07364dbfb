"""Values that the engine hands over, and that no request or state could hold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_spectrum.client.json_texts import MAX_DEPTH, is_deeper_than
from pulumi_spectrum.messages.operations import nested_too_deeply
from pulumi_spectrum.spelling.property_names import to_snake

_HALF_OF_A_PAIR = re.compile("[\ud800-\udfff]")


def refuse_deep_values(noun: str, *properties: Mapping[str, Any]) -> None:
    """Refuse properties that are nested deeper than what the API returns, before anything calls itself for each level.

    Raises:
        Refusal: One of them is.
    """
    if any(is_deeper_than(MAX_DEPTH, dict(each)) for each in properties):
        raise nested_too_deeply(noun, MAX_DEPTH)


def as_whole_number(value: Any) -> Any:
    """Return a whole number as such, and any other value as it is. All numbers come from the engine as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def are_the_same(one: Any, other: Any) -> bool:
    """Return whether two values are equal and of one type: a number is not the boolean that equals it."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(are_the_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(are_the_same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def find_unsendable(inputs: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each input that holds what JSON has no form for."""
    return [
        f"{to_snake(name)} holds a number that is not finite, or half of a surrogate pair, which cannot be sent."
        for name, value in inputs.items()
        if not all(map(_has_json_form, _leaves(value)))
    ]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield name
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _has_json_form(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not (isinstance(value, str) and _HALF_OF_A_PAIR.search(value))
