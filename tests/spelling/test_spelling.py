"""Comparison of values that can be spelled in several ways."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.spelling.urls import same_url
from pulumi_spectrum.spelling.values import same_email, same_name, same_phone, same_set, same_sip_uri, same_text

Same = Callable[[Any, Any], bool]

TEXTS = st.none() | st.text("aA bB:/?#@.1+-%ßéE\u0301üK", max_size=12)
LISTS = st.none() | st.lists(st.sampled_from(["a", "b", "c"]), max_size=4)
COMPARED: list[tuple[Same, st.SearchStrategy[Any]]] = [
    (same_email, TEXTS),
    (same_name, TEXTS),
    (same_text, TEXTS),
    (same_sip_uri, TEXTS),
    (same_phone, TEXTS),
    (same_url, TEXTS | st.text("https://app.EXAMPLE.com:443/", max_size=30)),
    (same_set, LISTS),
]


@pytest.mark.parametrize(("same", "values"), COMPARED, ids=lambda value: getattr(value, "__name__", ""))
@given(data=st.data())
def test_comparisons_are_equivalence_relations(same: Same, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    """Each comparison is reflexive, symmetric and transitive."""
    one, other, third = (data.draw(values) for _ in range(3))

    assert same(one, one)
    assert same(one, other) == same(other, one)
    if same(one, other):
        assert same(one, third) == same(other, third)


@pytest.mark.parametrize(
    ("same", "one", "other"),
    [
        (same_email, "Ops@Example.com", "ops@example.COM"),
        (same_email, "ops@b\u00fccher.example", "ops@xn--bcher-kva.example"),
        (same_email, "ops@B\u00dcCHER.example", "ops@b\u00fccher.example"),
        (same_email, "ops@bu\u0308cher.example", "ops@b\u00fccher.example"),
        (same_email, "", None),
        (same_phone, "+14155550123", "+1 (415) 555-0123"),
        (same_set, ["a", "b"], ["b", "a", "a"]),
        (same_set, [], None),
        (same_name, "Acme", " Acme "),
        (same_name, "Ren\u00e9e", "Rene\u0301e"),
        (same_name, "", None),
        (same_name, "", " "),
        (same_text, "", None),
        (same_sip_uri, "sip:Bot@example.com", "SIP:Bot@Example.COM"),
        (same_sip_uri, "sips:example.com:5061;transport=tls", "sips:EXAMPLE.com:5061;transport=tls"),
        (same_url, "https://app.example.com", "https://app.example.com/"),
        (same_url, "https://app.example.com/a", "HTTPS://APP.example.com:443/a"),
        (same_url, "http://app.example.com:80/a", "http://app.example.com/a"),
        (same_url, "https://[::1", "https://[::1"),
        (same_url, "https://b\u00fccher.example/\u00e9", "https://xn--bcher-kva.example/%C3%A9"),
        (same_url, "https://app.example.com/a/../b", "https://app.example.com/b"),
    ],
)
def test_equivalent_spellings(same: Same, one: Any, other: Any) -> None:
    """Two spellings that the API may rewrite into each other are equal."""
    assert same(one, other)


@pytest.mark.parametrize(
    ("same", "one", "other"),
    [
        (same_email, "ops@example.com", "ops2@example.com"),
        (same_email, "ops@example.com", None),
        (same_email, "strasse@example.com", "stra\u00dfe@example.com"),
        (same_email, "ops@strasse.example", "ops@stra\u00dfe.example"),
        (same_email, "\u212a@example.com", "k@example.com"),
        (same_email, "ops@a/b\u00fc", "ops@a/c\u00fc"),
        (same_phone, "+14155550123", "+14155550124"),
        (same_phone, "+14155550123", None),
        (same_set, ["a"], ["a", "b"]),
        (same_set, ["a"], None),
        (same_name, "Acme", "ACME"),
        (same_name, "Ac me", "Acme"),
        (same_name, "Acme", None),
        (same_text, "a", "A"),
        (same_text, "a", "a "),
        (same_sip_uri, "sip:bot@example.com", "sip:Bot@example.com"),
        (same_sip_uri, "sip:bot@example.com", "sips:bot@example.com"),
        (same_sip_uri, "sip:bot@example.com", None),
        (same_url, "https://app.example.com/a", "https://app.example.com/A"),
        (same_url, "https://app.example.com/a", "https://app.example.com/a/"),
        (same_url, "https://app.example.com/a", "http://app.example.com/a"),
        (same_url, "https://app.example.com/a", "https://app.example.com:8443/a"),
        (same_url, "https://app.example.com/?a=1", "https://app.example.com/?a=2"),
        (same_url, "https://app.example.com/", None),
        (same_url, "https://fa\u00df.example/", "https://fass.example/"),
        (same_url, "https://app.example.com/%7Ea", "https://app.example.com/~a"),
        (same_url, "https://user@app.example.com/", "https://app.example.com/"),
        (same_url, "https://[::1", "https://[::2"),
    ],
)
def test_different_values(same: Same, one: Any, other: Any) -> None:
    """Two values with different meanings are not equal."""
    assert not same(one, other)
