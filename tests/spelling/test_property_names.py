"""The two spellings of a property: snake_case in programs, camelCase in the state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.providers.inputs import arguments_of
from pulumi_spectrum.spelling.property_names import to_camel, to_snake

SNAKE = st.from_regex(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", fullmatch=True)
CAMEL = st.from_regex(r"[a-z][a-zA-Z0-9]*", fullmatch=True)


@pytest.mark.parametrize(
    ("snake", "camel"),
    [
        ("webhook_url", "webhookUrl"),
        ("enabled", "enabled"),
        ("imessage_enabled", "imessageEnabled"),
        ("line_2_name", "line_2Name"),
        ("sip_u_r_i", "sipURI"),
        ("__spectrum", "__spectrum"),
        ("_hidden_one", "_hidden_one"),
    ],
)
def test_snake_case_and_camel_case(snake: str, camel: str) -> None:
    """Each word after the first begins with a capital in camelCase, and a hidden name stays as it is."""
    assert (to_camel(snake), to_snake(camel)) == (camel, snake)


@given(SNAKE)
def test_snake_case_survives_a_round_trip(name: str) -> None:
    """A snake_case name that is translated to camelCase and back is the same name."""
    assert to_snake(to_camel(name)) == name


@given(CAMEL)
def test_camel_case_survives_a_round_trip(name: str) -> None:
    """A camelCase name that is translated to snake_case and back is the same name."""
    assert to_camel(to_snake(name)) == name


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.key)
def test_arguments_have_two_spellings(kind: Kind) -> None:
    """The state's name of each argument is translated to the program's, by which its kind declares it."""
    arguments = arguments_of(kind._lifecycle.inputs)

    assert {name: to_snake(name) for name in arguments} == {name: each.attribute for name, each in arguments.items()}
