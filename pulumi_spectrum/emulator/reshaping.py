"""Responses in another form than the contract has: of an older or a newer service, or of a broken one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

Shape = Literal["other-types", "fewer-fields", "more-fields"]
"""How the data differs: texts are numbers, and all other values texts; objects have only those fields that hold objects
or lists; or they have a field that the API does not have."""


def reshape(data: Any, shape: Shape) -> Any:
    """Return the data of a response in another form. The lists, and the objects in them, stay as many as they are."""
    return _SHAPES[shape](data)


def _with_other_types(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_other_types(each) for name, each in value.items()}
    if isinstance(value, list) and value:
        return [_with_other_types(each) for each in value]
    return 17 if isinstance(value, str) or value is None else "seventeen"


def _with_fewer_fields(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_fewer_fields(each) for name, each in value.items() if isinstance(each, dict | list)}
    return [_with_fewer_fields(each) for each in value] if isinstance(value, list) else value


def _with_more_fields(value: Any) -> Any:
    if isinstance(value, dict):
        return {**{name: _with_more_fields(each) for name, each in value.items()}, "fieldOfTheFuture": {"is": ["new"]}}
    return [_with_more_fields(each) for each in value] if isinstance(value, list) else value


_SHAPES: dict[Shape, Callable[[Any], Any]] = {
    "other-types": _with_other_types,
    "fewer-fields": _with_fewer_fields,
    "more-fields": _with_more_fields,
}
