"""What a resource's arguments must look like, checked before anything is sent.

Every problem becomes one sentence that names the argument as a program spells it. Values never appear in it: the engine
prints what we say, and an argument may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from pulumi_spectrum.spelling.property_names import to_camel, to_snake
from pulumi_spectrum.spelling.suggestions import did_you_mean

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""What the vendor's own clients check phone numbers with."""
_USERS_EMAIL = re.compile(r"(?!\.)(?!.*\.\.)[\x21-\x7e]*(?<!\.)@[^@]+\.[A-Za-z]{2,}")
"""What the API checks the e-mail address of a user with, as far as that is known."""

_SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not an argument of this resource",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "model_type": "must be a dictionary",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}


class NotKnownYet(Exception):
    """A rule has read an argument whose value is only known once other resources exist."""


class ResourceInputs(BaseModel):
    """The arguments of one kind of resource. Names are snake_case here, and camelCase in the state."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    rules: ClassVar[tuple[Callable[[Any], str | None], ...]] = ()
    """What has to fit together among arguments that are each right by themselves.

    Each rule is called with the arguments, and returns a sentence where they break it. In a preview an argument may not
    be known yet: a rule that reads it raises `NotKnownYet` by doing so, and is checked once the value is known.
    """

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise NotKnownYet(name)
            return super().__getattr__(name)


M = TypeVar("M", bound=ResourceInputs)


def check_inputs(model: type[ResourceInputs], known: Mapping[str, Any], unknown: frozenset[str]) -> list[str]:
    """Return one sentence for each problem in the arguments that are known.

    Args:
        model: The kind's arguments.
        known: Those with a value, in the state's spelling.
        unknown: The names of those whose value is not known yet. They are taken to be right.
    """
    sentences = []
    try:
        model.model_validate(dict(known))
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else ""
            if problem["type"] != "missing" or name not in unknown:
                sentences.append(f"{_path(problem['loc'])} {_sentence(problem)}.{_suggestion(problem, model)}")
    if not sentences:
        sentences.extend(_broken_rules(model, known, unknown))
    return list(dict.fromkeys(sentences))


def partly_known(model: type[M], known: Mapping[str, Any], unknown: Container[str]) -> M:
    """Return arguments that were checked, of which reading one that is not known yet raises `NotKnownYet`."""
    arguments = cast("M", model.model_construct(**known))
    for name, field in model.model_fields.items():
        if field.alias in unknown:
            # `model_construct` has put the default there.
            arguments.__dict__.pop(name, None)
    return arguments


def _broken_rules(model: type[ResourceInputs], known: Mapping[str, Any], unknown: frozenset[str]) -> Iterator[str]:
    arguments = partly_known(model, known, unknown)
    for rule in model.rules:
        with suppress(NotKnownYet):
            sentence = rule(arguments)
            if sentence is not None:
                yield sentence


def _path(location: Sequence[str | int]) -> str:
    """Return where a problem is, such as `components[1].text`. The keys inside an argument are left as they are."""
    first, *rest = location or ("",)
    return to_snake(str(first)) + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in rest)


def _sentence(problem: Any) -> str:
    if problem["type"] == "literal_error":
        return f"must be {problem['ctx']['expected']}"
    if problem["type"] in ("greater_than_equal", "less_than_equal"):
        bound = problem["ctx"].get("ge", problem["ctx"].get("le"))
        return f"must be at {'least' if 'ge' in problem['ctx'] else 'most'} {bound}"
    return _SENTENCES.get(problem["type"], str(problem["msg"]))


def _suggestion(problem: Any, model: type[ResourceInputs]) -> str:
    """Return the sentence that says which choice or argument was probably meant, or an empty text."""
    if problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1:
        return did_you_mean(to_snake(str(problem["loc"][0])), model.model_fields)
    if problem["type"] != "literal_error":
        return ""
    choices = re.findall(r"'([^']*)'", problem["ctx"]["expected"])
    # Where there is one choice only, the message names it already.
    return did_you_mean(problem["input"], choices) if len(choices) > 1 and isinstance(problem["input"], str) else ""


def _phone(value: str) -> str:
    if not E164.fullmatch(value):
        raise PydanticCustomError(
            "phone", "must be an E.164 phone number, such as +14155550123, without spaces or dashes"
        )
    return value


def is_email(value: str) -> bool:
    """Return whether a text has the form of an e-mail address."""
    return re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value) is not None


def _email(value: str) -> str:
    if not is_email(value):
        raise PydanticCustomError("email", "must be an e-mail address")
    if not _USERS_EMAIL.fullmatch(value):
        raise PydanticCustomError(
            "email",
            "must be an e-mail address that the API takes: ASCII before the @, without a dot at its start or end or "
            "two in a row, and at least two letters after the last dot",
        )
    return value


def _int_where_whole(value: Any) -> Any:
    """Numbers come from the engine as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Flag = Annotated[bool, Strict()]
Text = Annotated[str, StringConstraints(strict=True)]
FilledText = Annotated[str, StringConstraints(strict=True, min_length=1)]
Phone = Annotated[str, StringConstraints(strict=True), AfterValidator(_phone)]
Email = Annotated[str, StringConstraints(strict=True), AfterValidator(_email)]
WholeNumber = Annotated[int, Field(strict=True), BeforeValidator(_int_where_whole)]
SecondsOfAWeek = Annotated[int, Field(strict=True, ge=0, le=7 * 86400), BeforeValidator(_int_where_whole)]
PlatformName = Literal["imessage", "whatsapp_business", "voice", "slack"]
