"""Rules that read several arguments, some of which may be unknown in a preview."""

from dataclasses import field
from typing import Any

import pytest

from pulumi_spectrum.providers.input_checks import check_inputs
from pulumi_spectrum.providers.inputs import FilledText, ResourceInputs, declares_arguments

EVERYTHING = {"platform": "imessage", "nickName": "n", "labels": ["a"], "size": 3.0}


@declares_arguments
class Inputs(ResourceInputs):
    """Arguments with rules as anybody would write them."""

    platform: str
    nick_name: FilledText | None = None
    labels: list[str] = field(default_factory=list)
    size: float = 0

    def _platform_is_known(self) -> str | None:
        return "platform must be imessage." if self.platform != "imessage" else None

    def _nick_name_belongs_to_voice(self) -> str | None:
        return "nick_name is for voice." if self.nick_name is not None and self.platform != "voice" else None

    def _big_ones_need_labels(self) -> str | None:
        return "labels are required for this size." if self.size > 2 and not self.labels else None

    def _labels_are_few(self) -> str | None:
        return "labels must be fewer." if len(self.labels) > 3 else None

    rules = (_platform_is_known, _nick_name_belongs_to_voice, _big_ones_need_labels, _labels_are_few)


def check(unknown: set[str], **known: Any) -> list[str]:
    return check_inputs(Inputs, known, frozenset(unknown))


@pytest.mark.parametrize(
    ("known", "broken"),
    [
        ({"platform": "imessage"}, []),
        ({"platform": "voice", "nickName": "n"}, ["platform must be imessage."]),
        ({"platform": "imessage", "nickName": "n"}, ["nick_name is for voice."]),
        ({"platform": "imessage", "size": 3.0}, ["labels are required for this size."]),
        ({"platform": "fax", "labels": [*"abcd"]}, ["platform must be imessage.", "labels must be fewer."]),
    ],
)
def test_rules_of_known_arguments(known: dict[str, Any], broken: list[str]) -> None:
    """Each broken rule has its sentence, and an argument that is left out has its default."""
    assert check(set(), **known) == broken


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_rule_of_an_unknown_argument_is_skipped(name: str) -> None:
    """A rule that reads an unknown argument refuses nothing."""
    right = {"platform": "imessage", "labels": ["a"], "size": 3.0}

    assert check({name}, **{each: value for each, value in right.items() if each != name}) == []


def test_rules_with_all_arguments_unknown() -> None:
    """When all arguments are unknown, no rule refuses anything."""
    assert check(set(EVERYTHING)) == []


def test_rules_of_known_arguments_are_checked_beside_unknown_ones() -> None:
    """An unknown argument skips only the rules that read it."""
    assert check({"platform"}, labels=[*"abcd"]) == ["labels must be fewer."]


def test_unknown_argument_may_be_none() -> None:
    """An unknown argument counts neither as given nor as left out."""
    assert check({"nickName"}, platform="imessage") == []


def test_rule_that_reads_a_missing_attribute_fails() -> None:
    """A rule that reads an attribute which no argument has raises AttributeError."""

    @declares_arguments
    class Mistaken(ResourceInputs):
        rules = (lambda self: self.no_such_argument,)

    with pytest.raises(AttributeError, match="no_such_argument"):
        check_inputs(Mistaken, {}, frozenset())
