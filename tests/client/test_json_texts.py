"""JSON from a server: what is read can be shown, stored and sent on."""

import json
from typing import Any

import pytest

from pulumi_spectrum.client.json_texts import MAX_DEPTH, is_deeper_than, read_json


@pytest.mark.parametrize(
    "content",
    [
        b"NaN",
        b"[-Infinity]",
        b'{"a": 1e999}',
        b"1" * 5000,
        b"\xff",
        b"",
        b'"\\ud8',
        b'{"a": 1}'.decode().encode("utf-16"),
    ],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    """Numbers that are not finite, and texts in another encoding than UTF-8, are no JSON."""
    with pytest.raises(ValueError):
        read_json(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'\xef\xbb\xbf{"a": 1.5}', {"a": 1.5}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'["Ann \\ud83d", {"\\uDC00": 1}]', ["Ann ?", {"?": 1}]),
        (b"12345678901234567890", 12345678901234567890),
    ],
)
def test_what_other_programs_write_is_read(content: bytes, expected: Any) -> None:
    """A byte order mark is skipped, and half of a surrogate pair is replaced: a cut name must not fail a whole list."""
    assert read_json(content) == expected


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 900, 100_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(levels: int, opening: str) -> None:
    """What is nested deeper than any object of the API is refused, before anything calls itself for each level."""
    closing = "]" if opening == "[" else "}"
    with pytest.raises(ValueError, match="nested too deeply"):
        read_json(f"{opening * levels}1{closing * levels}".encode())


def test_depth_is_counted_exactly() -> None:
    """A value nested as deep as is allowed is read."""
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = [value]

    assert read_json(json.dumps(value).encode()) == value
    assert not is_deeper_than(MAX_DEPTH, value)
    assert is_deeper_than(MAX_DEPTH, [value])
