"""What can go wrong between the caller and the API.

Each class is named for what happened. The tree of all of them, each branch named for who or what is to blame::

    SettingsRefused              a setting is missing or cannot be used: no request was sent
    SpectrumError
    ├── RequestRefused           the caller's mistake: the service read the request and refused it (400, 422, other 4xx)
    │   ├── NotFound             404
    │   ├── Conflict             409
    │   │   └── AlreadyExists    an object with the same key exists, and this call did not make it
    │   └── PlanRefused          402 and 403: the project's plan or settings do not allow it
    ├── CredentialsRefused       401
    ├── RateLimited              429, and waiting did not help in time
    ├── ServiceFailed            5xx, or a response that cannot be read: another server's, a redirect, an unknown form
    ├── OutcomeUnknown           a response was lost, and the list does not show which object the request made
    ├── Abandoned                the program that waits for the response has ended: the request was not sent
    └── NetworkFailed
        ├── Unreachable          the request was never sent: it may always be repeated
        └── AnswerLost           it was sent, and no response came: it may have been carried out

A SpectrumError has the status, the service's own code and message, the method and the path. None has a secret, or a
text that the request carried: where the service repeats one, its property's name stands in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

from pulumi_spectrum.client.setting_sources import Source


class About(TypedDict, total=False):
    """What an error knows of its request."""

    method: str
    path: str
    status: int | None
    code: str | None
    retry_after: float | None


class SettingsRefused(ValueError):
    """A setting is missing or cannot be used, so no request can be sent.

    Attributes:
        problem: What is wrong, as the rest of a sentence that begins with the setting, or as a whole sentence.
        setting: The argument of `ClientSettings` that is wrong, or an empty text.
    """

    def __init__(self, problem: str, setting: str = "") -> None:
        super().__init__(f"{setting} {problem}" if setting else problem)
        self.problem = problem
        self.setting = setting


class SpectrumError(Exception):
    """A request to the Spectrum API failed.

    Attributes:
        status: The HTTP status, or None where no answer came.
        code: The service's own code, as text. It is undocumented: show it, never branch on it.
        message: The service's own message, or what happened on the way to it.
        method: The request's HTTP method.
        path: The request's path, below the project.
        retry_after: After how many seconds the service accepts the next request, where the response says so.
        setting: The argument of `ClientSettings` that may have to change, such as `base_url`, or an empty text.
        sources: Where the client's settings were found, by the argument of `ClientSettings`, as far as that is known.
        maybe_done: Whether the service may have carried out a write all the same.
    """

    maybe_done = False

    def __init__(self, message: str, *, setting: str = "", **about: Unpack[About]) -> None:
        super().__init__(message)
        self.message = message
        self.method = about.get("method", "")
        self.path = about.get("path", "")
        self.status = about.get("status")
        self.code = about.get("code")
        self.retry_after = about.get("retry_after")
        self.setting = setting
        self.sources: Mapping[str, Source] = MappingProxyType({})
        if self.method == "GET":
            self.maybe_done = False

    def __str__(self) -> str:
        """One sentence: the request, the status and the message."""
        meaning = " (reading the project)" if self.path == "/" else ""
        status = f" (HTTP {self.status})" if self.status else ""
        return f"{self.method} {self.path}{meaning} failed{status}: {self.message.rstrip('.')}."


class RequestRefused(SpectrumError):
    """The service read the request and refused it."""


class NotFound(RequestRefused):
    """The service knows no such object, or no such operation."""


class Conflict(RequestRefused):
    """Something with the same key exists, or the object's state forbids the change."""


class AlreadyExists(Conflict):
    """An object with the same key exists already, and this call did not make it.

    Attributes:
        existing: The existing object, as the list shows it; None where the list does not show it.
    """

    def __init__(self, message: str, existing: Any, **about: Unpack[About]) -> None:
        super().__init__(message, **about)
        self.existing = existing


class PlanRefused(RequestRefused):
    """The project's plan, or a limit of it, does not allow the request."""


class CredentialsRefused(SpectrumError):
    """The project id and secret were not accepted."""


class RateLimited(SpectrumError):
    """The service kept answering that too many requests come in."""


class ServiceFailed(SpectrumError):
    """The service failed, or its answer cannot be read: it is not the Spectrum API's, or has an unknown form."""

    maybe_done = True


class OutcomeUnknown(SpectrumError):
    """The response to a creation was lost, and the list does not show which object it made, if any.

    Attributes:
        candidates: The objects that were not there before, any of which it may have made. None where no list could be
            read.
    """

    maybe_done = True

    def __init__(self, cause: SpectrumError, candidates: Sequence[Any] | None) -> None:
        super().__init__(
            f"the answer was lost ({cause.message})",
            method=cause.method,
            path=cause.path,
            status=cause.status,
            setting=cause.setting,
        )
        self.candidates = candidates


class Abandoned(SpectrumError):
    """The request was not sent, since nobody waits for its response any more."""


class NetworkFailed(SpectrumError):
    """The network failed between here and the service.

    Attributes:
        passing: Whether trying again can help: a certificate that is not trusted stays so.
    """

    def __init__(self, message: str, *, passing: bool = True, setting: str = "", **about: Unpack[About]) -> None:
        super().__init__(message, setting=setting, **about)
        self.passing = passing


class Unreachable(NetworkFailed):
    """No connection was made, so the request was never sent."""


class AnswerLost(NetworkFailed):
    """The request was sent and no answer came back."""

    maybe_done = True


@contextmanager
def failing_as(failure: SpectrumError) -> Iterator[None]:
    """Fail as an earlier request did where one of the block fails, which was to show what became of the earlier one.

    What the block finds to be there already is an answer, and no failure.
    """
    try:
        yield
    except AlreadyExists:
        raise
    except SpectrumError:
        raise failure from None
