"""WhatsApp Business: the accounts of a project, and their message templates."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pulumi_spectrum.client.checked_requests import OnSend
from pulumi_spectrum.client.errors import NotFound, ServiceFailed
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS, FetchedList, ListCache, SendTime
from pulumi_spectrum.client.masking import shown_id
from pulumi_spectrum.client.paging import PageCount
from pulumi_spectrum.client.paths import segment
from pulumi_spectrum.client.responses import Row, decode, decode_list
from pulumi_spectrum.client.whatsapp_creation import TemplateCreation
from pulumi_spectrum.client.whatsapp_rows import (
    ChangedTemplate,
    CreatedTemplate,
    WhatsAppAccountRow,
    WhatsAppTemplateRow,
)

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

PAGE_ROWS = 100
"""The largest page that the API returns."""
ACCOUNTS = "/whatsapp-business/accounts"


class WhatsApp:
    """The WhatsApp Business accounts of a project, and their templates.

    The API has no way to read one template, so all those of an account are read at once, and the list is shared.

    Args:
        transport: Sends the requests.
        sleep: Waits for seconds.
    """

    def __init__(self, transport: Transport, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep
        self._large: set[str] = set()
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

    def create_template(self, account_id: str, name: str, language: str, **settings: Any) -> WhatsAppTemplateRow:
        """Create a template, and return it. Meta reviews it afterwards.

        If a list from right before the request has the name and language, nothing is sent. So if a response is lost,
        and a list has the template afterwards, this call has made it, and it is returned. If no list has it, the
        request is sent again, since the service takes each name and language only once. Where a request had to wait for
        the rate limit after each list, another client may have made the template, and it counts as that client's.

        Args:
            account_id: The account.
            name: The template's name.
            language: Its language.
            settings: `category` and `components`; `parameterFormat` and `allowCategoryChange` where they are wanted.

        Raises:
            AlreadyExists: The account has such a template.
            Conflict: The service refuses the name, and no list has it: Meta keeps that of a deleted one for a while.
            NotFound: The project has no such account.
        """
        path = _templates_of(account_id)
        body = {"name": name, "language": language, **settings}

        def post(on_send: OnSend) -> WhatsAppTemplateRow:
            created: CreatedTemplate = self._transport.request(
                "POST", path, body=body, decode=partial(decode, CreatedTemplate, path=path), on_send=on_send
            )
            return WhatsAppTemplateRow.model_validate({**body, **created.model_dump(by_alias=True, exclude_none=True)})

        creation = TemplateCreation(
            lambda max_age: self._list_by_name(account_id, name, max_age=max_age),
            post,
            key=(name, language),
            path=path,
            clock=self._transport.clock,
            sleep=self._sleep,
        )
        created = creation.run()
        self._list_of(account_id).put(created)
        return created

    def change_template(self, account_id: str, template: WhatsAppTemplateRow, **changes: Any) -> None:
        """Change a template in place. What Meta allows depends on its status.

        Args:
            account_id: The account.
            template: The template as it is known.
            changes: `components`, `category` and `messageSendTtlSeconds`, at least one of them.

        Raises:
            RequestRefused: The service does not take the change. If `maybe_done` is set, an earlier try may have made
                it.
        """
        path = f"{_templates_of(account_id)}{segment(template.id)}"
        changed: ChangedTemplate = self._transport.request(
            "PATCH", path, body=changes, decode=partial(decode, ChangedTemplate, path=path)
        )
        if changed.template_id not in (None, template.id):
            raise ServiceFailed(
                f"the answer is about another template (id {shown_id(changed.template_id)})", method="PATCH", path=path
            )
        listed = {name: value for name, value in changes.items() if name in WhatsAppTemplateRow.model_fields}
        row = template.model_dump(by_alias=True, exclude_unset=True)
        self._list_of(account_id).put(WhatsAppTemplateRow.model_validate({**row, **listed}))

    def delete_template(self, account_id: str, template_id: str) -> None:
        """Delete a template, and none of its other languages. Do nothing if it is gone already.

        Raises:
            SpectrumError: The template may still be there.
        """
        template = self.find_template(account_id, template_id)
        if template is None:
            return
        self._transport.delete(
            f"{_templates_of(account_id)}{segment(template_id)}",
            lambda: any(row.id == template_id and not row.is_deleted for row in self._fetch(account_id).rows),
            query={"name": template.name},
        )
        self._list_of(account_id).drop(template_id)

    def _list_by_name(self, account_id: str, name: str, *, max_age: float) -> FetchedList[WhatsAppTemplateRow]:
        """Return a list that has every template of a name: the shared one, unless that takes several pages."""
        if account_id not in self._large:
            return self._list_of(account_id).rows(max_age=max_age)
        sent = SendTime(self._transport.clock)
        return FetchedList(self._read_pages(account_id, sent, name=name), begun=sent.at)

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
        if len(rows) > PAGE_ROWS:
            self._large.add(account_id)
        return FetchedList(rows, begun=sent.at)

    def _read_pages(self, account_id: str, sent: SendTime, **filters: str) -> list[WhatsAppTemplateRow]:
        rows: dict[str, WhatsAppTemplateRow] = {}
        count = PageCount(_templates_of(account_id))
        for page in self._pages(account_id, sent, filters):
            known = len(rows)
            rows.update((row.id, row) for row in page)
            count.add(has_news=len(rows) > known)
        return list(rows.values())

    def _pages(
        self, account_id: str, sent: SendTime, filters: Mapping[str, str]
    ) -> Iterator[list[WhatsAppTemplateRow]]:
        path, cursor = _templates_of(account_id), None
        while True:
            query = {"limit": PAGE_ROWS, **filters, **({"after": cursor} if cursor else {})}
            data = self._transport.request("GET", path, query=query, on_send=None if cursor else sent)
            page = decode(_TemplatePage, data, path)
            yield page.templates
            cursor = page.paging.next_cursor
            if not cursor:
                return


def _templates_of(account_id: str) -> str:
    return f"{ACCOUNTS}/{segment(account_id)}/templates/"


class _Paging(Row):
    next_cursor: str | None = None


class _TemplatePage(Row):
    templates: list[WhatsAppTemplateRow]
    paging: _Paging = Field(default_factory=_Paging)
