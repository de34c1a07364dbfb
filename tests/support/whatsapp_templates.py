"""What tests of the rules of WhatsApp templates have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.providers import host

BODY = {"type": "BODY", "text": "Hi"}
OTHER = [{"type": "BODY", "text": "Bye"}]
INPUTS = ("accountId", "name", "language", "category", "components", "allowCategoryChange")

Operations = Callable[[], list[str]]
"""What returns the operations of the requests since its last call."""


def open_client(settings: ClientSettings) -> SpectrumClient:
    """Return a client with lists of its own, as in a new process, that never sleeps."""
    return SpectrumClient(settings, sleep=lambda _seconds: None)


def refusal(act: Callable[[], Any]) -> str:
    """Return the message with which the provider refuses a call."""
    with pytest.raises(host.CleanFailure) as caught:
        act()
    return str(caught.value)
