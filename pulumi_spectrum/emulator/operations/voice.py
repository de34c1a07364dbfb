"""The SIP target for incoming calls."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from pulumi_spectrum.emulator.errors import ApiError, NotFoundError, UnprocessableError
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.validation import Body

_SIP_URI = re.compile(r"sips?:[^\x00-\x20]+")


def _check_sip_uri(text: str) -> str:
    if not _SIP_URI.fullmatch(text):
        raise PydanticCustomError("sip_uri", "must be a SIP address, such as sip:bot@example.com")
    return text


class SipInboundBody(Body):
    """The body that sets the target. Null clears the user name or the password."""

    sip_uri: Annotated[str, AfterValidator(_check_sip_uri)] = ""
    username: str | None = None
    password: str | None = None


@OPERATIONS.register("getSipInbound")
def get_sip_inbound(call: Call[None]) -> dict[str, Any] | None:
    """Return the target; null when it is not set."""
    return call.project.sip_inbound.shown()


@OPERATIONS.register("updateSipInbound", body=SipInboundBody)
def update_sip_inbound(call: Call[SipInboundBody]) -> dict[str, Any] | None:
    """Return the changed target. The first call needs a sipUri and an enabled platform, later calls need neither."""
    sip_inbound = call.project.sip_inbound
    fields = call.body.sent()
    if not fields:
        raise UnprocessableError("The body must hold at least one field to change")
    if sip_inbound.value is None and "sipUri" not in fields:
        raise UnprocessableError("sipUri is required")
    if sip_inbound.value is None and not call.project.platforms.is_enabled("voice"):
        raise ApiError(call.settings.switches.voice_disabled_status, "Platform voice is disabled")
    changed = sip_inbound.changed(**fields)
    if (changed.username is None) != (changed.password is None):
        status = call.settings.switches.half_credentials_status
        raise ApiError(status, "username and password must both be set or both be null")
    sip_inbound.set(**fields)
    return sip_inbound.shown()


@OPERATIONS.register("deleteSipInbound")
def delete_sip_inbound(call: Call[None]) -> None:
    """Remove the target. The response's shape is in no source."""
    if call.project.sip_inbound.value is None:
        raise NotFoundError("SIP target")
    call.project.sip_inbound.clear()
