"""What a resource holds that no message may show: the texts that a program chose, and the secrets that the API made."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, NoReturn, get_args, get_origin

from pulumi_spectrum.client.redaction import hide
from pulumi_spectrum.providers.inputs import ResourceInputs, arguments_of, once_for_each_kind


def confidential_texts(
    declared: type[ResourceInputs], secret_outputs: Collection[str], *properties: Mapping[str, Any]
) -> dict[str, str]:
    """Return the texts to hide, each with the name of its property.

    The engine hands over secrets as plain text, so every argument counts as one, but for those whose values are words
    that the argument itself defines, such as `fail`.

    Args:
        declared: The kind's arguments.
        secret_outputs: The names of the outputs that are secrets.
        properties: Inputs and outputs, in the state's spelling.
    """
    hidden = _free_arguments(declared).union(secret_outputs)
    return {
        value: name
        for each in properties
        for name, value in each.items()
        if name in hidden and isinstance(value, str) and value
    }


def raise_bug(error: BaseException, note: str, texts: Mapping[str, str]) -> NoReturn:
    """Raise a failure of this package for the host, which prints the traceback.

    An error whose own words hold one of the texts is raised as its traceback without them. What is no exception, such
    as an exit, is raised as one: the host answers the engine for exceptions only.
    """
    failure: BaseException = error
    if any(hide(str(each), texts) != str(each) for each in _chain(error)):
        failure = RuntimeError(hide("".join(traceback.format_exception(error)), texts))
        failure.__suppress_context__ = True
    elif not isinstance(error, Exception):
        failure = RuntimeError(f"{type(error).__name__} was raised inside the provider")
        failure.__cause__ = error
    failure.add_note(note)
    raise failure


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@once_for_each_kind
def _free_arguments(declared: type[ResourceInputs]) -> frozenset[str]:
    """Return the names of the arguments whose values a program chooses freely."""
    return frozenset(name for name, each in arguments_of(declared).items() if not _is_enumerated(each.type))


def _is_enumerated(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(map(_is_enumerated, get_args(annotation)))
