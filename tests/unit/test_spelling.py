"""When two spellings mean the same."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.providers.spelling import same_email, same_name, same_phone, same_set, same_url

Same = Callable[[Any, Any], bool]

TEXTS = st.none() | st.text("aA bB:/?#@.1+-%ß", max_size=12)
LISTS = st.none() | st.lists(st.sampled_from(["a", "b", "c"]), max_size=4)
COMPARED: list[tuple[Same, st.SearchStrategy[Any]]] = [
    (same_email, TEXTS),
    (same_name, TEXTS),
    (same_phone, TEXTS),
    (same_url, TEXTS | st.text("https://app.EXAMPLE.com:443/", max_size=30)),
    (same_set, LISTS),
]


@pytest.mark.parametrize(("same", "values"), COMPARED, ids=lambda value: getattr(value, "__name__", ""))
@given(data=st.data())
def test_to_mean_the_same_is_an_equivalence(same: Same, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    """Every value means what itself means, whichever is asked first, and what means the same means the same to all."""
    one, other, third = (data.draw(values) for _ in range(3))

    assert same(one, one)
    assert same(one, other) == same(other, one)
    if same(one, other):
        assert same(one, third) == same(other, third)


@pytest.mark.parametrize(
    ("same", "one", "other"),
    [
        (same_email, "Ops@Example.com", "ops@example.COM"),
        (same_email, "", None),
        (same_phone, "+14155550123", "+1 (415) 555-0123"),
        (same_set, ["a", "b"], ["b", "a", "a"]),
        (same_set, [], None),
        (same_name, "Acme", " Acme "),
        (same_name, "", None),
        (same_name, "", " "),
        (same_url, "https://app.example.com", "https://app.example.com/"),
        (same_url, "https://app.example.com/a", "HTTPS://APP.example.com:443/a"),
        (same_url, "http://app.example.com:80/a", "http://app.example.com/a"),
        (same_url, "https://[::1", "https://[::1"),
    ],
)
def test_what_means_the_same(same: Same, one: Any, other: Any) -> None:
    """What a service may rewrite without changing it is no difference."""
    assert same(one, other)


@pytest.mark.parametrize(
    ("same", "one", "other"),
    [
        (same_email, "ops@example.com", "ops2@example.com"),
        (same_email, "ops@example.com", None),
        (same_phone, "+14155550123", "+14155550124"),
        (same_phone, "+14155550123", None),
        (same_set, ["a"], ["a", "b"]),
        (same_set, ["a"], None),
        (same_name, "Acme", "ACME"),
        (same_name, "Ac me", "Acme"),
        (same_name, "Acme", None),
        (same_url, "https://app.example.com/a", "https://app.example.com/A"),
        (same_url, "https://app.example.com/a", "https://app.example.com/a/"),
        (same_url, "https://app.example.com/a", "http://app.example.com/a"),
        (same_url, "https://app.example.com/a", "https://app.example.com:8443/a"),
        (same_url, "https://app.example.com/?a=1", "https://app.example.com/?a=2"),
        (same_url, "https://app.example.com/", None),
        (same_url, "https://[::1", "https://[::2"),
    ],
)
def test_what_differs(same: Same, one: Any, other: Any) -> None:
    """What makes a difference to anybody is one."""
    assert not same(one, other)
