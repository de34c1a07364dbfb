"""Reads HTTP responses: the status decides first, then the envelope `{succeed, data}`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator

from pulumi_spectrum.client.errors import (
    About,
    Conflict,
    CredentialsRefused,
    NotFound,
    PlanRefused,
    RateLimited,
    RequestRefused,
    ServiceFailed,
    SpectrumError,
)
from pulumi_spectrum.client.json_texts import read_json
from pulumi_spectrum.client.redaction import hide
from pulumi_spectrum.spelling.printable import on_one_line
from pulumi_spectrum.spelling.property_names import to_camel

if TYPE_CHECKING:
    from pulumi_spectrum.client.received_response import ReceivedResponse  # loads requests

LONGEST_MESSAGE = 300
"""How many characters of the service's message are shown at most: it may be a page of HTML."""
UNREADABLE = "so this release cannot read it. Upgrade pulumi-spectrum, or report this if there is no newer release"
"""The end of the message about an answer of the API whose form is not known here."""

LONGEST_READ_MESSAGE = 10_000
"""A longer message is not looked through for values to hide, and so it is not shown at all."""
MOST_FIELDS = 5
"""How many fields of an answer of an unexpected form are named."""

_REFUSALS: dict[int, type[SpectrumError]] = {
    401: CredentialsRefused,
    402: PlanRefused,
    403: PlanRefused,
    404: NotFound,
    409: Conflict,
}


R = TypeVar("R", bound="Row")


def _refuse_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("It is empty.")
    return text


ObjectId = Annotated[str, AfterValidator(_refuse_blank)]
"""What an object is known by. An empty one would be recorded in a state, where it means that the object is gone."""


class Row(BaseModel):
    """An object as the API returns it. Unknown fields are ignored, and a field that was not returned is not set.

    A field `id` is an `ObjectId` in every row that has one.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        defer_build=True,
    )

    _check_id = field_validator("id", check_fields=False)(_refuse_blank)


def _without_spacing(number: Any) -> Any:
    return re.sub(r"[\s().-]", "", number) if isinstance(number, str) else number


PhoneNumber = Annotated[str, BeforeValidator(_without_spacing)]
"""A phone number as the API accepts it, E.164, without the spaces with which the API may return it."""


def decode_response(
    response: ReceivedResponse, method: str, path: str, hidden: Mapping[str, str] = MappingProxyType({})
) -> Any:
    """Return the `data` of a successful response.

    Args:
        response: The response, read to its end.
        method: The request's HTTP method.
        path: The request's path, below the project.
        hidden: The values that no error may show if the service repeats them, each with the name to show instead.

    Raises:
        SpectrumError: The class that fits the status; ServiceFailed for a response that is not the Spectrum API's.
    """
    status = response.status_code
    about: About = {"method": method, "path": path, "status": status, "retry_after": _retry_after(response)}
    envelope = _read_envelope(response)
    if envelope is not None and envelope.get("code") is not None:
        about["code"] = _shown(envelope["code"], hidden)
    if 200 <= status < 300:  # noqa: PLR2004
        if envelope is not None and envelope.get("succeed") is True and "data" in envelope:
            return envelope["data"]
        if envelope is not None and envelope.get("succeed") is False:
            raise ServiceFailed(_message_of(envelope, hidden), **about)
        raise ServiceFailed(_not_spectrum(response, hidden), setting="base_url", **about)
    if 300 <= status < 400:  # noqa: PLR2004
        raise ServiceFailed(
            "the address answered with a redirect, and credentials are never sent on to another address",
            setting="base_url",
            **about,
        )
    message = _message_of(envelope, hidden) if envelope is not None else _not_spectrum(response, hidden)
    if status == 429:  # noqa: PLR2004
        raise RateLimited(message, **about)
    if status >= 500 or envelope is None:  # noqa: PLR2004
        # A proxy's 403 or a load balancer's 404 says nothing about the object.
        raise ServiceFailed(message, setting="" if envelope is not None else "base_url", **about)
    raise _REFUSALS.get(status, RequestRefused)(message, **about)


def decode(model: type[R], data: Any, path: str) -> R:
    """Return a row. Only the fields that the package needs must be there.

    Raises:
        ServiceFailed: A needed field is missing or of another type. It is named; its value is not shown.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        places = sorted({".".join(map(str, problem["loc"])) or "data" for problem in problems})
        fields = on_one_line(", ".join(places[:MOST_FIELDS])) + (", …" if len(places) > MOST_FIELDS else "")
        raise ServiceFailed(
            f"the answer has an unexpected form (in {fields}), {UNREADABLE}", path=path, method="Reading"
        ) from None


def decode_list(model: type[R], data: Any, path: str) -> list[R]:
    """Return the rows of an array.

    Raises:
        ServiceFailed: The data is no array, or one of its objects cannot be read.
    """
    if not isinstance(data, list):
        raise ServiceFailed(f"the answer is not a list, {UNREADABLE}", path=path, method="Reading")
    return [decode(model, row, path) for row in data]


def _read_envelope(response: ReceivedResponse) -> dict[str, Any] | None:
    try:
        body = read_json(response.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) and isinstance(body.get("succeed"), bool) else None


def _message_of(envelope: dict[str, Any], hidden: Mapping[str, str]) -> str:
    message = envelope.get("message")
    return _shown(message, hidden) if message else "the service gave no reason"


def _shown(value: Any, hidden: Mapping[str, str]) -> str:
    """Return a text of the service as one printable line: hidden values are replaced first, then it is cut."""
    text = str(value)
    if len(text) > LONGEST_READ_MESSAGE:
        return "its text is too long to show"
    text = on_one_line(text)
    return hide(" ".join(text.split()), hidden)[:LONGEST_MESSAGE]


def _not_spectrum(response: ReceivedResponse, hidden: Mapping[str, str]) -> str:
    kind = _shown(response.headers.get("Content-Type", "").split(";")[0], hidden) or "no content type"
    return (
        f"the answer is not from the Spectrum API ({kind}); a proxy or another server may stand in between. Check the "
        "proxy settings"
    )


def _retry_after(response: ReceivedResponse) -> float | None:
    """Return the seconds of either form of the header, or None where it is missing or cannot be read."""
    value = response.headers.get("Retry-After", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            now = parsedate_to_datetime(response.headers["Date"])
            seconds = (parsedate_to_datetime(value) - now).total_seconds()
        except (KeyError, ValueError, TypeError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
