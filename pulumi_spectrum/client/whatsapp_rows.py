"""WhatsApp Business accounts and templates as the API returns them, read liberally."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from pulumi_spectrum.client.responses import Row
from pulumi_spectrum.results.whatsapp import WhatsAppAccountInfo, WhatsAppTemplateFields

DELETED = frozenset({"PENDING_DELETION", "DELETED"})
"""The statuses of a template that was deleted, and that the list may still have for a while."""


def _score(value: Any) -> Any:
    """Return the score alone: Meta itself answers an object that also says when it was given."""
    return value.get("score") if isinstance(value, Mapping) else value


def _reason(value: Any) -> Any:
    return None if value == "NONE" else value


class WhatsAppAccountRow(Row, WhatsAppAccountInfo):
    """An account. Only that it has an id is known of the API's answer."""

    id: Annotated[str, Field(validation_alias=AliasChoices("accountId", "id"))]


class WhatsAppTemplateRow(Row, WhatsAppTemplateFields):
    """A message template of one account."""

    quality_score: Annotated[str | None, BeforeValidator(_score)] = None
    rejected_reason: Annotated[str | None, BeforeValidator(_reason)] = None

    @property
    def is_deleted(self) -> bool:
        """Whether it was deleted, and is only listed for a while."""
        return self.status in DELETED


class CreatedTemplate(Row):
    """The response to a creation."""

    id: str
    status: str | None = None
    category: str | None = None


class ChangedTemplate(Row):
    """The response to a change."""

    template_id: str | None = None
