"""WhatsApp Business: the accounts of a project, and their message templates."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from pydantic import AliasChoices, BeforeValidator, Field

from pulumi_spectrum.client.errors import NotFound, ServiceFailed
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS, FetchedList, ListCache, SendTime
from pulumi_spectrum.client.responses import Row, decode, decode_list
from pulumi_spectrum.results import WhatsAppAccountInfo, WhatsAppTemplateFields

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

PAGE_ROWS = 100
"""The largest page that the API returns."""
MAX_PAGES_WITHOUT_NEWS = 10
"""How many pages in a row may hold nothing new, before the list counts as one that never ends."""
DELETED = frozenset({"PENDING_DELETION", "DELETED"})
"""The statuses of a template that was deleted, and that the list may still have for a while."""

ACCOUNTS = "/whatsapp-business/accounts"


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


class WhatsApp:
    """The WhatsApp Business accounts of a project, and their templates.

    The API has no way to read one template, so all those of an account are read at once, and the list is shared.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._lists: dict[str, ListCache[WhatsAppTemplateRow]] = {}

    def accounts(self) -> list[WhatsAppAccountRow]:
        """Return the accounts that are connected to the project."""
        data = self._transport.request("GET", ACCOUNTS)
        return decode_list(WhatsAppAccountRow, data.get("accounts") if isinstance(data, dict) else data, ACCOUNTS)

    def templates(self, account_id: str, *, max_age: float = MAX_AGE_SECONDS) -> list[WhatsAppTemplateRow]:
        """Return the templates of an account, without those that were deleted and are listed for a while."""
        return [row for row in self._list_of(account_id).rows(max_age=max_age).rows if not row.is_deleted]

    def find_template(
        self, account_id: str, template_id: str, *, max_age: float = MAX_AGE_SECONDS
    ) -> WhatsAppTemplateRow | None:
        """Return a template by its id, or None when it is proven gone."""
        row = self._list_of(account_id).find(template_id, max_age=max_age)
        return None if row is None or row.is_deleted else row

    def _list_of(self, account_id: str) -> ListCache[WhatsAppTemplateRow]:
        with self._lock:
            if account_id not in self._lists:
                self._lists[account_id] = ListCache(
                    lambda: self._fetch(account_id),
                    id_of=lambda row: row.id,
                    key_of=lambda row: (row.name, row.language),
                    clock=self._transport.clock,
                )
            return self._lists[account_id]

    def _fetch(self, account_id: str) -> FetchedList[WhatsAppTemplateRow]:
        sent = SendTime(self._transport.clock)
        try:
            rows = self._read_pages(account_id, sent)
        except NotFound:
            if any(account.id == account_id for account in self.accounts()):
                raise
            # The project itself answers, and has no such account any more: its templates are gone with it.
            rows = []
        return FetchedList(rows, begun=sent.at)

    def _read_pages(self, account_id: str, sent: SendTime) -> list[WhatsAppTemplateRow]:
        rows: dict[str, WhatsAppTemplateRow] = {}
        without_news = 0
        for page in self._pages(account_id, sent):
            known = len(rows)
            rows.update((row.id, row) for row in page)
            without_news = 0 if len(rows) > known else without_news + 1
            if without_news > MAX_PAGES_WITHOUT_NEWS:
                raise ServiceFailed(
                    "the pages of the list do not end, so it is not known as a whole. Try again in a minute",
                    method="Reading",
                    path=_templates_of(account_id),
                )
        return list(rows.values())

    def _pages(self, account_id: str, sent: SendTime) -> Iterator[list[WhatsAppTemplateRow]]:
        path, cursor = _templates_of(account_id), None
        while True:
            query = {"limit": PAGE_ROWS, **({"after": cursor} if cursor else {})}
            data = self._transport.request("GET", path, query=query, on_send=None if cursor else sent)
            page = decode(_TemplatePage, data, path)
            yield page.templates
            cursor = page.paging.next_cursor
            if not cursor:
                return


def _templates_of(account_id: str) -> str:
    return f"{ACCOUNTS}/{quote(account_id, safe='')}/templates/"


class _Paging(Row):
    next_cursor: str | None = None


class _TemplatePage(Row):
    templates: list[WhatsAppTemplateRow]
    paging: _Paging = _Paging()
