"""What check makes of the resource option `import_`, whatever kind of resource it is given to."""

from typing import Any

import pytest
from kind_samples import KINDS, SAMPLES
from pulumi.output import Unknown

from pulumi_spectrum.providers import IGNORED, IMPORT, load
from pulumi_spectrum.registry import find_registration

OBJECT_ID = "6a8d1d3e-0000-4000-8000-000000000000"
USER = {"phoneNumber": "+14155550123", "type": "shared", "firstName": "Eve", "onConflict": "fail"}


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_id_is_handed_on(kind: str) -> None:
    """An id goes on to the creation beside the arguments, also one that is not known yet."""
    registered = find_registration(kind)
    assert registered is not None
    whole_id = "/".join(OBJECT_ID for _ in registered.load_rules().id_parts)
    for object_id in (whole_id, Unknown()):
        result = load(kind).check({}, {"__provider": "pickled", **SAMPLES[kind].arguments, IMPORT: object_id})

        assert result.failures == []
        assert result.inputs == {**SAMPLES[kind].arguments, IMPORT: object_id}


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize(
    ("object_id", "sentence"),
    [
        ("", "The option import_ is empty. Give it the id of the {noun}, or take it out to have one made."),
        (" \t", "The option import_ is empty. Give it the id of the {noun}, or take it out to have one made."),
        (
            f" {OBJECT_ID}",
            "The option import_ has a space or a line break in it, and the id of a {noun} has none. Take it away.",
        ),
    ],
)
def test_text_that_is_no_id_is_refused(kind: str, object_id: str, sentence: str) -> None:
    """An id that no object can have is refused before anything is sent, for a resource of the state too."""
    for olds in ({}, SAMPLES[kind].arguments):
        result = load(kind).check(dict(olds), {**SAMPLES[kind].arguments, IMPORT: object_id})

        assert [failure.reason for failure in result.failures] == [sentence.format(noun=KINDS[kind].noun)]


@pytest.mark.parametrize(
    ("ignored", "left_out"),
    [
        (["firstName"], {"firstName"}),
        (["firstName", "onConflict"], {"firstName", "onConflict"}),
        (["phoneNumber", "firstName"], {"firstName"}),
        (["email", "noArgument"], set()),
    ],
)
def test_ignored_arguments_are_not_managed(ignored: list[str], left_out: set[str]) -> None:
    """What `ignore_changes` names is left as it is, unless a program cannot leave it out."""
    result = load("user").check({}, {**USER, IMPORT: OBJECT_ID, IGNORED: ignored})

    assert set(result.inputs) - {IMPORT, IGNORED} == USER.keys() - left_out


def test_ignored_arguments_of_a_known_resource_are_kept() -> None:
    """A resource that is in the state has the engine's own `ignore_changes`, and nothing is left out here."""
    news: dict[str, Any] = {**USER, IMPORT: OBJECT_ID, IGNORED: ["firstName"]}

    assert load("user").check(dict(USER), news).inputs.keys() >= USER.keys()
