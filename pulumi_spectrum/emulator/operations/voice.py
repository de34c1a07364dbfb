"""The SIP target for incoming calls."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from pulumi_spectrum.emulator.errors import ApiError, ConflictError, NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.state.voice import SipInbound
from pulumi_spectrum.emulator.validation import Body

_SIP_URI = re.compile(r"sips?:[^\x00-\x20]+")


def _check_sip_uri(text: str) -> str:
    if not _SIP_URI.fullmatch(text):
        raise PydanticCustomError("sip_uri", "must be a SIP address, such as sip:bot@example.com")
    return text


class SipInboundUpdate(Body):
    """The body that sets the target; null clears the user name or the password."""

    sip_uri: Annotated[str, AfterValidator(_check_sip_uri)] = ""
    username: str | None = None
    password: str | None = None


@OPERATIONS.answer("getSipInbound")
def get_sip_inbound(call: Call[None]) -> dict[str, Any] | None:
    """Answer the target, or null."""
    sip = call.project.sip_inbound
    return sip.shown(call.project.id, call.settings) if sip else None


@OPERATIONS.answer("updateSipInbound", body=SipInboundUpdate)
def update_sip_inbound(call: Call[SipInboundUpdate]) -> dict[str, Any]:
    """Answer the target as it is now. Only the first call needs an enabled platform and a sipUri."""
    now = call.settings.clock.now()
    former = call.project.sip_inbound
    fields = call.body.sent()
    if not fields:
        raise UnprocessableError("The body must hold at least one field to change")
    if former is None and "sipUri" not in fields:
        raise UnprocessableError("sipUri is required")
    if former is None and not call.project.platforms.is_enabled("voice"):
        raise ConflictError("Platform voice is disabled")
    kept = former.model_dump(by_alias=True) if former else {"createdAt": now}
    sip = SipInbound.model_validate({**kept, **fields, "updatedAt": now})
    if (sip.username is None) != (sip.password is None):
        status = call.settings.switches.half_credentials_status
        raise ApiError(status, "username and password must both be set or both be null")
    call.project.sip_inbound = sip
    return sip.shown(call.project.id, call.settings)


@OPERATIONS.answer("deleteSipInbound")
def delete_sip_inbound(call: Call[None]) -> None:
    """Remove the target: no source names the answer's shape."""
    if call.project.sip_inbound is None:
        raise NotFoundError("SIP target")
    call.project.sip_inbound = None
