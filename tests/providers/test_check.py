"""What `check` does with the arguments of any kind of resource."""

from typing import Any

import pytest
from kind_samples import KINDS, SAMPLES, required_arguments
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import Unknown

from pulumi_spectrum.providers import host, load
from pulumi_spectrum.providers.bookkeeping import Bookkeeping

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
def test_valid_arguments_are_accepted(kind: str) -> None:
    """Valid arguments cause no failure, and are returned as they are."""
    result = load(kind).check({}, {"__provider": "pickled", **RIGHT[kind]})

    assert result.failures == []
    assert result.inputs == RIGHT[kind]


UNREACHABLE = {
    "spectrum:projectId": "p-1",
    "spectrum:projectSecret": "s3cr3t",
    "spectrum:baseUrl": "http://127.0.0.1:9",
}
WRONG_IN_STATE = {"line": {"platform": "fax"}, "user": {"email": "nobody"}, "platform": {"enabled": 1.0}}


@pytest.mark.parametrize("kind", WRONG_IN_STATE)
def test_what_the_state_holds_is_not_refused(kind: str) -> None:
    """Inputs that are in the state as they are were accepted once, so a release that would refuse them leaves them."""
    inputs = {"__provider": "pickled", **RIGHT[kind], **WRONG_IN_STATE[kind]}

    assert load(kind).check(inputs, inputs).failures == []
    assert load(kind).check({}, inputs).failures != []


@pytest.mark.parametrize(
    ("held", "given"), [({}, {}), ({"enabled": True}, {"enabled": 1.0}), ({"autoScale": True}, {})]
)
def test_what_the_state_does_not_hold_is_checked(held: dict[str, Any], given: dict[str, Any]) -> None:
    """Inputs are checked as soon as one differs, also in its type alone."""
    olds = {"__provider": "pickled", "platform": "fax", **held}
    news = {"__provider": "pickled", "platform": "fax", "enabled": False, **given}

    assert load("platform").check(olds, news).failures != []


def test_what_the_state_holds_is_checked_before_it_is_sent() -> None:
    """Where an object has other values than such inputs, an update refuses to send them, and says why."""
    arguments = {**RIGHT["user"], "email": "nobody"}
    inputs = {"__provider": "pickled", **arguments}
    outputs = {**inputs, "email": "somebody@example.com", **Bookkeeping(frozenset(arguments)).as_output()}
    provider = load("user")
    provider.configure(ConfigureRequest(config=Config(UNREACHABLE, "app")))
    with pytest.raises(host.CleanFailure, match=r"^email must be an e-mail address\.$"):
        provider.update("u-1", outputs, inputs)


@pytest.mark.parametrize("kind", SAMPLES)
def test_arguments_are_shown_without_their_values(kind: str) -> None:
    """The repr of arguments, which a traceback may hold, shows no value: it may be a secret."""
    lifecycle = KINDS[kind]._lifecycle

    assert repr(lifecycle.parse(RIGHT[kind])) == f"{lifecycle.inputs.__name__}(…)"


@pytest.mark.parametrize("kind", SAMPLES)
def test_none_is_left_out(kind: str) -> None:
    """An argument that is None is not managed and does not reach the state."""
    provider = load(kind)
    optional = dict.fromkeys(RIGHT[kind].keys() - required_arguments(KINDS[kind]))

    assert set(provider.check({}, {**RIGHT[kind], **optional}).inputs) == set(RIGHT[kind]) - set(optional)


@pytest.mark.parametrize("kind", SAMPLES)
def test_misspelt_argument_is_refused(kind: str) -> None:
    """An argument that the kind does not have is refused by its name in the program."""
    [problem] = check(kind, firstNmae="s3cr3t")
    assert problem.startswith("first_nmae is not an argument of this resource.")
    assert "s3cr3t" not in problem


@pytest.mark.parametrize(
    ("kind", "argument"), [(kind, argument) for kind in SAMPLES for argument in sorted(RIGHT[kind])]
)
def test_unknown_argument_is_accepted(kind: str, argument: str) -> None:
    """In a preview an unknown argument is accepted and returned untouched."""
    unknown = Unknown()
    result = load(kind).check({}, {**RIGHT[kind], argument: unknown})

    assert result.failures == []
    assert result.inputs[argument] is unknown


@pytest.mark.parametrize("kind", SAMPLES)
def test_all_arguments_may_be_unknown(kind: str) -> None:
    """When all arguments are unknown, none is refused."""
    assert check(kind, **dict.fromkeys(RIGHT[kind], Unknown())) == []


def test_list_with_an_unknown_element_is_accepted() -> None:
    """A list with an unknown element is not refused for its other elements."""
    assert check("webhook", eventTypes=["s3cr3t", Unknown()]) == []


@pytest.mark.parametrize("kind", SAMPLES)
def test_known_arguments_are_checked_beside_unknown_ones(kind: str) -> None:
    """A wrong argument is refused although another one is unknown."""
    unknown = {name: Unknown() for name in list(RIGHT[kind])[1:]}

    assert check(kind, **unknown, madeUp="x") == ["made_up is not an argument of this resource."]


def test_all_problems_are_returned_at_once() -> None:
    """Everything that is wrong is returned by one `check`, one sentence for each."""
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
def test_failure_has_no_property(kind: str) -> None:
    """A failure names no property, because the engine prints that property's value; the sentence names it."""
    failures = load(kind).check({}, {**{name: {"s3cr3t": 1} for name in RIGHT[kind]}, "typo": "s3cr3t"}).failures

    assert len(failures) == len(RIGHT[kind]) + 1
    assert {failure.property for failure in failures} == {""}
    assert "s3cr3t" not in " ".join(failure.reason for failure in failures)


@pytest.mark.parametrize(
    ("kind", "argument"), [(kind, argument) for kind in SAMPLES for argument in sorted(RIGHT[kind])]
)
@pytest.mark.parametrize("value", [{"s3cr3t": 1}, [["s3cr3t"]], 17.5, "s3cr3t \n", ""])
def test_sentences_hide_values(kind: str, argument: str, value: Any) -> None:
    """The sentence for any wrong argument names it in the program's spelling, and does not show its value."""
    python_name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in argument)

    for sentence in check(kind, **{argument: value}):
        assert sentence.startswith((python_name, "assigned_phone_number", "rotation_overlap_seconds"))
        assert sentence.endswith(".")
        assert "s3cr3t" not in sentence
