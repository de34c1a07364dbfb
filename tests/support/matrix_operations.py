"""The operations of the fault matrix, made of the sample arguments of each kind and the facts about its arguments.

So a new kind or argument is in the matrix without a word here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kind_samples import KINDS, SAMPLES

from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.lifecycle import Adoptable
from pulumi_spectrum.providers.properties import OnChange
from pulumi_spectrum.registry import find_registration
from pulumi_spectrum.spelling.property_names import to_snake

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One run of the CLI for one resource.

    Args:
        kind: The key of the resource's kind.
        name: What the run does, in words.
        wanted: The arguments that the program has; None where it no longer has the resource.
        before: The arguments that an earlier run has reached; None where there was none.
        stranger: The arguments with which another stack has made the object.
        only_reads: Whether the run is a refresh.
    """

    kind: str
    name: str
    wanted: Inputs | None = field(default=None, repr=False)
    before: Inputs | None = field(default=None, repr=False)
    stranger: Inputs | None = field(default=None, repr=False)
    only_reads: bool = False


def operations_of(key: str) -> Iterator[Operation]:
    """Yield the operations of a kind."""
    kind, sample = KINDS[key], SAMPLES[key]
    full, least = dict(sample.arguments), sample.fresh(1)
    replacing = {name for name, value in sample.changed.items() if kind.facts()[name].replaces(full[name], value)}
    changed = {**full, **{name: value for name, value in sample.changed.items() if name not in replacing}}
    more = _with_more(kind, least, full)
    yield Operation(key, "create with the least arguments", least)
    yield Operation(key, "create with all arguments", full)
    for other in sample.others:
        yield Operation(key, f"create with {' and '.join(map(to_snake, sorted(other.keys() - full)))}", other)
    yield Operation(key, "create with other values", changed)
    if _may_adopt(key, full):
        yield Operation(key, "create in the place of one that is there", full, stranger=changed)
    yield Operation(key, "read", full, before=full, only_reads=True)
    yield Operation(key, "update each argument", changed, before=full)
    if more.keys() > least.keys():
        yield Operation(key, "update with more arguments", more, before=least)
    for name in sorted(replacing):
        yield Operation(key, f"replace for {to_snake(name)}", {**full, name: sample.changed[name]}, before=full)
    yield Operation(key, "delete", before=full)


def _with_more(kind: Kind, least: Inputs, full: Inputs) -> Inputs:
    """Return the least arguments, with those of the others that can be set in place and go with them."""
    added = [name for name in full if name not in least and kind.facts()[name].on_change is not OnChange.REPLACES]
    together = {**least, **{name: full[name] for name in added}}
    if not kind.problems_of(together):
        return together
    more = dict(least)
    for name in added:
        if not kind.problems_of({**more, name: full[name]}):
            more[name] = full[name]
    return more


def _may_adopt(key: str, inputs: Inputs) -> bool:
    registration = find_registration(key)
    assert registration is not None
    rules = registration.load_rules()
    return isinstance(rules, Adoptable) and rules.may_adopt(rules.parse(inputs))
