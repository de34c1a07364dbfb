"""The values that a client's settings refuse."""

import math
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.client import ClientSettings, SettingsRefused

SECRET = "s3cr3t-of-project-1"


def make(**values: Any) -> ClientSettings:
    return ClientSettings(**{"project_id": "project-1", "project_secret": SECRET, **values})


@pytest.mark.parametrize(
    "value", ["p q", "p:q", "p/q", "p?q", "p#q", "p%q", "p\n", "", "größe", "プロジェクト", "p\x00q"]
)
def test_project_id_with_other_characters_is_refused(value: str) -> None:
    """A project id, which is part of each path and of the credentials, may hold plain characters only."""
    with pytest.raises(SettingsRefused, match=r"^project_id is not a project id"):
        make(project_id=value)


@pytest.mark.parametrize("value", ["", "with space", "line\n", "tab\t", "größe"])
def test_secret_that_no_header_can_hold_is_refused(value: str) -> None:
    """A secret with spaces, line breaks or non-ASCII letters is refused, and not shown."""
    with pytest.raises(SettingsRefused, match=r"^project_secret must be printable text") as caught:
        make(project_secret=value)

    assert not value or value not in str(caught.value)


@pytest.mark.parametrize("value", [0, -1, math.inf, -math.inf, math.nan])
def test_rate_must_be_above_zero(value: float) -> None:
    """A rate that is not above 0, or not finite, is refused by its key."""
    with pytest.raises(SettingsRefused, match=r"^requests_per_second must be a number above 0"):
        make(requests_per_second=value)


@pytest.mark.parametrize("value", [0, -1, 601, math.inf, math.nan])
def test_timeout_is_limited_to_ten_minutes(value: float) -> None:
    """A timeout is above 0 and at most 600 seconds."""
    with pytest.raises(SettingsRefused, match=r"^timeout_seconds must be above 0 and at most 600"):
        make(timeout_seconds=value)


@given(
    broken=st.sampled_from(["base_url", "project_id", "requests_per_second", "timeout_seconds"]),
    value=st.text(max_size=20),
)
def test_refusals_hide_the_secret(broken: str, value: str) -> None:
    """Neither the message nor the traceback of a refusal holds the secret."""
    numbers = {"requests_per_second": -1.0, "timeout_seconds": -1.0}
    with pytest.raises(SettingsRefused) as caught:
        make(**{broken: numbers.get(broken, f" {value}")})

    assert SECRET not in "".join(traceback.format_exception(caught.value, chain=True))


def test_repr_hides_the_secret() -> None:
    """The repr of ClientSettings holds no secret."""
    settings = make()

    assert SECRET not in f"{settings!r} {settings} {[settings]}"
