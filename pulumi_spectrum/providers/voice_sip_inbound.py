"""SIP inbound targets. A project has one or none. Its password is never returned, and goes only with a username."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from pulumi_spectrum.client import PlanRefused, SipInboundRow, SpectrumClient
from pulumi_spectrum.messages.imports import WAYS_TO_IMPORT
from pulumi_spectrum.providers.inputs import ResourceInputs, Text
from pulumi_spectrum.providers.lifecycle import (
    Adoptable,
    AlreadyThere,
    Deletable,
    Listable,
    Live,
    Readable,
    Updatable,
)
from pulumi_spectrum.providers.needed_platform import is_off, platform_named_if_off
from pulumi_spectrum.providers.properties import Property
from pulumi_spectrum.spelling.values import same_sip_uri, same_text

CREDENTIALS = frozenset({"username", "password"})
_SIP_URI = re.compile(r"sips?:[^\x00-\x20]+")
"""What the API checks the address with, as far as that is known."""
_PASSWORD_IN_URI = re.compile(r"sips?:[^@]*:[^@]*@.*")


def _sip_uri(value: str) -> str:
    if not _SIP_URI.fullmatch(value):
        raise PydanticCustomError("sip_uri", "must be a SIP address, such as sip:bot@example.com")
    if _PASSWORD_IN_URI.fullmatch(value):
        raise PydanticCustomError(
            "sip_uri", "must not hold a password, which anybody could read: use the arguments username and password"
        )
    return value


def _has_known_password(known: Mapping[str, Any]) -> bool:
    return known.get("password") is not None and known.get("hasPassword") is not False


class VoiceSipInboundInputs(ResourceInputs):
    """The arguments of a SIP inbound target."""

    sip_uri: Annotated[Annotated[Text, AfterValidator(_sip_uri)], Property(same=same_sip_uri)]
    # A username goes only with a password, which `adopt` may not know.
    username: Annotated[Text | None, Property(same=same_text, adopted_when=_has_known_password)] = None
    password: Annotated[
        Text | None,
        Property(same=same_text, adopted_when=_has_known_password, write_only=True, shown_by="hasPassword"),
    ] = None
    on_conflict: Literal["fail", "adopt"] = "fail"

    def _both_or_neither(self) -> str | None:
        if (self.username is None) != (self.password is None):
            missing, given = ("username", "password") if self.username is None else ("password", "username")
            return f"{missing} is required with {given}: a target has both or neither. Set both to empty to clear them."
        if bool(self.username) != bool(self.password):
            empty, given = ("username", "password") if not self.username else ("password", "username")
            return (
                f"{empty} must not be empty where {given} has a value: a target has both or neither. Set both to empty "
                "to clear them."
            )
        return None

    rules = (_both_or_neither,)


class VoiceSipInboundLifecycle(
    Adoptable[VoiceSipInboundInputs], Readable, Updatable[VoiceSipInboundInputs], Deletable, Listable
):
    """The rules of SIP inbound targets."""

    noun = "SIP inbound target"
    plural = "SIP inbound targets"
    label = "sipUri"
    made_at = "createdAt"
    singleton = True
    inputs = VoiceSipInboundInputs
    already_there = "This project has a SIP inbound target already"
    ways_on_after_conflict = (
        f'{WAYS_TO_IMPORT}; or set on_conflict="adopt" to take it over and set it as given here, which loses the '
        "password that it has if one is given here; or remove it"
    )

    def create(self, spectrum: SpectrumClient, wanted: VoiceSipInboundInputs) -> Iterator[Live]:
        """Set the target where there is none. One that is there may have a password that nobody could read again."""
        with platform_named_if_off(spectrum, "voice"):
            made = spectrum.sip_inbound.create(_fields(wanted, {"sipUri", *CREDENTIALS}))
        if made is None:
            raise AlreadyThere(spectrum.project_id, may_be_adopted=self.may_adopt(wanted))
        yield _live(spectrum, made)

    def may_adopt(self, wanted: VoiceSipInboundInputs) -> bool:
        """The program asks for it."""
        return wanted.on_conflict == "adopt"

    def adopt(self, spectrum: SpectrumClient, wanted: VoiceSipInboundInputs, object_id: str) -> Iterator[Live]:
        """Set the target that is there. One that is gone by now is made anew."""
        del object_id
        yield self._set(spectrum, _fields(wanted, {"sipUri", *CREDENTIALS}))

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Read the target. One that is not set does not exist."""
        if resource_id != spectrum.project_id:
            return None
        with platform_named_if_off(spectrum, "voice"):
            row = spectrum.sip_inbound.read()
        return None if row is None else _live(spectrum, row)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the target, if it is set and the API shows it while the platform is off."""
        try:
            row = spectrum.sip_inbound.read()
        except PlanRefused:
            if not is_off(spectrum, "voice"):
                raise
            return []
        return [] if row is None else [_live(spectrum, row)]

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: VoiceSipInboundInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Change the address, and username and password together: alone, one may meet a target without the other."""
        names = changed & {"sipUri"} | (CREDENTIALS if changed & CREDENTIALS else frozenset())
        if names:
            yield self._set(spectrum, _fields(wanted, names))
        # The API never returns the password, so yield it here; None clears it when the argument was removed.
        yield Live(current.id, {"password": wanted.password})

    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Remove the target."""
        del resource_id
        with platform_named_if_off(spectrum, "voice"):
            spectrum.sip_inbound.delete()

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """The words for it: a project has only one."""
        del properties
        return ["SIP inbound"]

    def _set(self, spectrum: SpectrumClient, fields: dict[str, Any]) -> Live:
        with platform_named_if_off(spectrum, "voice"):
            return _live(spectrum, spectrum.sip_inbound.set(fields))


def _fields(wanted: VoiceSipInboundInputs, names: set[str] | frozenset[str]) -> dict[str, Any]:
    """Return the named fields that the program manages, as the API takes them: null where it has them empty."""
    managed = wanted.model_dump(by_alias=True, exclude_none=True)
    return {name: value or None for name, value in managed.items() if name in names}


def _live(spectrum: SpectrumClient, row: SipInboundRow) -> Live:
    return Live(spectrum.project_id, row.model_dump(by_alias=True, exclude_unset=True))


LIFECYCLE = VoiceSipInboundLifecycle()
