"""The two spellings of a property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.kinds import Kind, load_kinds
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
def test_spellings(snake: str, camel: str) -> None:
    """Each word after the first begins with a capital in the state, and what is hidden stays as it is."""
    assert (to_camel(snake), to_snake(camel)) == (camel, snake)


@given(SNAKE)
def test_there_and_back(name: str) -> None:
    """A program's name that is translated to the state's and back is the same name."""
    assert to_snake(to_camel(name)) == name


@given(CAMEL)
def test_back_and_there(name: str) -> None:
    """A state's name that is translated to the program's and back is the same name."""
    assert to_camel(to_snake(name)) == name


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.key)
def test_models_use_them(kind: Kind) -> None:
    """The state's names of all arguments are what the one function makes of the program's."""
    fields = kind._lifecycle.inputs.model_fields

    assert {name: field.alias for name, field in fields.items()} == {name: to_camel(name) for name in fields}
