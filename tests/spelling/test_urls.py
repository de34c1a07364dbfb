"""What a URL means: as Node's `new URL` reads it, whose answers stand in `parsed_urls.json`."""

import json
from pathlib import Path

import pytest

from pulumi_spectrum.spelling.urls import as_parsed, parse_url, same_url

PARSED: list[tuple[str, str | None]] = [
    tuple(each) for each in json.loads(Path(__file__).with_name("parsed_urls.json").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("url", "href"), PARSED)
def test_a_url_is_read_as_node_reads_it(url: str, href: str | None) -> None:
    """A URL has the one spelling that Node's parser gives to it, or is rejected where Node throws."""
    parsed = parse_url(url)

    assert (None if parsed is None else str(parsed)) == href
    assert as_parsed(url) == (url if href is None else href)
    assert same_url(url, as_parsed(url))


@pytest.mark.parametrize("href", sorted({href for _, href in PARSED if href is not None}))
def test_a_spelling_that_a_parser_writes_stays(href: str) -> None:
    """What a parser has written, it writes again."""
    assert as_parsed(href) == href


def test_a_text_that_is_no_unicode_is_no_url() -> None:
    """Half of a surrogate pair, which no request can hold, is rejected like any other text that is no URL."""
    assert parse_url("https://app.example.com/\ud800") is None
