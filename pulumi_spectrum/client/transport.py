"""One request to the API: paced, sent over HTTPS with Basic auth, and repeated where that is safe."""

from __future__ import annotations

import random
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from pulumi_spectrum.client.answers import decode_answer
from pulumi_spectrum.client.errors import NotFound, ServiceFailed, SpectrumError
from pulumi_spectrum.client.network_failures import network_failure
from pulumi_spectrum.client.pace import Pace, PaceTimeoutError, Slot
from pulumi_spectrum.client.redaction import values_to_hide
from pulumi_spectrum.client.retries import Tries
from pulumi_spectrum.client.session import open_session
from pulumi_spectrum.client.waiting import tell_waiting
from pulumi_spectrum.settings import Settings

OPERATION_SECONDS = 120.0
"""How long one request may take with all its waiting and tries, unless its own time limit alone is longer."""
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
        pace: Hands out the right to send.
        clock: Seconds that only go forward.
        sleep: Waits for seconds.
        jitter: Returns a random number from 0 to 1.
    """

    def __init__(
        self,
        settings: Settings,
        pace: Pace,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self.base_url = settings.base_url
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._root = f"{settings.base_url}/projects/{quote(settings.project_id, safe='')}"
        self._session = open_session(settings)
        credentials = f"{settings.project_id}:{settings.project_secret}"
        self._credentials = dict.fromkeys((settings.project_secret, b64encode(credentials.encode()).decode()), "secret")
        self._timeout = (min(CONNECT_SECONDS, settings.timeout_seconds), settings.timeout_seconds)

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
        """Send a request and return the `data` of its answer.

        A request that was refused for its rate, or that was never sent, is sent again until the time for the operation
        is over. One that may have been carried out is sent again only if doing it twice is doing it once.

        Args:
            method: The HTTP method.
            path: The path below the project, such as `/webhooks/`.
            body: Sent as JSON.
            query: Query parameters; a list repeats its key.
            repeatable: Whether a second try is harmless although the first may have been carried out. By default every
                method but POST.
            decode: Reads the `data`; what it returns is returned. An answer that it cannot read (ServiceFailed) is as
                good as one that was lost, so it belongs to the try.
            on_send: Called when the rate limit has granted the request its turn, right before it is sent, and again
                before each repetition as long as no earlier try can have been carried out. If it raises, the request is
                not sent and the exception is passed on.

        Raises:
            SpectrumError: The branch of the tree that says what went wrong at the last try.
        """
        request = _Request(method, path, body, query, decode)
        began = self._clock()
        deadline = began + max(OPERATION_SECONDS, self._settings.timeout_seconds)
        repeatable = method != "POST" if repeatable is None else repeatable
        tries = Tries(method, path, repeatable=repeatable, began=began, deadline=deadline)
        while True:
            try:
                with self._pace.slot(deadline=deadline, on_wait=_tell_rate_limit) as slot:
                    if on_send is not None and not tries.error.maybe_done:
                        on_send()
                    try:
                        return self._send(request, slot)
                    except SpectrumError as error:
                        decision = tries.failed(error, now=self._clock(), jitter=self._jitter())
                        if decision.everybody:
                            # The slot is still held, so no request slips through before the others wait, too.
                            self._pace.cool_down(decision.seconds)
            except PaceTimeoutError:
                raise tries.error from None
            if not decision.again:
                raise tries.error
            if not decision.everybody:
                tell_waiting("the Spectrum API to answer again", decision.seconds)
                self._sleep(decision.seconds)

    def delete(self, path: str, still_there: Callable[[], bool]) -> None:
        """Delete an object. One that is gone already is deleted.

        Args:
            path: The object's path below the project.
            still_there: Looks for the object in a list. A 404 alone may mean that the project is not found: the list of
                the same project decides.

        Raises:
            SpectrumError: The object may still be there.
        """
        try:
            self.request("DELETE", path)
        except NotFound:
            if still_there():
                raise

    def _send(self, request: _Request, slot: Slot) -> Any:
        answer = self._exchange(request, slot)
        hidden = {**values_to_hide(request.body, request.query), **self._credentials}
        data = decode_answer(answer, request.method, request.path, hidden)
        if request.decode is None:
            return data
        try:
            return request.decode(data)
        except ServiceFailed as error:
            raise ServiceFailed(
                error.message, method=request.method, path=request.path, status=answer.status_code
            ) from None

    def _exchange(self, request: _Request, slot: Slot) -> requests.Response:
        def head_is_here(answer: requests.Response, **_: Any) -> None:
            # The service has counted the request: the body of its answer may take its time.
            slot.answered()
            if answer.status_code < 200:  # noqa: PLR2004
                # The final answer may still come on this connection, and would be read as that of the next request.
                answer.raw.close()

        try:
            return self._session.request(
                request.method,
                self._root + request.path,
                json=request.body,
                params=request.query,
                timeout=self._timeout,
                allow_redirects=False,
                hooks={"response": head_is_here},
            )
        except requests.RequestException as error:
            raise network_failure(error, request.method, request.path, self._settings) from None


def _tell_rate_limit(seconds: float) -> None:
    tell_waiting("the API's rate limit", seconds)
