"""What tests of the rules of WhatsApp templates have in common."""

from __future__ import annotations

from collections.abc import Callable

BODY = {"type": "BODY", "text": "Hi"}
OTHER = [{"type": "BODY", "text": "Bye"}]
INPUTS = ("accountId", "name", "language", "category", "components", "allowCategoryChange")

Operations = Callable[[], list[str]]
"""What returns the operations of the requests since its last call."""
