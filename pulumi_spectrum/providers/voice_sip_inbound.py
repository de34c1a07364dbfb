"""SIP inbound targets. A project has one or none. Its password is never returned, and goes only with a username."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pulumi_spectrum.messages.imports import WAYS_TO_IMPORT
from pulumi_spectrum.providers.inputs import Constraint, ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Live
from pulumi_spectrum.providers.platform_singleton import PlatformSingleton
from pulumi_spectrum.providers.properties import Property
from pulumi_spectrum.spelling.values import same_sip_uri, same_text

if TYPE_CHECKING:
    from pulumi_spectrum.client.sip_inbound import SipInbound, SipInboundRow
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

CREDENTIALS = frozenset({"username", "password"})
_SIP_URI = re.compile(r"sips?:[^\x00-\x20]+")
"""What the API checks the address with, as far as that is known."""
_PASSWORD_IN_URI = re.compile(r"sips?:[^@]*:[^@]*@.*")


def _problem_of_sip_uri(value: str) -> str | None:
    if not _SIP_URI.fullmatch(value):
        return "must be a SIP address, such as sip:bot@example.com"
    if _PASSWORD_IN_URI.fullmatch(value):
        return "must not hold a password, which anybody could read: use the arguments username and password"
    return None


def _has_known_password(known: Mapping[str, Any]) -> bool:
    return known.get("password") is not None and known.get("hasPassword") is not False


@declares_arguments
class VoiceSipInboundInputs(ResourceInputs):
    """The arguments of a SIP inbound target."""

    sip_uri: Annotated[str, Constraint(_problem_of_sip_uri), Property(same=same_sip_uri)]
    # A username goes only with a password, which `adopt` may not know.
    username: Annotated[str | None, Property(same=same_text, adopted_when=_has_known_password)] = None
    password: Annotated[
        str | None,
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


class VoiceSipInboundLifecycle(PlatformSingleton[VoiceSipInboundInputs]):
    """The rules of SIP inbound targets."""

    noun = "SIP inbound target"
    plural = "SIP inbound targets"
    label = "sipUri"
    platform = "voice"
    fields = CREDENTIALS | {"sipUri"}
    inputs = VoiceSipInboundInputs
    already_there = "This project has a SIP inbound target already"
    ways_on_after_conflict = (
        f'{WAYS_TO_IMPORT}; or set on_conflict="adopt" to take it over and set it as given here, which loses the '
        "password that it has if one is given here; or remove it"
    )

    def area(self, spectrum: SpectrumClient) -> SipInbound:
        """Return the area of SIP inbound targets."""
        return spectrum.sip_inbound

    def properties(self, row: SipInboundRow) -> dict[str, Any]:
        """Return the target as the API shows it."""
        return row.model_dump(by_alias=True, exclude_unset=True)

    def sent(self, wanted: VoiceSipInboundInputs, names: Collection[str]) -> dict[str, Any]:
        """Return the named fields, with null where the program has them empty: that clears them."""
        return {name: value or None for name, value in super().sent(wanted, names).items()}

    def may_adopt(self, wanted: VoiceSipInboundInputs) -> bool:
        """The program asks for it."""
        return wanted.on_conflict == "adopt"

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: VoiceSipInboundInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Change the address, and username and password together: alone, one may meet a target without the other."""
        names = changed & {"sipUri"} | (CREDENTIALS if changed & CREDENTIALS else frozenset())
        if names:
            yield self.set(spectrum, wanted, names)
        # The API never returns the password, so yield it here; None clears it when the argument was removed.
        yield Live(current.id, {"password": wanted.password})

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """The words for it: a project has only one."""
        del properties
        return ["SIP inbound"]


LIFECYCLE = VoiceSipInboundLifecycle()
