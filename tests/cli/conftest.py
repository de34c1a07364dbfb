"""Fixtures of the tests of commands."""

import pytest


@pytest.fixture(autouse=True)
def fast_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands send as fast as they can: the emulator of these tests has no rate limit."""
    monkeypatch.setenv("SPECTRUM_REQUESTS_PER_SECOND", "1000")
