"""Whether a failed request is sent again, and after how long.

`decide_retry` is a pure function of what is known of the failure. `Attempts` counts the failures of one request, and
keeps the error that the request ends with.
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_spectrum.client.errors import NetworkFailed, RateLimited, ServiceFailed, SpectrumError, Unreachable

NETWORK_TRIES = 4
SERVICE_TRIES = 6
"""About half a minute with its pauses: a service that fails for longer is down, and waiting does not help."""
SHORTEST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
SHORTEST_COOL_DOWN_SECONDS = 1.0
"""The API's window is one second, so a `Retry-After: 0` is not trusted."""

_CAUSE = "Something else uses this project"


@dataclass(frozen=True)
class RetryDecision:
    """What follows a failed try.

    Args:
        retry: Whether the request is sent again. If not, its error is final.
        seconds: How long to wait first.
        pauses_project: Whether all requests of the project wait, as after a 429, and not this one alone.
    """

    retry: bool
    seconds: float = 0.0
    pauses_project: bool = False


GIVE_UP = RetryDecision(retry=False)


def decide_retry(
    error: SpectrumError, *, repeatable: bool, failures: int, seconds_left: float, jitter: float
) -> RetryDecision:
    """Decide what follows a failed try.

    Args:
        error: How the try failed.
        repeatable: Whether a second try is harmless although this one may have been carried out.
        failures: How many tries have failed like this one, itself included: the 429s so far, or else the failures in a
            row since the last 429. A 429 proves that the service works, so it starts the count of the others anew.
        seconds_left: How much time the request has left.
        jitter: A random number from 0 to 1, added to the pause so that clients that failed together do not return
            together.
    """
    pause = min(SHORTEST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 10) + jitter, LONGEST_PAUSE_SECONDS)
    seconds = max(pause, error.retry_after or 0.0)
    if isinstance(error, RateLimited):
        seconds = max(seconds, SHORTEST_COOL_DOWN_SECONDS)
        return RetryDecision(seconds < seconds_left, seconds, pauses_project=True)
    tries = NETWORK_TRIES if isinstance(error, NetworkFailed) else SERVICE_TRIES
    if not _may_succeed(error, repeatable) or failures >= tries or seconds >= seconds_left:
        return GIVE_UP
    return RetryDecision(retry=True, seconds=seconds)


def _may_succeed(error: SpectrumError, repeatable: bool) -> bool:
    """Return whether another try is harmless and can end otherwise."""
    if isinstance(error, NetworkFailed):
        return error.passing and (repeatable or isinstance(error, Unreachable))
    return repeatable and isinstance(error, ServiceFailed) and _may_be_temporary(error)


def _may_be_temporary(error: ServiceFailed) -> bool:
    """Return whether the next request may get another response than this failure, or this page of another server."""
    if error.status is None or not 200 <= error.status < 500:  # noqa: PLR2004
        return True
    # After a 2xx that cannot be read a write may or may not have been carried out: a second one settles that. A read
    # that got the page of a proxy gets it again.
    return error.status < 300 and error.method != "GET"  # noqa: PLR2004


class Attempts:
    """The attempts to send one request.

    Args:
        method: The request's HTTP method.
        path: The request's path.
        repeatable: Whether a second try is harmless although the first may have been carried out.
        began: When the request began.
        deadline: The moment after which it is not sent again.

    Attributes:
        error: What the request fails with if no other try is made.
    """

    def __init__(self, method: str, path: str, *, repeatable: bool, began: float, deadline: float) -> None:
        self.error: SpectrumError = RateLimited(
            f"no request could be sent within {deadline - began:.0f} seconds, because the API's rate limit is used up. "
            f"{_CAUSE}",
            method=method,
            path=path,
            setting="requests_per_second",
        )
        self._repeatable = repeatable
        self._began = began
        self._deadline = deadline
        self._rate_limited = 0
        self._failures_since = 0

    def record_failure(self, error: SpectrumError, *, now: float, jitter: float) -> RetryDecision:
        """Count a failed try and decide what follows."""
        maybe_done = self.error.maybe_done or error.maybe_done
        if isinstance(error, RateLimited):
            self._rate_limited, self._failures_since = self._rate_limited + 1, 0
            self.error = _lasting_rate_limit(error, self._rate_limited, now - self._began)
        else:
            self._failures_since += 1
            self.error = error
        # A later try that was refused does not prove that an earlier one, whose answer was lost, was not carried out.
        self.error.maybe_done = maybe_done
        return decide_retry(
            error,
            repeatable=self._repeatable,
            failures=self._failures_since or self._rate_limited,
            seconds_left=self._deadline - now,
            jitter=jitter,
        )


def _lasting_rate_limit(error: RateLimited, times: int, seconds: float) -> RateLimited:
    """Return the error of a request that the rate limit still refuses: how often, for how long, the API's message."""
    often = "once" if times == 1 else f"{times} times in {seconds:.0f} seconds"
    asks = f", and asks to wait another {error.retry_after:.0f} seconds" if error.retry_after else ""
    return RateLimited(
        f"the API refused the request {often} because of its rate limit ({error.message.rstrip('.')}){asks}. {_CAUSE}",
        method=error.method,
        path=error.path,
        status=error.status,
        code=error.code,
        retry_after=error.retry_after,
        setting="requests_per_second",
    )
