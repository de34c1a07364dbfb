"""Messages for failed requests, unusable settings, refused operations and bugs."""

from __future__ import annotations

from pulumi_spectrum.client.errors import (
    AnswerLost,
    CredentialsRefused,
    NotFound,
    PlanRefused,
    RequestRefused,
    ServiceFailed,
    SettingsRefused,
    SpectrumError,
)
from pulumi_spectrum.messages.settings import advise_on_credentials, advise_on_setting


class Refusal(Exception):
    """A rule of this package refuses the operation. The message needs no addition.

    Args:
        message: Why, and what to do.
        maybe_done: Whether the service may have carried out a creation all the same.
    """

    def __init__(self, message: str, *, maybe_done: bool = False) -> None:
        super().__init__(message)
        self.maybe_done = maybe_done


FAILURES = (SpectrumError, SettingsRefused, Refusal)
"""The exceptions that are not bugs: `explain` has a message for each."""


def describe(error: SpectrumError) -> str:
    """Return what went wrong with a request, and the configuration key that may have to change."""
    advice = advise_on_setting(error)
    return f"{error} {advice}" if advice else str(error)


def explain(error: SpectrumError | SettingsRefused | Refusal, operation: str = "look-up") -> str:
    """Return the whole message for a failure.

    Args:
        error: What went wrong.
        operation: The engine's operation, such as `create` or `read`; `look-up` for look-ups and commands.
    """
    if not isinstance(error, SpectrumError):
        return str(error)
    advice = _advice(error, operation)
    return f"{describe(error)} {advice}" if advice else describe(error)


def _advice(error: SpectrumError, operation: str) -> str:
    """Return what to do about a failed request, or an empty text."""
    if isinstance(error, CredentialsRefused):
        advice = advise_on_credentials(error.sources)
        if operation in ("read", "delete"):
            advice += (
                " The state is as it was. Refresh and destroy use the configuration of the last `pulumi up`: if the "
                "secret was rotated since, add --run-program."
            )
        return advice
    if isinstance(error, PlanRefused):
        return "The project's plan or one of its limits does not allow this."
    if isinstance(error, NotFound) and (advice := _advise_on_missing(error, operation)):
        return advice
    if error.maybe_done and operation == "create":
        return (
            "It may have been carried out all the same. It is safe to run the command again: should the "
            "object be there by then, the message names the ways on."
        )
    refused_later = error.maybe_done and isinstance(error, RequestRefused)
    failed = isinstance(error, ServiceFailed) and (error.status or 0) >= 500  # noqa: PLR2004
    if refused_later or failed or isinstance(error, AnswerLost):
        earlier = "An earlier try, whose answer was lost, may have been carried out. " if refused_later else ""
        return f"{earlier}It is safe to run the command again."
    return ""


def _advise_on_missing(error: NotFound, operation: str) -> str:
    if error.path == "/" and "project_id" in error.sources:
        return f"The API has no project with this id: check {error.sources['project_id']}."
    if operation == "update":
        return "It may have been deleted by hand: run `pulumi refresh`, then `pulumi up` makes it again."
    return ""


def report_bug(operation: str, noun: str) -> str:
    """Return the line below the traceback of a bug in this package."""
    return f"This is a bug in pulumi-spectrum ({operation} of a {noun}). Please report it, with the traceback above."
