"""Which choice a mistyped word was meant to be."""

import pytest

from pulumi_spectrum.spelling.suggestions import closest, did_you_mean

CHOICES = ["projectId", "projectSecret", "baseUrl"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("projctId", "projectId"),
        ("PROJECTSECRET", "projectSecret"),
        ("projectsecert", "projectSecret"),
        ("base_url", "baseUrl"),
        ("region", None),
        ("", None),
    ],
)
def test_closest_choice(word: str, expected: str | None) -> None:
    """A word is taken for the choice that is spelled most like it, in any case, and for none if none is like it."""
    assert closest(word, CHOICES) == expected


def test_sentence_with_the_choice() -> None:
    """The sentence begins with a space, so that it can be put behind any message, and is empty without a choice."""
    assert did_you_mean("projctId", CHOICES) == " Did you mean 'projectId'?"
    assert did_you_mean("region", CHOICES) == ""
