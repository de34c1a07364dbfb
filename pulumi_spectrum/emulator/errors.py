"""What an operation raises to answer with an error."""

from __future__ import annotations


class ApiError(Exception):
    """An answer that is not a success.

    Args:
        status: The HTTP status of the answer.
        message: The text of the envelope's ``message``.
        headers: Headers to send beside the envelope.
        code: The text of the envelope's ``code``; the status if not given.
    """

    def __init__(
        self, status: int, message: str, headers: dict[str, str] | None = None, *, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.code = code or str(status)


class UnmatchedRouteError(ApiError):
    """404: no operation has this path. The one error whose code is a word."""

    def __init__(self) -> None:
        super().__init__(404, "Not found", code="NOT_FOUND")


class NotFoundError(ApiError):
    """404: never there, or deleted."""

    def __init__(self, thing: str) -> None:
        super().__init__(404, f"{thing} not found")


class ConflictError(ApiError):
    """409: the state forbids the change."""

    def __init__(self, message: str) -> None:
        super().__init__(409, message)


class UnprocessableError(ApiError):
    """422: the request does not say what the API can understand."""

    def __init__(self, message: str) -> None:
        super().__init__(422, message)
