"""What the service returns about WhatsApp accounts and their templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class WhatsAppAccountInfo:
    """A WhatsApp Business account that is connected to the project.

    Args:
        id: The account's id at Spectrum, which is not Meta's number.
        name: What it is called, where the service returns that.
    """

    id: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhatsAppTemplateFields:
    """What the API returns of a message template."""

    id: str
    name: str
    language: str
    category: str | None = None
    components: tuple[Mapping[str, Any], ...] = ()
    parameter_format: str | None = None
    status: str | None = None
    quality_score: str | None = None
    rejected_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhatsAppTemplateInfo(WhatsAppTemplateFields):
    """A message template of a WhatsApp Business account.

    Args:
        id: The template's id within its account.
        account_id: The account that it belongs to.
        name: Its name.
        language: Its language, such as `en_US`.
        category: `MARKETING`, `UTILITY` or `AUTHENTICATION`.
        components: What a message is made of, as Meta spells it.
        parameter_format: `POSITIONAL` or `NAMED`, where the service returns it.
        status: Where Meta's review stands, such as `APPROVED` or `PENDING`.
        quality_score: Meta's score of the template's quality.
        rejected_reason: Why Meta has rejected it.
    """

    account_id: str
