"""How a WhatsApp template is changed: what is sent of the arguments, what waits for a review, what was refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.errors import NotFound, RequestRefused, SpectrumError
from pulumi_spectrum.messages.failures import Refusal, describe
from pulumi_spectrum.providers.lifecycle import Live
from pulumi_spectrum.providers.whatsapp_components import components_to_send, managed_components, same_components
from pulumi_spectrum.providers.whatsapp_reviews import (
    NEW_NAME,
    is_final,
    not_accepted,
    refusal_in_words,
    waits_in_words,
)
from pulumi_spectrum.providers.whatsapp_template_inputs import WhatsAppTemplateInputs

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient
    from pulumi_spectrum.client.whatsapp_rows import WhatsAppTemplateRow


def change_template(
    spectrum: SpectrumClient,
    row: WhatsAppTemplateRow,
    wanted: WhatsAppTemplateInputs,
    names: Collection[str],
    *,
    held: Mapping[str, Any],
) -> Iterator[Live]:
    """Send those of the arguments that Meta holds otherwise, and yield the template as it is then.

    Args:
        spectrum: The API.
        row: The template as it is known.
        wanted: The arguments.
        names: Which of them are looked at.
        held: The properties in the state.
    """
    resource_id = id_of(wanted.account_id, row)
    changes = {
        name: value for name, value in _settings(wanted).items() if name in names and not _has(row, name, wanted)
    }
    if not_accepted(row.status, changes):
        # The review may have ended since the list was read.
        row = _read_again(spectrum, row, wanted) or row
    refused = not_accepted(row.status, changes)
    if refused - {"messageSendTtlSeconds"} or (refused and is_final(row.status)):
        raise Refusal(refusal_in_words(str(row.status), refused))
    if refused:
        # A review can only be waited for, and a new template is always under review at first.
        waiting = {name: held.get(name) for name in refused}
        yield Live(resource_id, waiting, warning=waits_in_words(str(row.status), refused))
    changes = {name: value for name, value in changes.items() if name not in refused}
    if not changes:
        return
    try:
        spectrum.whatsapp.change_template(wanted.account_id, row, **changes)
    except SpectrumError as error:
        if not (error.maybe_done and _is_done(spectrum, row, wanted, changes)):
            raise _explained(error, row) from None
    yield Live(resource_id, {**changes, **_category_of(changes.get("category"))})
    # The answer has no status, and Meta may review the template again. The change is made, whatever comes of this.
    with suppress(SpectrumError):
        after = _read_again(spectrum, row, wanted)
        if after is not None:
            live = live_of(wanted.account_id, after)
            yield Live(live.id, {name: value for name, value in live.properties.items() if name not in changes})


def sent_components(wanted: WhatsAppTemplateInputs) -> list[dict[str, Any]]:
    """Return the components of the arguments as they are sent."""
    return components_to_send(wanted.components)


def id_of(account_id: str, row: WhatsAppTemplateRow) -> str:
    """Return the id of a template's resource, which has the account in it."""
    return f"{account_id}/{row.id}"


def live_of(account_id: str, row: WhatsAppTemplateRow) -> Live:
    """Return a template as the API returns it, in the state's spelling."""
    properties = row.model_dump(by_alias=True, exclude_unset=True, exclude={"id"})
    if "components" in properties:
        properties["components"] = list(properties["components"])
    # What Meta no longer says of a template is no longer true of it.
    verdict = {"qualityScore": None, "rejectedReason": None}
    return Live(
        id_of(account_id, row),
        {"accountId": account_id, **verdict, **properties, **_category_of(properties.get("category"))},
    )


def _is_done(
    spectrum: SpectrumClient, row: WhatsAppTemplateRow, wanted: WhatsAppTemplateInputs, changes: Mapping[str, Any]
) -> bool:
    """Return whether an earlier try, whose answer was lost, has made the changes: a later one may be refused."""
    with suppress(SpectrumError):
        after = _read_again(spectrum, row, wanted)
        return after is not None and all(_has(after, name, wanted) for name in changes)
    return False


def _read_again(
    spectrum: SpectrumClient, row: WhatsAppTemplateRow, wanted: WhatsAppTemplateInputs
) -> WhatsAppTemplateRow | None:
    return spectrum.whatsapp.find_template(wanted.account_id, row.id, max_age=0)


def _settings(wanted: WhatsAppTemplateInputs) -> dict[str, Any]:
    """Return what a change can set, as it is sent."""
    settings = {
        "components": sent_components(wanted),
        "category": wanted.category,
        "messageSendTtlSeconds": wanted.message_send_ttl_seconds,
    }
    return {name: value for name, value in settings.items() if value is not None}


def _has(row: WhatsAppTemplateRow, name: str, wanted: WhatsAppTemplateInputs) -> bool:
    """Return whether Meta holds what is wanted of an argument. It never says what time to live it holds."""
    if name == "category":
        return row.category == wanted.category
    if name == "components" and "components" in row.model_fields_set:
        sent = sent_components(wanted)
        return same_components(managed_components(list(row.components), sent), sent)
    return False


def _explained(error: SpectrumError, row: WhatsAppTemplateRow) -> Exception:
    """Add what to do to the service's words, where it has read a change and refused it."""
    if not isinstance(error, RequestRefused) or isinstance(error, NotFound) or error.maybe_done:
        return error
    return Refusal(
        f"{describe(error)} Which changes Meta takes depends on the template, whose status is {row.status}. Undo the "
        f"change in the program, or try it again later. {NEW_NAME}."
    )


def _category_of(category: Any) -> dict[str, Any]:
    return {} if category is None else {"category": category, "currentCategory": category}
