"""Query parameters that are numbers or one of several texts."""

from __future__ import annotations

from starlette.datastructures import QueryParams

from pulumi_spectrum.emulator.errors import UnprocessableError

_MOST_DIGITS = 100


def whole_number(query: QueryParams, name: str, *, least: int, most: int | None = None) -> int | None:
    """Return a parameter as a whole number; None when the query does not have it. 422 when it is not valid.

    Args:
        query: The query.
        name: The parameter.
        least: The smallest allowed number.
        most: The largest allowed number.
    """
    text = query.get(name)
    if text is None:
        return None
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not plain or int(text) < least or (most is not None and int(text) > most):
        bounds = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise UnprocessableError(f"{name} must be a whole number {bounds}")
    return int(text)


def one_of(query: QueryParams, name: str, choices: tuple[str, ...]) -> str | None:
    """Return a parameter; None when the query does not have it. 422 when it is none of ``choices``."""
    text = query.get(name)
    if text is not None and text not in choices:
        raise UnprocessableError(f"{name} must be one of {', '.join(choices)}")
    return text
