"""The package's URL parser compared with Node's."""

import json
import random
from pathlib import Path
from typing import Any

from pulumi_spectrum.spelling.urls import parse_url

TABLE = Path(__file__).parents[1] / "spelling" / "parsed_urls.json"
BEGINNINGS = ["https://", "https://a.example/", "https://a.example/?", "https:", "HTTP://", "\\", ""]
PIECES = [
    *"abKZ.:/?#@&=%+-_~!$'()*,;[]{}|^<>\"`\\ \t\n\x00\x7f",
    *"éßſü日本\u3000。\uff0e\uff11\xad\u0301\u200d😀",
    *("..", "%2e", "%41", "%25", "%ff", ":443", ":80", ":0", "127", "0x7f", "08", "256", "[::1]", "xn--bcher-kva"),
]
"""No letters from right to left, and no punycode that stands for nothing: older Nodes take host names of those that the
standard rejects."""


def parsed(url: str) -> str | None:
    found = parse_url(url)
    return None if found is None else str(found)


def test_url_parser_agrees_with_node(start_client: Any) -> None:
    """For any text, the package and Node return the same URL, or both reject the text."""
    chance = random.Random(14)  # noqa: S311
    urls = [chance.choice(BEGINNINGS) + "".join(chance.choices(PIECES, k=chance.randint(1, 9))) for _ in range(20_000)]
    node_urls = start_client("urls.mjs").parseAll(urls)

    assert {url: (parsed(url), href) for url, href in zip(urls, node_urls, strict=True) if parsed(url) != href} == {}


def test_url_table_agrees_with_node(start_client: Any) -> None:
    """Node returns what the unit tests' table of URLs expects."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))

    assert start_client("urls.mjs").parseAll([url for url, _ in table]) == [href for _, href in table]
