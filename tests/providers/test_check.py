"""What check says of arguments, whatever kind of resource they are for."""

from typing import Any

import pytest
from kind_samples import KINDS, SAMPLES, required_arguments
from pulumi.output import Unknown

from pulumi_spectrum.providers import load

RIGHT: dict[str, dict[str, Any]] = {
    key: {name: float(value) if type(value) is int else value for name, value in sample.arguments.items()}
    for key, sample in SAMPLES.items()
}
"""Arguments of each kind that are right, with numbers as the engine sends them."""


def check(kind: str, **news: Any) -> list[str]:
    """Return the sentences about some arguments. None takes one of the right ones away."""
    given = {"__provider": "pickled", **RIGHT[kind], **news}
    return [failure.reason for failure in load(kind).check({}, given).failures]


@pytest.mark.parametrize("kind", SAMPLES)
def test_right_arguments_are_accepted(kind: str) -> None:
    """Nothing is said of arguments that are right, and they are handed on as they are."""
    result = load(kind).check({}, {"__provider": "pickled", **RIGHT[kind]})

    assert result.failures == []
    assert result.inputs == RIGHT[kind]


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_argument_that_is_none_is_left_out(kind: str) -> None:
    """What the program leaves out, or sets to None, is not managed and does not reach the state."""
    provider = load(kind)
    optional = dict.fromkeys(RIGHT[kind].keys() - required_arguments(KINDS[kind]))

    assert set(provider.check({}, {**RIGHT[kind], **optional}).inputs) == set(RIGHT[kind]) - set(optional)


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_misspelt_argument_is_named(kind: str) -> None:
    """An argument that the kind does not have is refused by its name in the program."""
    assert check(kind, firstNmae="s3cr3t") == ["first_nmae is not an argument of this resource."]


@pytest.mark.parametrize(
    ("kind", "argument"), [(kind, argument) for kind in SAMPLES for argument in sorted(RIGHT[kind])]
)
def test_an_argument_that_is_not_known_yet_is_taken_to_be_right(kind: str, argument: str) -> None:
    """During a preview any argument may depend on what does not exist yet: it is passed on untouched."""
    unknown = Unknown()
    result = load(kind).check({}, {**RIGHT[kind], argument: unknown})

    assert result.failures == []
    assert result.inputs[argument] is unknown


@pytest.mark.parametrize("kind", SAMPLES)
def test_all_arguments_may_be_unknown(kind: str) -> None:
    """Where nothing is known yet, nothing is refused."""
    assert check(kind, **dict.fromkeys(RIGHT[kind], Unknown())) == []


def test_an_unknown_value_inside_a_list_makes_the_list_unknown() -> None:
    """A list with an element that is not known yet is not judged by the others."""
    assert check("webhook", eventTypes=["s3cr3t", Unknown()]) == []


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_known_is_judged_beside_what_is_not(kind: str) -> None:
    """An unknown argument saves none of the others."""
    unknown = {name: Unknown() for name in list(RIGHT[kind])[1:]}

    assert check(kind, **unknown, madeUp="x") == ["made_up is not an argument of this resource."]


def test_every_problem_is_told_at_once() -> None:
    """All that is wrong is told in one run, one sentence each."""
    assert check("webhook", webhookUrl=None, enabled="s3cr3t", schemaVersion="s3cr3t", typo=1) == [
        "webhook_url is required.",
        "enabled must be true or false.",
        "schema_version must be 'normalized-events.v1' or 'raw-inbound.v1'.",
        "typo is not an argument of this resource.",
    ]


def test_wrong_element_is_named_by_its_place() -> None:
    """Each wrong element of a list is one sentence, which names its place and not its value."""
    assert check("webhook", eventTypes=["s3cr3t", "message.received", "s3cr3t-2"]) == [
        "event_types[0] must be 'message.received'.",
        "event_types[2] must be 'message.received'.",
    ]


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_failure_names_no_property(kind: str) -> None:
    """The engine prints the value of a property that a failure names, so the name stands in the sentence alone."""
    failures = load(kind).check({}, {**{name: {"s3cr3t": 1} for name in RIGHT[kind]}, "typo": "s3cr3t"}).failures

    assert len(failures) == len(RIGHT[kind]) + 1
    assert {failure.property for failure in failures} == {""}
    assert "s3cr3t" not in " ".join(failure.reason for failure in failures)


@pytest.mark.parametrize(
    ("kind", "argument"), [(kind, argument) for kind in SAMPLES for argument in sorted(RIGHT[kind])]
)
@pytest.mark.parametrize("value", [{"s3cr3t": 1}, [["s3cr3t"]], 17.5, "s3cr3t \n", ""])
def test_no_sentence_shows_a_value(kind: str, argument: str, value: Any) -> None:
    """Whatever is given for whatever argument, what is said of it names it in the program's spelling, without it."""
    python_name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in argument)

    for sentence in check(kind, **{argument: value}):
        assert sentence.startswith((python_name, "assigned_phone_number", "rotation_overlap_seconds"))
        assert sentence.endswith(".")
        assert "s3cr3t" not in sentence
