"""JSON as it may come from a server: whatever it holds can be shown, stored, compared and sent on."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

MAX_DEPTH = 64
"""How deep values may be nested. The API's own go to about 8, and Python's limit of calls is at a thousand."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(content: bytes) -> Any:
    """Return the value of a JSON text in UTF-8, with a `?` for each half of a surrogate pair.

    A service that counts as JavaScript does may cut a text within a pair. No other program could read such a half.

    Raises:
        ValueError: It is no JSON: numbers that are not finite are none, either. Or it is nested too deeply.
    """
    text = content.decode("utf-8-sig")
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        if _SURROGATE.search(text):
            value = json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    except RecursionError:
        raise ValueError("The value is nested too deeply.") from None
    if is_deeper_than(MAX_DEPTH, value):
        raise ValueError("The value is nested too deeply.")
    return value


_CONTAINERS = (dict, list, tuple)


def is_deeper_than(depth: int, value: Any) -> bool:
    """Return whether lists and dictionaries are nested more than `depth` times. It calls nothing recursively."""
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(depth):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, _CONTAINERS)
        ]
        if not level:
            return False
    return any(level)


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)


def _refuse(_number: str) -> NoReturn:
    raise ValueError("A number is not finite.")
