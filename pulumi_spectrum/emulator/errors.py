"""The errors of the API. An operation raises one to respond with it."""

from __future__ import annotations


class ApiError(Exception):
    """A response that is an error.

    Args:
        status: The HTTP status.
        message: The text of the envelope's ``message``.
        headers: Headers of the response.
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
    """404: the contract has no such path. This is the only error whose code is a word."""

    def __init__(self) -> None:
        super().__init__(404, "Not found", code="NOT_FOUND")


class NotFoundError(ApiError):
    """404: the object never existed or was deleted."""

    def __init__(self, thing: str) -> None:
        super().__init__(404, f"{thing} not found")


class ConflictError(ApiError):
    """409: the present state does not allow the change."""

    def __init__(self, message: str) -> None:
        super().__init__(409, message)


class UnprocessableError(ApiError):
    """422: the request is not valid."""

    def __init__(self, message: str) -> None:
        super().__init__(422, message)
