"""Webhooks. A URL is registered once, and the answer to that registration is the only one with its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from pulumi_spectrum.client.errors import AlreadyExists, Conflict, NotFound, SpectrumError
from pulumi_spectrum.messages.failures import Refusal, describe, explain
from pulumi_spectrum.messages.imports import WAYS_TO_IMPORT
from pulumi_spectrum.providers.deliverable_urls import problem_of_webhook_url
from pulumi_spectrum.providers.inputs import (
    FILLED,
    Constraint,
    FilledText,
    ResourceInputs,
    declares_arguments,
    is_email,
)
from pulumi_spectrum.providers.lifecycle import (
    Adoptable,
    AlreadyThere,
    Deletable,
    Listable,
    Live,
    Method,
    Noticing,
    Readable,
    Updatable,
)
from pulumi_spectrum.providers.properties import Condition, OnChange, Property, never
from pulumi_spectrum.spelling.urls import as_parsed, same_url
from pulumi_spectrum.spelling.values import same_email, same_set

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient
    from pulumi_spectrum.client.webhooks import RegisteredWebhook, WebhookRow

NEWEST_SCHEMA = "raw-inbound.v1"
LONGEST_OVERLAP_SECONDS = 7 * 86400
FIRST_ROTATION = (
    "The secret was not rotated: the first value of secret_rotation only marks the starting point. Each new value from "
    "now on rotates it."
)


def _problem_of_email_or_empty(value: str) -> str | None:
    return "must be an e-mail address, or empty for none" if value and not is_email(value) else None


def _problem_of_overlap(seconds: int) -> str | None:
    if seconds < 0:
        return "must be at least 0"
    return f"must be at most {LONGEST_OVERLAP_SECONDS}" if seconds > LONGEST_OVERLAP_SECONDS else None


@declares_arguments
class WebhookInputs(ResourceInputs):
    """The arguments of a webhook."""

    # The new webhook comes first, so that no event is missed.
    webhook_url: Annotated[
        str,
        Constraint(problem_of_webhook_url),
        Property(on_change=OnChange.REPLACES, identifies=True, same=same_url),
    ]
    enabled: bool = True
    # The form of events is the API's choice until a program makes it its own.
    event_types: Annotated[
        Annotated[list[Literal["message.received"]], FILLED] | None, Property(same=same_set, adopted_when=never)
    ] = None
    failure_notification_email: Annotated[
        Annotated[str, Constraint(_problem_of_email_or_empty)] | None, Property(same=same_email)
    ] = None
    # The API has an upgrade only. The URL is free for another form once the old webhook is deleted.
    schema_version: Annotated[
        Literal["normalized-events.v1", "raw-inbound.v1"] | None,
        Property(
            on_change=OnChange.REPLACES_OLD_FIRST,
            only_when=Condition(lambda old, _: old == NEWEST_SCHEMA, f"from `{NEWEST_SCHEMA}`"),
            adopted_when=never,
        ),
    ] = None
    on_conflict: Literal["fail", "replace"] = "fail"
    secret_rotation: Annotated[FilledText | None, Property(write_only=True)] = None
    rotation_overlap_seconds: Annotated[
        Annotated[int, Constraint(_problem_of_overlap)] | None, Property(write_only=True)
    ] = None

    def _overlap_needs_rotation(self) -> str | None:
        if self.rotation_overlap_seconds is not None and self.secret_rotation is None:
            return "rotation_overlap_seconds needs secret_rotation: it says how long a rotated secret stays valid."
        return None

    rules = (_overlap_needs_rotation,)


class WebhookLifecycle(
    Adoptable[WebhookInputs],
    Readable,
    Updatable[WebhookInputs],
    Deletable,
    Listable,
    Noticing,
):
    """The rules of webhooks."""

    noun = "webhook"
    plural = "webhooks"
    label = "webhookUrl"
    made_at = "createdAt"
    inputs = WebhookInputs
    how_adopted = "it is registered anew, since the secret of that registration is in no state"
    already_there = "This webhook_url is registered already"
    ways_on_after_conflict = (
        'set on_conflict="replace" to delete it and register anew with a new secret, which is also the way on after an '
        f"interrupted `pulumi up`; or {WAYS_TO_IMPORT}; or delete it"
    )
    needs_secrets_of_creation = True

    def identity(self, known: Mapping[str, Any]) -> tuple[str, ...] | None:
        """The URL as a parser reads it.

        The service compares the text, but two registrations of one URL in two spellings are never meant: each event
        would be delivered twice. A service that keeps URLs as its parser writes them refuses the second.
        """
        return (as_parsed(known["webhookUrl"]),) if "webhookUrl" in known else None

    def notice(self, method: Method, properties: Mapping[str, Any]) -> str | None:
        """Say that a webhook which was not registered here has no secret in the state."""
        if method is not Method.READ or "signingSecret" in properties:
            return None
        return (
            "The signing secret of this webhook is not known here: the API returns it only to the client that "
            "registers the URL. The output signing_secret stays empty. To get one, register anew: set "
            'on_conflict="replace" and run `pulumi up --replace` for it; receivers then need the new secret.'
        )

    def create(self, spectrum: SpectrumClient, wanted: WebhookInputs) -> Iterator[Live]:
        """Register the URL. Secrets come in this answer or never."""
        try:
            hook = self._register(spectrum, wanted)
        except AlreadyExists as conflict:
            existing_id = None if conflict.existing is None else conflict.existing.id
            raise AlreadyThere(existing_id, may_be_adopted=self.may_adopt(wanted)) from None
        yield from self._finish(spectrum, wanted, hook)

    def may_adopt(self, wanted: WebhookInputs) -> bool:
        """The program asks for it."""
        return wanted.on_conflict == "replace"

    def adopt(self, spectrum: SpectrumClient, wanted: WebhookInputs, object_id: str) -> Iterator[Live]:
        """Delete the registration that has the URL, and register anew: there is no other way to its secrets."""
        spectrum.webhooks.delete(object_id)
        try:
            hook = self._register(spectrum, wanted)
        except SpectrumError as error:
            raise Refusal(
                f"{explain(error, 'create')} The registration that was there (id {object_id}) is deleted already, to "
                "make room for this one, so nothing receives events at this URL until `pulumi up` succeeds."
            ) from None
        yield from self._finish(spectrum, wanted, hook)

    def _finish(self, spectrum: SpectrumClient, wanted: WebhookInputs, hook: RegisteredWebhook) -> Iterator[Live]:
        # A new webhook is enabled; older servers do not return the field.
        registered = Live(hook.id, {"enabled": True, **_live(hook).properties})
        yield registered
        if not wanted.enabled:
            yield self._change(spectrum, registered, wanted, {"enabled": False})

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Find the webhook in the list: there is no other way to read one."""
        hook = spectrum.webhooks.find(resource_id)
        return None if hook is None else _live(hook)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the active webhooks, oldest first."""
        return [_live(hook) for hook in spectrum.webhooks.all()]

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: WebhookInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Upgrade the schema alone and first, since older rows may refuse the rest; then the rest; then the secret."""
        if "schemaVersion" in changed:
            yield self._change(spectrum, current, wanted, {"schemaVersion": wanted.schema_version})
        settings: dict[str, Any] = {}
        if "enabled" in changed:
            settings["enabled"] = wanted.enabled
        if "eventTypes" in changed:
            settings["eventTypes"] = wanted.event_types
        if "failureNotificationEmail" in changed:
            settings["failureNotificationEmail"] = wanted.failure_notification_email or None
        if settings:
            yield self._change(spectrum, current, wanted, settings)
        is_first = current.properties.get("secretRotation") is None
        if "secretRotation" in changed and not is_first:
            yield self._rotate(spectrum, current.id, wanted)
        hint = FIRST_ROTATION if is_first and wanted.secret_rotation is not None else ""
        # The API never returns this value, so yield it here; None clears it when the argument was removed.
        yield Live(current.id, {"rotationOverlapSeconds": wanted.rotation_overlap_seconds}, hint=hint)

    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Remove the registration."""
        spectrum.webhooks.delete(resource_id)

    def shown_label(self, label: str) -> str:
        """Leave out what a URL may hide: credentials, the values of its query, and its fragment."""
        try:
            parts = urlsplit(label)
        except ValueError:
            return "(a URL that cannot be read)"
        query = re.sub(r"=[^&]*", "=…", parts.query)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="").geturl()

    def plain_label(self, label: str) -> str:
        """The URL as a parser writes it."""
        return as_parsed(label)

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """The host and the path."""
        url = urlsplit(str(properties.get("webhookUrl") or ""))
        return [f"{(url.hostname or '').removeprefix('www.')} {url.path}"]

    def _register(self, spectrum: SpectrumClient, wanted: WebhookInputs) -> RegisteredWebhook:
        return spectrum.webhooks.register(
            wanted.webhook_url,
            schema_version=wanted.schema_version,
            event_types=wanted.event_types,
            failure_notification_email=wanted.failure_notification_email or None,
        )

    def _change(self, spectrum: SpectrumClient, current: Live, wanted: WebhookInputs, settings: dict[str, Any]) -> Live:
        try:
            changed = _live(spectrum.webhooks.change(current.id, **settings))
            # What the answer leaves out is as it was sent.
            return Live(changed.id, {**settings, **changed.properties})
        except NotFound:
            raise _missing_or_unsupported(spectrum, current.id, "change webhooks in place") from None
        except Conflict as conflict:
            if NEWEST_SCHEMA in (current.properties.get("schemaVersion"), wanted.schema_version):
                raise
            raise Refusal(
                f"{conflict} A webhook that still has an older schema may refuse such changes: set "
                f'schema_version="{NEWEST_SCHEMA}", which upgrades it in place first.'
            ) from None

    def _rotate(self, spectrum: SpectrumClient, webhook_id: str, wanted: WebhookInputs) -> Live:
        try:
            rotated = spectrum.webhooks.rotate_secret(webhook_id, wanted.rotation_overlap_seconds)
        except NotFound:
            raise _missing_or_unsupported(spectrum, webhook_id, "rotate secrets") from None
        except SpectrumError as error:
            if not error.maybe_done:
                raise
            raise Refusal(
                f"{describe(error)} The secret may have been rotated all the same. Run `pulumi up` again: it rotates "
                "once more, and the state then holds the secret in force. The one that it holds now is valid for the "
                "overlap only."
            ) from None
        return Live(
            webhook_id,
            {"standardSigningSecret": rotated.standard_signing_secret, "secretRotation": wanted.secret_rotation},
        )


def _live(hook: WebhookRow) -> Live:
    properties = hook.model_dump(by_alias=True, exclude_unset=True, exclude={"id"})
    if properties.get("eventTypes") is not None:
        properties["eventTypes"] = list(properties["eventTypes"])
    return Live(hook.id, properties)


def _missing_or_unsupported(spectrum: SpectrumClient, webhook_id: str, ability: str) -> Refusal:
    if spectrum.webhooks.find(webhook_id) is None:
        return Refusal(
            "This webhook no longer exists. Run `pulumi refresh`; the next `pulumi up` then registers it again."
        )
    return Refusal(
        f"This Spectrum deployment is too old to {ability}: it knows the webhook and answers 404 all the same. Nothing "
        "was changed or lost: undo the change in the program."
    )


LIFECYCLE = WebhookLifecycle()
