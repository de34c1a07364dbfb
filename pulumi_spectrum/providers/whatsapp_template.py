"""WhatsApp templates. Meta reviews each, may change it, and says which changes of it are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pulumi_spectrum.client.errors import AlreadyExists, Conflict, NotFound, PlanRefused
from pulumi_spectrum.client.list_cache import MAX_AGE_SECONDS
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
from pulumi_spectrum.providers.whatsapp_changes import change_template, id_of, live_of, sent_components
from pulumi_spectrum.providers.whatsapp_reviews import (
    CHANGEABLE,
    NEW_NAME,
    doubt_in_words,
    is_final,
    not_accepted,
    refusal_in_words,
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
        settings: dict[str, Any] = {"category": wanted.category, "components": sent_components(wanted)}
        if wanted.parameter_format is not None:
            settings["parameterFormat"] = wanted.parameter_format
        if wanted.allow_category_change:
            settings["allowCategoryChange"] = True
        try:
            row = spectrum.whatsapp.create_template(wanted.account_id, wanted.name, wanted.language, **settings)
        except AlreadyExists as there:
            raise AlreadyThere(
                id_of(wanted.account_id, there.existing), may_be_adopted=self.may_adopt(wanted)
            ) from None
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
        yield live_of(wanted.account_id, row)
        yield from change_template(spectrum, row, wanted, {"messageSendTtlSeconds"}, held={})

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
        yield live_of(wanted.account_id, row)
        yield from change_template(spectrum, row, wanted, CHANGEABLE, held={})

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Find the template in the list of its account: there is no other way to read one."""
        row = self._find(spectrum, resource_id)
        return None if row is None else live_of(self._account_of(resource_id), row)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the templates of every account, one account after the other."""
        try:
            accounts = spectrum.whatsapp.accounts()
        except (NotFound, PlanRefused):
            # The deployment or the plan has no accounts, unless it is the project itself that cannot be read.
            spectrum.project.read()
            return []
        return [live_of(account.id, row) for account in accounts for row in spectrum.whatsapp.templates(account.id)]

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
            yield from change_template(spectrum, row, wanted, names, held=current.properties)
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

    def _find(
        self, spectrum: SpectrumClient, resource_id: str, *, max_age: float = MAX_AGE_SECONDS
    ) -> WhatsAppTemplateRow | None:
        return spectrum.whatsapp.find_template(*self._split(resource_id), max_age=max_age)

    def _split(self, resource_id: str) -> tuple[str, str]:
        account_id, template_id = self.split_id(resource_id) or ("", "")
        return account_id, template_id

    def _account_of(self, resource_id: str) -> str:
        return self._split(resource_id)[0]


LIFECYCLE = WhatsAppTemplateLifecycle()
