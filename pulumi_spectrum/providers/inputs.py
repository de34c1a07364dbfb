"""What a kind of resource takes as arguments: how they are declared, and read where some are not known yet.

A kind declares its arguments as a frozen dataclass: the type of each, what its value must be besides, and its facts.
`input_checks.py` holds values against that with pydantic, which takes longer to load than all rules together. Nothing
here loads it, so a run in which nothing changes does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from inspect import get_annotations
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeVar,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
)

from pulumi_spectrum.spelling.property_names import to_camel

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""What the vendor's own clients check phone numbers with."""
_USERS_EMAIL = re.compile(r"(?!\.)(?!.*\.\.)[\x21-\x7e]*(?<!\.)@[^@]+\.[A-Za-z]{2,}")
"""What the API checks the e-mail address of a user with, as far as that is known."""


class NotKnownYet(Exception):
    """A rule has read an argument whose value is only known once other resources exist."""


class ResourceInputs:
    """The arguments of one kind of resource. Names are snake_case here, and camelCase in the state.

    A kind derives from this class, and is decorated with `declares_arguments`.
    """

    __slots__ = ()

    rules: ClassVar[tuple[Callable[[Any], str | None], ...]] = ()
    """What has to fit together among arguments that are each right by themselves.

    Each rule is called with the arguments, and returns a sentence where they break it. In a preview an argument may not
    be known yet: a rule that reads it raises `NotKnownYet` by doing so, and is checked once the value is known.
    """

    def __repr__(self) -> str:
        """Return no value: it may be a secret."""
        return f"{type(self).__name__}(…)"

    def as_properties(self, names: Container[str]) -> dict[str, Any]:
        """Return those of the named arguments that have a value, in the state's spelling and the declared order."""
        values = {
            name: getattr(self, each.attribute) for name, each in arguments_of(type(self)).items() if name in names
        }
        return {name: value for name, value in values.items() if value is not None}

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Python asks here for what a slot has no value of.
            if any(each.name == name for each in fields(type(self))):
                raise NotKnownYet(name)
            raise AttributeError(f"{type(self).__name__} has no argument {name}")


M = TypeVar("M", bound=ResourceInputs)
T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def declares_arguments(cls: type[M]) -> type[M]:
    """Make a frozen dataclass of a class that declares arguments. An argument that is not known has no value in it."""
    return dataclass(frozen=True, kw_only=True, slots=True, repr=False)(cls)


def once_for_each_kind(find: Callable[[type[ResourceInputs]], T]) -> Callable[[type[ResourceInputs]], T]:
    """Make a function of declared arguments remember its results."""
    # mypy takes classes for values without a hash.
    return cast("Callable[[type[ResourceInputs]], T]", cache(find))


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One declared argument.

    Args:
        attribute: Its name in a program.
        type: Its type, with all that is declared beside it.
        beside_type: What is declared beside the whole type, such as its facts.
        default: The value that it has when it is left out.
        is_required: Whether it cannot be left out.
    """

    attribute: str
    type: Any
    beside_type: tuple[Any, ...]
    default: Any
    is_required: bool


@once_for_each_kind
def arguments_of(declared: type[ResourceInputs]) -> Mapping[str, Argument]:
    """Return the arguments of a kind by their names in the state."""
    types: dict[str, Any] = {}
    for cls in reversed(declared.__mro__):
        types |= get_annotations(cls, eval_str=True)
    arguments = {}
    for each in fields(cast("Any", declared)):
        annotation, default = types[each.name], _default_of(each)
        arguments[to_camel(each.name)] = Argument(
            attribute=each.name,
            type=annotation,
            beside_type=get_args(annotation)[1:] if get_origin(annotation) is Annotated else (),
            default=None if default is MISSING else default,
            is_required=default is MISSING,
        )
    return arguments


def _default_of(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def partly_known(declared: type[M], known: Mapping[str, Any], unknown: Container[str]) -> M:
    """Return arguments that were checked, of which reading one that is not known yet raises `NotKnownYet`."""
    arguments = object.__new__(declared)
    for name, each in arguments_of(declared).items():
        if name in known or not (each.is_required or name in unknown):
            object.__setattr__(arguments, each.attribute, known.get(name, each.default))
    return arguments


@dataclass(frozen=True)
class Constraint:
    """What the value of an argument must be besides its type, declared beside that with `Annotated`.

    Args:
        problem_of: Takes the value and returns what is wrong with it, in words that follow the argument's name, if
            something is.
    """

    problem_of: Callable[[Any], str | None]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the schema by which pydantic asks for the problem, once the type is right."""
        # Imported here, since pydantic alone calls this.
        from pydantic_core import PydanticCustomError, core_schema  # noqa: PLC0415

        def check(value: Any) -> Any:
            problem = self.problem_of(value)
            if problem is not None:
                raise PydanticCustomError("constraint", "{problem}", {"problem": problem})
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))


def _problem_of_phone(value: str) -> str | None:
    if E164.fullmatch(value):
        return None
    return "must be an E.164 phone number, such as +14155550123, without spaces or dashes"


def is_email(value: str) -> bool:
    """Return whether a text has the form of an e-mail address."""
    return re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value) is not None


def _problem_of_email(value: str) -> str | None:
    if not is_email(value):
        return "must be an e-mail address"
    if not _USERS_EMAIL.fullmatch(value):
        return (
            "must be an e-mail address that the API takes: ASCII before the @, without a dot at its start or end or "
            "two in a row, and at least two letters after the last dot"
        )
    return None


FILLED = Constraint(lambda value: None if value else "must not be empty")
"""The constraint of a text or a list that cannot be empty."""

FilledText = Annotated[str, FILLED]
Phone = Annotated[str, Constraint(_problem_of_phone)]
Email = Annotated[str, Constraint(_problem_of_email)]
PlatformName = Literal["imessage", "whatsapp_business", "voice", "slack"]
