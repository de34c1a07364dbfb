"""Parameters of a query that are more than text."""

from __future__ import annotations

from starlette.datastructures import QueryParams

from pulumi_spectrum.emulator.errors import UnprocessableError

_MOST_DIGITS = 100


def whole_number(query: QueryParams, name: str, *, least: int, most: int | None = None) -> int | None:
    """Return a parameter as a whole number, None when it is not there, or answer 422.

    Args:
        query: The query.
        name: The parameter.
        least: The smallest number that is allowed.
        most: The largest number that is allowed.
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
    """Return a parameter that is one of ``choices``, None when it is not there, or answer 422."""
    text = query.get(name)
    if text is not None and text not in choices:
        raise UnprocessableError(f"{name} must be one of {', '.join(choices)}")
    return text
