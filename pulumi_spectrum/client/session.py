"""The HTTP session of a client: credentials, certificates, proxies and connections."""

from __future__ import annotations

import os
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth

from pulumi_spectrum.client.client_settings import ClientSettings
from pulumi_spectrum.client.errors import SettingsRefused
from pulumi_spectrum.client.exchanges import BoundedAdapter
from pulumi_spectrum.client.received_response import PACKINGS
from pulumi_spectrum.spelling.urls import is_loopback
from pulumi_spectrum.version import __version__

CONNECTIONS = 16
"""At least the number of threads that use a client."""


class _Session(requests.Session):
    """A session for which no response is a redirect: none is followed, and no target is even read."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        return None


def open_session(settings: ClientSettings) -> requests.Session:
    """Return a session that keeps its connections open, follows no redirect, and uses no cookies and no `.netrc`.

    Raises:
        SettingsRefused: The environment names a file of certificates that does not exist.
    """
    session = _Session()
    session.trust_env = False
    session.auth = HTTPBasicAuth(settings.project_id, settings.project_secret)
    session.headers.update(
        {
            "Accept": "application/json",
            "Accept-Encoding": ", ".join(PACKINGS),
            "User-Agent": f"pulumi-spectrum/{__version__}",
        }
    )
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if bundle and not Path(bundle).exists():
        raise SettingsRefused(
            "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE) names a file that is not there. Set it to the certificates of your "
            "network's authority, or unset it."
        )
    session.verify = bundle or True
    if not is_loopback(urlsplit(settings.base_url).hostname or ""):
        session.proxies.update(requests.utils.get_environ_proxies(settings.base_url))
    adapter = BoundedAdapter(pool_connections=1, pool_maxsize=CONNECTIONS, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
