"""The validation of bodies and queries, and the messages of its errors."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError

from pulumi_spectrum.emulator.errors import ApiError, UnprocessableError
from pulumi_spectrum.emulator.switches import Switches

MAX_DEPTH = 100
"""How deep a body may be nested: less than what Python's own limit of recursion would end."""
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@([^@\x00-\x20.]+\.)+[A-Za-z]{{2,}}")

_SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be a string",
    "string_unicode": "must be a string",
    "bool_type": "must be a boolean",
    "bool_parsing": "must be a boolean",
    "int_type": "must be an integer",
    "list_type": "must be an array",
    "tuple_type": "must be an array",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "literal_error": "must be {expected}",
    "union_tag_invalid": "must be one of {expected_tags}",
    "union_tag_not_found": "is required",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must hold at least {min_length}",
    "string_too_short": "must have at least {min_length} character(s)",
    "string_too_long": "must have at most {max_length} character(s)",
}


class Body(BaseModel):
    """The body of a request: it has the named fields and no others, of exactly their types."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, defer_build=True)

    def sent(self) -> dict[str, Any]:
        """Return the fields that the client sent, in the API's spelling."""
        return self.model_dump(by_alias=True, exclude_unset=True)


def _check_phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise PydanticCustomError("phone", "must be an E.164 phone number, such as +14155550123")
    return text


def _check_email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise PydanticCustomError("email", "must be a valid e-mail address")
    return text


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("moment", "must be a time of the years 1 to 9999 in UTC") from None


def _accept_whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WholeNumber = Annotated[int, BeforeValidator(_accept_whole)]
"""An integer of JSON, where 5.0 is one too."""

Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time in UTC. One that names no zone is taken to be in UTC."""

RequestsPerSecond = Annotated[WholeNumber, Field(ge=1, le=1_000_000)]
FilledText = Annotated[str, StringConstraints(min_length=1)]
Phone = Annotated[str, AfterValidator(_check_phone)]
Email = Annotated[str, AfterValidator(_check_email)]


def read_json(content: bytes, content_type: str) -> Any:
    """Return a request's body as a JSON value; None when it has none."""
    if not content:
        return None
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise UnprocessableError("The content type of the body must be application/json")
    try:
        return parse_json(content)
    except ValueError:
        raise UnprocessableError("The body is not valid JSON") from None
    except RecursionError:
        raise UnprocessableError(f"The body is nested deeper than {MAX_DEPTH} levels") from None


def parse_json(content: bytes) -> Any:
    """Return a JSON value that can be walked through and written as JSON again.

    Raises:
        ValueError: It is not valid JSON, or holds a number that JSON has no form for.
        RecursionError: It is nested too deeply.
    """
    value = json.loads(content, parse_constant=_refuse_constant, parse_float=_parse_finite)
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            each
            for outer in level
            if isinstance(outer, (dict, list))
            for each in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return value
    raise RecursionError


def validate(adapter: TypeAdapter[Any], value: Any, switches: Switches) -> Any:
    """Return ``value`` as the adapter's type, or raise an error that names every problem."""
    try:
        return adapter.validate_python(value)
    except ValidationError as refused:
        problems = refused.errors(include_url=False, include_input=False)
        if switches.unknown_fields == "ignore" and isinstance(value, dict):
            unknown = {problem["loc"][-1] for problem in problems if problem["type"] == "extra_forbidden"}
            if unknown:
                known = {name: item for name, item in value.items() if name not in unknown}
                return validate(adapter, known, switches)
        about_contact = all(problem["type"] in {"phone", "email"} for problem in problems)
        status = switches.bad_contact_status if about_contact else 422
        raise ApiError(status, "; ".join(describe(problem, value) for problem in problems)) from None


def describe(problem: ErrorDetails, value: Any) -> str:
    """Return the message of one problem: the name of the field and what is wrong, never its value.

    Args:
        problem: The problem as pydantic describes it.
        value: The value that was validated.
    """
    parts = problem["loc"]
    if len(parts) > 1 and isinstance(value, dict) and parts[0] == value.get("type"):
        parts = parts[1:]  # which member of a union it was is no part of the field's name
    context = {name: _plain(str(text)) for name, text in problem.get("ctx", {}).items()}
    field = ".".join(_printable(str(part)) for part in parts) or context.get("discriminator", "The body")
    if problem["type"] == "value_error":
        return problem["msg"].removeprefix("Value error, ")  # a rule of several fields, which names them itself
    template = _SENTENCES.get(problem["type"])
    return f"{field} {template.format(**context) if template else problem['msg'].removeprefix('Input ')}"


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def _plain(quoted: str) -> str:
    return quoted.replace("'", "")


def _parse_finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
