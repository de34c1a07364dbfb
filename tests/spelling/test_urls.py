"""URLs: normalized as by Node's `new URL`, whose results are in `parsed_urls.json`, and those of this machine."""

import json
from pathlib import Path

import pytest

from pulumi_spectrum.spelling.urls import as_parsed, is_loopback, parse_url, same_url

PARSED: list[tuple[str, str | None]] = [
    tuple(each) for each in json.loads(Path(__file__).with_name("parsed_urls.json").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("url", "href"), PARSED)
def test_url_is_parsed_as_by_node(url: str, href: str | None) -> None:
    """A URL is normalized as Node's parser does it, or rejected where Node throws."""
    parsed = parse_url(url)

    assert (None if parsed is None else str(parsed)) == href
    assert as_parsed(url) == (url if href is None else href)
    assert same_url(url, as_parsed(url))


@pytest.mark.parametrize("href", sorted({href for _, href in PARSED if href is not None}))
def test_normalized_url_is_unchanged(href: str) -> None:
    """Normalizing a normalized URL changes nothing."""
    assert as_parsed(href) == href


def test_half_a_surrogate_pair_is_no_url() -> None:
    """A text with half of a surrogate pair, which no request can hold, is rejected."""
    assert parse_url("https://app.example.com/\ud800") is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_loopback_addresses(host: str, expected: bool) -> None:
    """Only an address that never leaves the machine is loopback."""
    assert is_loopback(host) is expected
