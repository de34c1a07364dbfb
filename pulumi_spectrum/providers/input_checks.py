"""Holds values against the declared arguments of a kind, before anything is sent.

Every problem becomes one sentence that names the argument as a program spells it. Values never appear in it: the engine
prints what we say, and an argument may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.providers.inputs import NotKnownYet, ResourceInputs, arguments_of, once_for_each_kind, partly_known
from pulumi_spectrum.providers.plain_values import as_whole_number
from pulumi_spectrum.spelling.property_names import to_camel, to_snake
from pulumi_spectrum.spelling.suggestions import did_you_mean

_SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not an argument of this resource",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "dict_type": "must be a dictionary",
}

M = TypeVar("M", bound=ResourceInputs)


def parse_inputs(declared: type[M], inputs: Mapping[str, Any]) -> M:
    """Return arguments that are about to be sent, as their kind declares them.

    Raises:
        Refusal: They are not as declared. They were in the state already, so no check has looked at them.
    """
    try:
        return declared(**dict(_model_of(declared).model_validate(_with_whole_numbers(inputs))))
    except ValidationError as error:
        raise Refusal(" ".join(_sentences_about(error, declared, frozenset()))) from None


def check_inputs(declared: type[ResourceInputs], known: Mapping[str, Any], unknown: frozenset[str]) -> list[str]:
    """Return one sentence for each problem in the arguments that are known.

    Args:
        declared: The kind's arguments.
        known: Those with a value, in the state's spelling.
        unknown: The names of those whose value is not known yet. They are taken to be right.
    """
    sentences = []
    try:
        _model_of(declared).model_validate(_with_whole_numbers(known))
    except ValidationError as error:
        sentences = _sentences_about(error, declared, unknown)
    return sentences or list(dict.fromkeys(_broken_rules(declared, known, unknown)))


def _sentences_about(error: ValidationError, declared: type[ResourceInputs], unknown: frozenset[str]) -> list[str]:
    """Return one sentence for each problem that pydantic has found, but for what is missing since it is unknown."""
    sentences = [
        f"{_path(problem['loc'])} {_sentence(problem)}.{_suggestion(problem, declared)}"
        for problem in error.errors()
        if problem["type"] != "missing" or str(problem["loc"][0]) not in unknown
    ]
    return list(dict.fromkeys(sentences))


@once_for_each_kind
def _model_of(declared: type[ResourceInputs]) -> type[BaseModel]:
    """Return the model by which pydantic checks the arguments of a kind. It takes no value for another type's."""
    declarations: dict[str, Any] = {
        each.attribute: (each.type, ... if each.is_required else each.default)
        for each in arguments_of(declared).values()
    }
    config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, hide_input_in_errors=True)
    return create_model(declared.__name__, __config__=config, **declarations)


def _with_whole_numbers(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_whole_number(value) for name, value in inputs.items()}


def _broken_rules(declared: type[ResourceInputs], known: Mapping[str, Any], unknown: frozenset[str]) -> Iterator[str]:
    arguments = partly_known(declared, known, unknown)
    for rule in declared.rules:
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
    return _SENTENCES.get(problem["type"], str(problem["msg"]))


def _suggestion(problem: Any, declared: type[ResourceInputs]) -> str:
    """Return the sentence that says which choice or argument was probably meant, or an empty text."""
    if problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1:
        names = [each.attribute for each in arguments_of(declared).values()]
        return did_you_mean(to_snake(str(problem["loc"][0])), names)
    if problem["type"] != "literal_error":
        return ""
    choices = re.findall(r"'([^']*)'", problem["ctx"]["expected"])
    # Where there is one choice only, the message names it already.
    return did_you_mean(problem["input"], choices) if len(choices) > 1 and isinstance(problem["input"], str) else ""
