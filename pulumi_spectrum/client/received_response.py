"""A response that was read to its end, within the bounds of what the API can have sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from pulumi_spectrum.client.exchanges import MAX_BODY_BYTES, TooLarge, UnreadableResponse

PACKINGS = ("gzip", "deflate")
"""The content encodings that are read. Neither grows to more than about a thousand times its size."""
PIECE_BYTES = 64 * 2**10
PACKED_PIECE_BYTES = 2**10
"""How much is unpacked at a time: at most about a MiB comes out before its size is looked at."""


@dataclass(frozen=True)
class ReceivedResponse:
    """A response.

    Args:
        status_code: Its HTTP status.
        headers: Its headers, by names in any case.
        content: Its body, unpacked.
    """

    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


def receive(response: requests.Response) -> ReceivedResponse:
    """Read the body of a response whose head is there.

    Raises:
        UnreadableResponse: The body is too large, or it is not packed in a way that the client has asked for.
        requests.RequestException: The body did not come to its end.
    """
    if response.status_code < 200:  # noqa: PLR2004
        # The final response may still follow on this connection, and would be read as that of the next request.
        response.raw.close()
        return ReceivedResponse(response.status_code, response.headers, b"")
    try:
        content = _read_body(response)
    except UnreadableResponse as error:
        error.status = response.status_code
        raise
    return ReceivedResponse(response.status_code, response.headers, content)


def _read_body(response: requests.Response) -> bytes:
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in ("", "identity", *PACKINGS):
        raise UnreadableResponse("the answer is packed in a way that was not asked for, so it cannot be read")
    body = bytearray()
    try:
        for piece in response.iter_content(PACKED_PIECE_BYTES if packing in PACKINGS else PIECE_BYTES):
            body += piece
            if len(body) > MAX_BODY_BYTES:
                raise TooLarge
    except requests.exceptions.ContentDecodingError:
        raise UnreadableResponse("the answer cannot be unpacked, so it cannot be read") from None
    return bytes(body)
