"""Failures of the network: whether the request can have reached the service, and whether another try can help."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError, SSLError

from pulumi_spectrum.client.base_urls import is_on_this_machine
from pulumi_spectrum.client.client_settings import ClientSettings
from pulumi_spectrum.client.errors import About, AnswerLost, NetworkFailed, Unreachable


def network_failure(
    error: requests.RequestException, method: str, path: str, settings: ClientSettings
) -> NetworkFailed:
    """Return the error for a failure: Unreachable where nothing can have been sent, else AnswerLost."""
    host = urlsplit(settings.base_url).netloc
    about: About = {"method": method, "path": path}
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    tls = reason.args[0] if isinstance(reason, SSLError) else None
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Unreachable(
            f"nothing can be sent to {host}, because its address or that of the proxy cannot be used. Check "
            "HTTPS_PROXY; a SOCKS proxy needs the package pysocks",
            passing=False,
            setting="base_url",
            **about,
        )
    if isinstance(tls, ssl.SSLError) and not isinstance(tls, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _tls_failure(tls, host, about)
    if isinstance(error, requests.exceptions.ProxyError):
        return Unreachable(f"the proxy on the way to {host} refused the connection. Check HTTPS_PROXY", **about)
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        happened = (
            f"nothing answers at {host} on this machine"
            if is_on_this_machine(settings.base_url)
            else f"no connection to {host} could be made. Check the network and the proxy settings"
        )
        return Unreachable(happened, setting="base_url", **about)
    if isinstance(error, requests.Timeout) or isinstance(cause, ReadTimeoutError):  # the latter within a body
        return AnswerLost(
            f"{host} did not answer within {settings.timeout_seconds:g} seconds", setting="timeout_seconds", **about
        )
    return AnswerLost(f"the connection to {host} was closed before the answer came", **about)


def _tls_failure(error: ssl.SSLError, host: str, about: About) -> NetworkFailed:
    """Return the error for a failure of TLS. With a certificate that is not trusted, nothing was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(
            f"the TLS connection to {host} could not be made, because its certificate is not trusted here. Set "
            "REQUESTS_CA_BUNDLE if your network has a certificate authority of its own",
            passing=False,
            setting="base_url",
            **about,
        )
    return AnswerLost(
        f"the TLS connection to {host} failed ({error.reason}), so the server may not speak https",
        passing=False,
        setting="base_url",
        **about,
    )
