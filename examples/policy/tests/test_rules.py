"""The rules by themselves, as functions."""

from typing import Any

import pytest
from rules import LINE, WEBHOOK, failures_are_reported, lines_are_protected, webhooks_stay_in_the_company


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("https://app.example.com/spectrum", False),
        ("https://example.com/spectrum", False),
        ("https://example.com.evil.test/spectrum", True),
        ("https://notexample.com/spectrum", True),
        (None, False),
    ],
)
def test_webhooks_stay_in_the_company(url: str | None, is_refused: bool) -> None:
    """A webhook outside the company's domain is refused; a URL that is not known yet is not."""
    inputs: dict[str, Any] = {} if url is None else {"webhookUrl": url}
    assert bool(list(webhooks_stay_in_the_company(WEBHOOK, inputs, False))) == is_refused


def test_lines_are_protected() -> None:
    """A line must be protected, and other resources need not be."""
    assert list(lines_are_protected(LINE, {}, True)) == list(lines_are_protected(WEBHOOK, {}, False)) == []
    assert len(list(lines_are_protected(LINE, {}, False))) == 1


def test_failures_are_reported() -> None:
    """A webhook whose failures nobody hears of is worth a warning."""
    assert len(list(failures_are_reported(WEBHOOK, {}, False))) == 1
    assert list(failures_are_reported(WEBHOOK, {"failureNotificationEmail": "ops@example.com"}, False)) == []
