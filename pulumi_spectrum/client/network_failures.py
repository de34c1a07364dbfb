"""What a failure of the network proves: whether the request can have reached the service, and whether it may pass."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from pulumi_spectrum.client.errors import About, AnswerLost, NetworkFailed, Unreachable
from pulumi_spectrum.settings import Settings


def network_failure(error: requests.RequestException, method: str, path: str, settings: Settings) -> NetworkFailed:
    """Return the error that says what happened and, above all, whether the request can have reached the service."""
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
