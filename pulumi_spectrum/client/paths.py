"""Ids in the paths of requests. An id may come from a program, an import or a state, so it may be any text."""

from __future__ import annotations

from urllib.parse import quote

from pulumi_spectrum.client.errors import RequestRefused


def segment(object_id: str) -> str:
    """Return an id as one segment of a path, whatever characters it has.

    Raises:
        RequestRefused: No segment stands for it: it is empty, or one that leads to another path.
    """
    try:
        encoded = quote(object_id, safe="")
    except UnicodeEncodeError:  # half of a surrogate pair
        encoded = ""
    if encoded in ("", ".", ".."):
        raise RequestRefused(
            "the API has no such id, so nothing was sent. Check the id", method="Addressing", path="an object"
        )
    return encoded
