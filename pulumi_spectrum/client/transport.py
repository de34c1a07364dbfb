"""One request to the API: HTTPS, Basic auth, one pooled session, paced and repeated where that is safe."""

from __future__ import annotations

import os
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential_jitter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from pulumi_spectrum.client.answers import decode_answer
from pulumi_spectrum.client.errors import (
    About,
    AnswerLost,
    NetworkFailed,
    NotFound,
    RateLimited,
    ServiceFailed,
    SpectrumError,
    Unreachable,
)
from pulumi_spectrum.client.pace import Pace, PaceTimeoutError, Slot
from pulumi_spectrum.client.waiting import tell_waiting
from pulumi_spectrum.settings import Settings, SettingsError, is_loopback

OPERATION_SECONDS = 120.0
"""How long one request may take with all its waiting and tries, unless its own time limit alone is longer."""
UNREACHABLE_TRIES = 4
FAILING_TRIES = 6
"""About half a minute with its pauses: a service that fails for longer is down, and waiting helps nobody."""
LONGEST_PAUSE_SECONDS = 15.0
SHORTEST_COOL_DOWN_SECONDS = 1.0
"""The API's window is one second, so a `Retry-After: 0` is not to be trusted."""
TOO_MANY_REQUESTS = 429
CONNECT_SECONDS = 10.0
CONNECTIONS = 16
"""At least the number of threads that use a client: the engine's host has 4."""


class Transport:
    """Sends requests for one project, from any number of threads.

    Args:
        settings: The project, its secret, the base URL and the time limit of one request.
        pace: Hands out the right to send.
        clock: Seconds that only go forward.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        settings: Settings,
        pace: Pace,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self.base_url = settings.base_url
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._root = f"{settings.base_url}/projects/{quote(settings.project_id, safe='')}"
        self._session = _open_session(settings)
        credentials = f"{settings.project_id}:{settings.project_secret}"
        self._secrets = (settings.project_secret, b64encode(credentials.encode()).decode())
        self._timeout = (min(CONNECT_SECONDS, settings.timeout_seconds), settings.timeout_seconds)
        self._pause = wait_exponential_jitter(multiplier=0.5, max=LONGEST_PAUSE_SECONDS)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        repeatable: bool | None = None,
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

        Raises:
            SpectrumError: The branch of the tree that says what went wrong at the last try.
        """
        repeatable = method != "POST" if repeatable is None else repeatable
        began = self._clock()
        deadline = began + max(OPERATION_SECONDS, self._settings.timeout_seconds)
        failures = 0

        def again(error: BaseException) -> bool:
            if isinstance(error, RateLimited):
                return True
            if isinstance(error, NetworkFailed) and not error.passing:
                return False
            if isinstance(error, Unreachable):
                return True
            return repeatable and isinstance(error, ServiceFailed | NetworkFailed) and _may_pass(error)

        def hopeless(state: RetryCallState) -> bool:
            nonlocal failures
            error = state.outcome.exception() if state.outcome else None
            # A 429 comes from a service that is well: only failures after the last one count.
            failures = 0 if isinstance(error, RateLimited) else failures + 1
            tries = UNREACHABLE_TRIES if isinstance(error, NetworkFailed) else FAILING_TRIES
            return failures >= tries or self._clock() + state.upcoming_sleep >= deadline

        retrying = Retrying(
            retry=retry_if_exception(again),
            wait=self._wait,
            stop=hopeless,
            sleep=self._sleep,
            before_sleep=_tell_pause,
            reraise=True,
        )
        try:
            return retrying(self._send, method, path, body, query, deadline)
        except PaceTimeoutError:
            raise RateLimited(
                f"no request could be sent within {deadline - began:.0f} seconds, because the API's rate limit is used "
                "up. Something else uses this project: lower spectrum:requestsPerSecond in both, or run one at a time",
                method=method,
                path=path,
            ) from None

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

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, SpectrumError) else None
        pause = max(self._pause(state), asked or 0.0)
        if not isinstance(error, RateLimited):
            return pause
        # A 429 concerns every thread, so the waiting is done where all of them wait: at the pace.
        self._pace.cool_down(pause)
        return 0.0

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, Any] | None, deadline: float
    ) -> Any:
        with self._pace.slot(deadline=deadline, on_wait=lambda s: tell_waiting("the API's rate limit", s)) as slot:
            answer = self._exchange(method, path, body, query, slot)
            if answer.status_code == TOO_MANY_REQUESTS:
                # Before the slot is given back, so that nobody slips through; `_wait` knows better for how long.
                self._pace.cool_down(SHORTEST_COOL_DOWN_SECONDS)
        return decode_answer(answer, method, path, self._secrets)

    def _exchange(
        self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, Any] | None, slot: Slot
    ) -> requests.Response:
        try:
            return self._session.request(
                method,
                self._root + path,
                json=body,
                params=query,
                timeout=self._timeout,
                allow_redirects=False,
                # Once the head of its answer is here, the service has counted the request: its body may take its time.
                hooks={"response": lambda *_, **__: slot.answered()},
            )
        except requests.RequestException as error:
            raise _network_failure(error, method, path, self._settings) from None


def _open_session(settings: Settings) -> requests.Session:
    """Open the one session of a project: it keeps its connections, and no cookies and no `.netrc`."""
    session = requests.Session()
    session.trust_env = False
    session.auth = HTTPBasicAuth(settings.project_id, settings.project_secret)
    session.headers.update({"Accept": "application/json", "User-Agent": "pulumi-spectrum"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if bundle and not Path(bundle).exists():
        raise SettingsError(
            "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE) names a file that is not there. Set it to the certificates of your "
            "network's authority, or unset it."
        )
    session.verify = bundle or True
    if not is_loopback(urlsplit(settings.base_url).hostname or ""):
        session.proxies.update(requests.utils.get_environ_proxies(settings.base_url))
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _network_failure(error: requests.RequestException, method: str, path: str, settings: Settings) -> NetworkFailed:
    """Say what happened and, above all, whether the request can have reached the service."""
    host = urlsplit(settings.base_url).netloc
    about: About = {"method": method, "path": path}
    reason = getattr(error.args[0], "reason", None) if error.args else None
    tls = reason.args[0] if isinstance(reason, SSLError) else None
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Unreachable(
            f"nothing can be sent to {host}, because its address or that of the proxy cannot be used. Check "
            "spectrum:baseUrl and HTTPS_PROXY; a SOCKS proxy needs the package pysocks",
            passing=False,
            **about,
        )
    if isinstance(tls, ssl.SSLError) and not isinstance(tls, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _tls_failure(tls, host, about)
    if isinstance(error, requests.exceptions.ProxyError):
        return Unreachable(f"the proxy on the way to {host} refused the connection. Check HTTPS_PROXY", **about)
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return Unreachable(
            f"no connection to {host} could be made. Check the network, the proxy settings and spectrum:baseUrl "
            "(or SPECTRUM_CLOUD_URL)",
            **about,
        )
    if isinstance(error, requests.Timeout):
        return AnswerLost(
            f"{host} did not answer within {settings.timeout_seconds:g} seconds (spectrum:timeoutSeconds)", **about
        )
    return AnswerLost(f"the connection to {host} was closed before the answer came", **about)


def _tls_failure(error: ssl.SSLError, host: str, about: About) -> NetworkFailed:
    """Tell a certificate that is not trusted, before which nothing is sent, from what may happen at any moment."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(
            f"the TLS connection to {host} could not be made, because its certificate is not trusted here. Check "
            "spectrum:baseUrl, and set REQUESTS_CA_BUNDLE if your network has a certificate authority of its own",
            passing=False,
            **about,
        )
    return AnswerLost(
        f"the TLS connection to {host} failed ({error.reason}). Check that spectrum:baseUrl (or SPECTRUM_CLOUD_URL) is "
        "the address of a server that speaks https",
        passing=False,
        **about,
    )


def _may_pass(error: SpectrumError) -> bool:
    """Tell whether trying again can help: a 5xx or a lost answer may pass, a proxy's page will not."""
    return error.status is None or error.status >= 500  # noqa: PLR2004


def _tell_pause(state: RetryCallState) -> None:
    tell_waiting("the Spectrum API to answer again", state.upcoming_sleep)
