"""WhatsApp templates. Meta reviews each, may change it, and says which changes of it are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.errors import Conflict, NotFound, PlanRefused, RequestRefused, SpectrumError
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS
from pulumi_spectrum.client.whatsapp_rows import WhatsAppTemplateExists
from pulumi_spectrum.messages.failures import Refusal, describe
from pulumi_spectrum.messages.imports import WAYS_TO_IMPORT
from pulumi_spectrum.providers.lifecycle import (
    Adoptable,
    AlreadyThere,
    Deletable,
    Guarded,
    Listable,
    Live,
    Readable,
    Updatable,
)
from pulumi_spectrum.providers.whatsapp_components import components_to_send, managed_components, same_components
from pulumi_spectrum.providers.whatsapp_reviews import (
    CHANGEABLE,
    NEW_NAME,
    doubt_in_words,
    is_final,
    not_accepted,
    refusal_in_words,
    waits_in_words,
)
from pulumi_spectrum.providers.whatsapp_template_inputs import WhatsAppTemplateInputs

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient
    from pulumi_spectrum.client.whatsapp_rows import WhatsAppTemplateRow

NAME_STAYS_TAKEN = "Meta keeps the name and language of a deleted template taken for some time"


class WhatsAppTemplateLifecycle(
    Adoptable[WhatsAppTemplateInputs],
    Readable,
    Updatable[WhatsAppTemplateInputs],
    Deletable,
    Guarded,
    Listable,
):
    """The rules of WhatsApp templates."""

    noun = "WhatsApp template"
    plural = "WhatsApp templates"
    label = "name"
    id_parts = ("account", "template")
    inputs = WhatsAppTemplateInputs
    already_there = "A WhatsApp template with this name and language is there already"
    ways_on_after_conflict = f"{WAYS_TO_IMPORT}; or give this one another name; or delete it, though {NAME_STAYS_TAKEN}"

    def create(self, spectrum: SpectrumClient, wanted: WhatsAppTemplateInputs) -> Iterator[Live]:
        """Create the template, which Meta reviews from then on, and set what only a change can set."""
        settings: dict[str, Any] = {"category": wanted.category, "components": _components(wanted)}
        if wanted.parameter_format is not None:
            settings["parameterFormat"] = wanted.parameter_format
        if wanted.allow_category_change:
            settings["allowCategoryChange"] = True
        try:
            row = spectrum.whatsapp.create_template(wanted.account_id, wanted.name, wanted.language, **settings)
        except WhatsAppTemplateExists as there:
            raise AlreadyThere(_id(wanted.account_id, there.existing), may_be_adopted=self.may_adopt(wanted)) from None
        except NotFound as error:
            raise Refusal(
                f"{describe(error)} Check account_id: it is the id of a WhatsApp Business account of this project, "
                "which get_whatsapp_accounts() returns."
            ) from None
        except Conflict as error:
            if error.maybe_done:
                raise
            raise Refusal(
                f"{describe(error)} No template of the account has this name and language. If one was deleted lately: "
                f"{NAME_STAYS_TAKEN}. Give this one another name, or run `pulumi up` again later."
            ) from None
        yield _live(wanted.account_id, row)
        yield from self._change(spectrum, row, wanted, {"messageSendTtlSeconds"}, held={})

    def may_adopt(self, wanted: WhatsAppTemplateInputs) -> bool:  # noqa: ARG002 - no argument asks for it
        """A template of others is imported, and never taken over."""
        return False

    def adopt(self, spectrum: SpectrumClient, wanted: WhatsAppTemplateInputs, object_id: str) -> Iterator[Live]:
        """Change the template that is there, which keeps its id and its reviews. One that is gone is made anew."""
        row = self._find(spectrum, object_id, max_age=0)
        if row is None:
            yield from self.create(spectrum, wanted)
            return
        if None is not wanted.parameter_format != row.parameter_format is not None:
            raise Refusal(
                f"{self.already_there} (id {object_id}), with another parameter_format, which cannot be changed. Give "
                "this one another name, or the same parameter_format."
            )
        yield _live(wanted.account_id, row)
        yield from self._change(spectrum, row, wanted, CHANGEABLE, held={})

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Find the template in the list of its account: there is no other way to read one."""
        row = self._find(spectrum, resource_id)
        return None if row is None else _live(self._account_of(resource_id), row)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the templates of every account, one account after the other."""
        try:
            accounts = spectrum.whatsapp.accounts()
        except (NotFound, PlanRefused):
            # The deployment or the plan has no accounts, unless it is the project itself that cannot be read.
            spectrum.project.read()
            return []
        return [_live(account.id, row) for account in accounts for row in spectrum.whatsapp.templates(account.id)]

    def update(
        self,
        spectrum: SpectrumClient,
        current: Live,
        wanted: WhatsAppTemplateInputs,
        changed: frozenset[str],
    ) -> Iterator[Live]:
        """Change what Meta holds otherwise, once its status allows that."""
        names = changed & CHANGEABLE
        if wanted.allow_category_change and "allowCategoryChange" in changed:
            # From now on Meta may choose the category, so what it has chosen by now is left alone.
            names -= {"category"}
        if names or "parameterFormat" in changed:
            row = self._find(spectrum, current.id)
            if row is None:
                raise Refusal(
                    "This WhatsApp template no longer exists. Run `pulumi refresh`; the next `pulumi up` then makes it "
                    "again."
                )
            if "parameterFormat" in changed and row.parameter_format != wanted.parameter_format:
                raise Refusal(
                    "parameter_format of a WhatsApp template cannot be changed in place, and the state did not know "
                    "the one that it has, so nothing was sent. Run `pulumi refresh`: the next preview then shows the "
                    "replacement. If the API does not return it, leave the argument out."
                )
            yield from self._change(spectrum, row, wanted, names, held=current.properties)
        if wanted.message_send_ttl_seconds is None:
            yield Live(current.id, {"messageSendTtlSeconds": None})

    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Delete the template, and not its other languages."""
        account_id, template_id = self._split(resource_id)
        spectrum.whatsapp.delete_template(account_id, template_id)

    def doubt(self, properties: Mapping[str, Any], changed: frozenset[str], replacing: frozenset[str]) -> str | None:
        """Say what Meta would not take of a change, by the status that the template had when it was last read."""
        if replacing == {"parameterFormat"}:
            return (
                "A change of parameter_format deletes this WhatsApp template before the new one is made, and "
                f"{NAME_STAYS_TAKEN}, so the new one may be refused. {NEW_NAME}."
            )
        status = str(properties.get("status") or "")
        ignored = {"category"} if "allowCategoryChange" in changed else set()
        names = not_accepted(status, (changed & CHANGEABLE) - ignored)
        if replacing or not names:
            return None
        if is_final(status):
            raise Refusal(refusal_in_words(status, names))
        return doubt_in_words(status, names)

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """The name with the language, since a name has a template for each."""
        return [f"{properties.get('name')} {properties.get('language')}"]

    def _change(
        self,
        spectrum: SpectrumClient,
        row: WhatsAppTemplateRow,
        wanted: WhatsAppTemplateInputs,
        names: frozenset[str] | set[str],
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
        resource_id = _id(wanted.account_id, row)
        changes = {
            name: value for name, value in _settings(wanted).items() if name in names and not _has(row, name, wanted)
        }
        if not_accepted(row.status, changes):
            # The review may have ended since the list was read.
            row = self._find(spectrum, resource_id, max_age=0) or row
        refused = not_accepted(row.status, changes)
        if refused - {"messageSendTtlSeconds"} or (refused and is_final(row.status)):
            raise Refusal(refusal_in_words(str(row.status), refused))
        if refused:
            # Nobody can do anything about a review but wait, and a new template is always under review at first.
            waiting = {name: held.get(name) for name in refused}
            yield Live(resource_id, waiting, warning=waits_in_words(str(row.status), refused))
        changes = {name: value for name, value in changes.items() if name not in refused}
        if not changes:
            return
        try:
            spectrum.whatsapp.change_template(wanted.account_id, row, **changes)
        except SpectrumError as error:
            if not (error.maybe_done and self._is_done(spectrum, resource_id, wanted, changes)):
                raise _explained(error, row) from None
        yield Live(resource_id, {**changes, **_category_of(changes.get("category"))})
        # The answer has no status, and Meta may review the template again. The change is made, whatever comes of this.
        with suppress(SpectrumError):
            after = self._find(spectrum, resource_id, max_age=0)
            if after is not None:
                live = _live(wanted.account_id, after)
                yield Live(live.id, {name: value for name, value in live.properties.items() if name not in changes})

    def _is_done(
        self, spectrum: SpectrumClient, resource_id: str, wanted: WhatsAppTemplateInputs, changes: Mapping[str, Any]
    ) -> bool:
        """Return whether an earlier try, whose answer was lost, has made the changes: a later one may be refused."""
        with suppress(SpectrumError):
            row = self._find(spectrum, resource_id, max_age=0)
            return row is not None and all(_has(row, name, wanted) for name in changes)
        return False

    def _find(
        self, spectrum: SpectrumClient, resource_id: str, *, max_age: float = MAX_AGE_SECONDS
    ) -> WhatsAppTemplateRow | None:
        return spectrum.whatsapp.find_template(*self._split(resource_id), max_age=max_age)

    def _split(self, resource_id: str) -> tuple[str, str]:
        account_id, template_id = self.split_id(resource_id) or ("", "")
        return account_id, template_id

    def _account_of(self, resource_id: str) -> str:
        return self._split(resource_id)[0]


def _components(wanted: WhatsAppTemplateInputs) -> list[dict[str, Any]]:
    return components_to_send([component.model_dump(exclude_unset=True) for component in wanted.components])


def _settings(wanted: WhatsAppTemplateInputs) -> dict[str, Any]:
    """Return what a change can set, as it is sent."""
    settings = {
        "components": _components(wanted),
        "category": wanted.category,
        "messageSendTtlSeconds": wanted.message_send_ttl_seconds,
    }
    return {name: value for name, value in settings.items() if value is not None}


def _has(row: WhatsAppTemplateRow, name: str, wanted: WhatsAppTemplateInputs) -> bool:
    """Return whether Meta holds what is wanted of an argument. It never says what time to live it holds."""
    if name == "category":
        return row.category == wanted.category
    if name == "components" and "components" in row.model_fields_set:
        sent = _components(wanted)
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


def _id(account_id: str, row: WhatsAppTemplateRow) -> str:
    return f"{account_id}/{row.id}"


def _category_of(category: Any) -> dict[str, Any]:
    return {} if category is None else {"category": category, "currentCategory": category}


def _live(account_id: str, row: WhatsAppTemplateRow) -> Live:
    properties = row.model_dump(by_alias=True, exclude_unset=True, exclude={"id"})
    if "components" in properties:
        properties["components"] = list(properties["components"])
    # What Meta no longer says of a template is no longer true of it.
    verdict = {"qualityScore": None, "rejectedReason": None}
    return Live(
        _id(account_id, row),
        {"accountId": account_id, **verdict, **properties, **_category_of(properties.get("category"))},
    )


LIFECYCLE = WhatsAppTemplateLifecycle()
