"""The SIP inbound target: where a project's incoming calls go."""

from __future__ import annotations

from pulumi_spectrum.client.responses import Row
from pulumi_spectrum.client.singleton import SingletonArea


class SipInboundRow(Row):
    """A project's SIP target. The API takes its password and never returns it."""

    sip_uri: str
    username: str | None = None
    has_password: bool | None = None
    created_at: str | None = None
    updated_at: str | None = None


class SipInbound(SingletonArea[SipInboundRow]):
    """The SIP target of a project. Its fields are `sipUri`, which the first call needs, `username` and `password`.

    None clears the username and the password, of which a target has both or neither.
    """

    row = SipInboundRow
    path = "/voice/sip-inbound/"
    method = "PATCH"
