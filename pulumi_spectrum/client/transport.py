"""One request to the API: rate-limited, sent over HTTPS with Basic auth, and repeated where that is safe."""

from __future__ import annotations

import random
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from pulumi_spectrum.client.abandonment import nobody_waits
from pulumi_spectrum.client.client_settings import ClientSettings
from pulumi_spectrum.client.errors import Abandoned, NotFound, RequestRefused, ServiceFailed, SpectrumError
from pulumi_spectrum.client.exchanges import UnreadableResponse, bounded_exchange
from pulumi_spectrum.client.network_failures import network_failure
from pulumi_spectrum.client.rate_limiter import NoSlotInTime, RateLimiter, Slot
from pulumi_spectrum.client.received_response import ReceivedResponse, receive
from pulumi_spectrum.client.redaction import hide, values_to_hide
from pulumi_spectrum.client.request_reports import Try, report_request
from pulumi_spectrum.client.responses import decode_response
from pulumi_spectrum.client.retries import Attempts
from pulumi_spectrum.client.session import open_session
from pulumi_spectrum.client.wait_reports import report_wait

OPERATION_SECONDS = 120.0
"""How long one request may wait and be tried again, unless its own time limit alone is longer."""
CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    body: Mapping[str, Any] | None
    query: Mapping[str, Any] | None
    decode: Callable[[Any], Any] | None


class Transport:
    """Sends requests for one project, from any number of threads.

    Args:
        settings: The project, its secret, the base URL and the time limit of one request.
        limiter: Grants the slots for requests.
        clock: Seconds that only go forward.
        sleep: Waits for seconds.
        jitter: Returns a random number from 0 to 1.
        repeats: Whether a request that failed is sent again, where that is safe.
    """

    def __init__(
        self,
        settings: ClientSettings,
        limiter: RateLimiter,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        repeats: bool = True,
    ) -> None:
        self._settings = settings
        self.base_url = settings.base_url
        self._limiter = limiter
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._repeats = repeats
        self._root = f"{settings.base_url}/projects/{quote(settings.project_id, safe='')}"
        self._session = open_session(settings)
        credentials = f"{settings.project_id}:{settings.project_secret}"
        self._credentials = dict.fromkeys((settings.project_secret, b64encode(credentials.encode()).decode()), "secret")
        self._timeout = (min(CONNECT_SECONDS, settings.timeout_seconds), settings.timeout_seconds)

    def close(self) -> None:
        """Close the connections to the API."""
        self._session.close()

    @property
    def clock(self) -> Callable[[], float]:
        """The clock that times requests, so that the ages of lists are read from the same one."""
        return self._clock

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        repeatable: bool | None = None,
        decode: Callable[[Any], Any] | None = None,
        on_send: Callable[[], None] | None = None,
    ) -> Any:
        """Send a request and return the `data` of its response.

        A request that the rate limit refused, or that was never sent, is sent again until the time for the operation
        is over. One that may have been carried out is sent again only if it is `repeatable`.

        Args:
            method: The HTTP method.
            path: The path below the project, such as `/webhooks/`.
            body: Sent as JSON.
            query: Query parameters; a list repeats its key.
            repeatable: Whether a second try is harmless although the first may have been carried out. By default every
                method but POST.
            decode: Reads the `data`; what it returns is returned. If it raises ServiceFailed, the try counts as one
                whose response was lost.
            on_send: Called when the rate limiter has granted the request a slot, right before it is sent, and again
                before each repetition as long as no earlier try can have been carried out. If it raises, the request is
                not sent and the exception is passed on.

        Raises:
            SpectrumError: The branch of the tree that says what went wrong at the last try.
        """
        request = _Request(method, path, body, query, decode)
        began = self._clock()
        deadline = began + max(OPERATION_SECONDS, self._settings.timeout_seconds)
        repeatable = method != "POST" if repeatable is None else repeatable
        attempts = Attempts(method, path, repeatable=repeatable, began=began, deadline=deadline)
        tries = 0
        while True:
            tries += 1
            asked = self._clock()
            try:
                with self._limiter.slot(deadline=deadline, on_wait=_report_rate_limit) as slot:
                    tried = Try(tries, self._clock() - asked)
                    if nobody_waits():
                        raise self._abandoned(attempts, request)
                    if on_send is not None and not attempts.error.maybe_done:
                        on_send()
                    try:
                        return self._send(request, slot, tried)
                    except SpectrumError as error:
                        error.sources = self._settings.sources
                        decision = attempts.record_failure(error, now=self._clock(), jitter=self._jitter())
                        if decision.pauses_project:
                            # The slot is still held, so no other request is sent before the cool-down begins.
                            self._limiter.cool_down(decision.seconds)
            except NoSlotInTime:
                raise attempts.error from None
            if not (decision.retry and self._repeats):
                raise attempts.error
            if not decision.pauses_project:
                report_wait("the Spectrum API to answer again", decision.seconds)
                self._sleep(decision.seconds)

    def delete(self, path: str, still_there: Callable[[], bool], *, query: Mapping[str, Any] | None = None) -> None:
        """Delete an object. Do nothing if it is gone already.

        Args:
            path: The object's path below the project.
            still_there: Tells whether a list has the object. A 404 alone may mean that the project is not found, so a
                list of the same project decides.
            query: Query parameters.

        Raises:
            SpectrumError: The object may still be there.
        """
        try:
            self.request("DELETE", path, query=query)
        except NotFound:
            if still_there():
                raise

    @staticmethod
    def _abandoned(attempts: Attempts, request: _Request) -> SpectrumError:
        """Return the error of a request that is not sent any more: that of an earlier try which may be carried out."""
        if attempts.error.maybe_done:
            return attempts.error
        return Abandoned("nobody waits for the answer any more", method=request.method, path=request.path)

    def _send(self, request: _Request, slot: Slot, tried: Try) -> Any:
        response = self._exchange(request, slot, tried)
        hidden = {**values_to_hide(request.body, request.query), **self._credentials}
        data = decode_response(response, request.method, request.path, hidden)
        if request.decode is None:
            return data
        try:
            return request.decode(data)
        except ServiceFailed as error:
            raise ServiceFailed(
                hide(error.message, hidden),
                method=request.method,
                path=request.path,
                status=response.status_code,
                setting=error.setting,
            ) from None

    def _exchange(self, request: _Request, slot: Slot, tried: Try) -> ReceivedResponse:
        began = self._clock()

        def report(outcome: ReceivedResponse | str) -> None:
            report_request(
                request.method,
                request.path,
                query=request.query,
                sent=request.body,
                tried=tried,
                seconds=self._clock() - began,
                outcome=outcome,
            )

        failure: SpectrumError
        try:
            response = self._receive(request, slot)
        except UnreadableResponse as error:
            failure = ServiceFailed(
                str(error), method=request.method, path=request.path, status=error.status, setting="base_url"
            )
        except (requests.exceptions.InvalidJSONError, UnicodeError, RecursionError):
            failure = RequestRefused(
                "it holds a text or a number that JSON has no form for, or is nested too deeply, so nothing was sent",
                method=request.method,
                path=request.path,
            )
        except requests.RequestException as error:
            failure = network_failure(error, request.method, request.path, self._settings)
        else:
            report(response)
            return response
        report(failure.message)
        raise failure

    def _receive(self, request: _Request, slot: Slot) -> ReceivedResponse:
        with (
            bounded_exchange(self._settings.timeout_seconds),
            self._session.request(
                request.method,
                self._root + request.path,
                json=request.body,
                params=request.query,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            # The service has counted the request by now, however long the body of its response takes.
            slot.answered()
            return receive(response)


def _report_rate_limit(seconds: float) -> None:
    report_wait("the API's rate limit", seconds)
