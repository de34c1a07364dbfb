"""The facts about one argument of a kind of resource, stated where the argument is declared.

A kind annotates an argument with a `Property` where one of these facts differs from what most arguments
have. The base, the commands and the reference pages read the facts here, so none of them names an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pulumi_spectrum.providers.inputs import ResourceInputs, arguments_of, once_for_each_kind


class OnChange(Enum):
    """What a change of an argument does to the object. The value is the phrase that the reference pages show."""

    UPDATES = "in place"
    REPLACES = "replaces, the new one first"
    REPLACES_OLD_FIRST = "replaces, the old one first"


@dataclass(frozen=True)
class Condition:
    """When a change has the effect that the facts about an argument name; other changes are made in place.

    Args:
        holds: Takes the old and the new value, which may be unknown, and returns whether the condition holds.
        words: The same in words that follow the effect, such as "from 2 to 1".
    """

    holds: Callable[[Any, Any], bool]
    words: str


@dataclass(frozen=True, kw_only=True)
class Property:
    """The facts about one argument. Each has the default that is true of most arguments.

    Args:
        on_change: What a change does.
        only_when: When a change does that. Without it, each change does.
        identifies: Whether the API knows the object by this argument, alone or together with others so marked.
        same: Compares two values and returns whether they mean the same to the API. Without it, equal values do.
        refers_to: The key of another kind, and the name of its output, that a program usually takes the value from.
        adopted_when: Takes a live object's properties and returns whether `adopt` writes the argument for it. Where it
            does not, the value is the API's own choice, or need not be managed.
        write_only: Whether the API never returns the value, so that the state holds what was last sent.
        shown_by: For a write-only argument, the output that says whether the object has a value at all. Where a read
            finds that it has none, the argument counts as unset: that is how its drift shows.
        managed_part: Takes what the API returns for the argument, and the program's arguments, and returns the part of
            it that the program manages. The rest is neither compared nor recorded. Without it, all of it is managed.
    """

    on_change: OnChange = OnChange.UPDATES
    only_when: Condition | None = None
    identifies: bool = False
    same: Callable[[Any, Any], bool] | None = None
    refers_to: tuple[str, str] | None = None
    adopted_when: Callable[[Mapping[str, Any]], bool] | None = None
    write_only: bool = False
    shown_by: str = ""
    managed_part: Callable[[Any, Mapping[str, Any]], Any] | None = None

    def means_same(self, one: Any, other: Any) -> bool:
        """Return whether two values mean the same to the API."""
        return bool(one == other) if self.same is None else self.same(one, other)

    def replaces(self, old: Any, new: Any) -> bool:
        """Return whether a change from one value to the other needs a new object. `new` may be unknown."""
        if self.on_change is OnChange.UPDATES:
            return False
        return self.only_when is None or self.only_when.holds(old, new)

    def is_adopted(self, properties: Mapping[str, Any]) -> bool:
        """Return whether `adopt` writes the argument for an object with these properties."""
        return self.adopted_when is None or self.adopted_when(properties)


USUAL = Property()
"""The facts that are true of most arguments."""


@dataclass(frozen=True)
class Replacement:
    """Why a change cannot be made in place.

    Args:
        causes: The properties that force it; empty where the change is made in place.
        delete_first: Whether the old object has to go before the new one can be made.
    """

    causes: frozenset[str] = frozenset()
    delete_first: bool = False


def never(_: Mapping[str, Any]) -> bool:
    """Return False: `adopt` writes the argument for no object."""
    return False


@once_for_each_kind
def properties_of(declared: type[ResourceInputs]) -> Mapping[str, Property]:
    """Return the facts about each argument of a kind, by its camelCase name."""
    return {
        name: next((each for each in argument.beside_type if isinstance(each, Property)), USUAL)
        for name, argument in arguments_of(declared).items()
    }


def means_same(declared: type[ResourceInputs], name: str, one: Any, other: Any) -> bool:
    """Return whether two values of a property mean the same to the API. An output is compared as it is."""
    return properties_of(declared).get(name, USUAL).means_same(one, other)


def replacement_for(
    declared: type[ResourceInputs], olds: Mapping[str, Any], news: Mapping[str, Any], changed: Iterable[str]
) -> Replacement:
    """Return whether a change of these arguments needs a new object. `news` may hold unknown values.

    The old object goes first only if that is true of each of the causes: as soon as one of them gives the new object
    another identity, both can exist at once.
    """
    properties = properties_of(declared)
    causes = frozenset(
        name for name in changed if name in properties and properties[name].replaces(olds.get(name), news.get(name))
    )
    delete_first = all(properties[name].on_change is OnChange.REPLACES_OLD_FIRST for name in causes)
    return Replacement(causes, delete_first=bool(causes) and delete_first)
