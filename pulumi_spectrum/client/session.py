"""The one HTTP session of a project: credentials, certificates, proxies and connections."""

from __future__ import annotations

import os
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from pulumi_spectrum.settings import Settings, SettingsError, is_loopback

CONNECTIONS = 16
"""At least the number of threads that use a client: the engine's host has 4."""


def open_session(settings: Settings) -> requests.Session:
    """Open a session that keeps its connections, and no cookies and no `.netrc`.

    Raises:
        SettingsError: The file of certificates that the environment names is not there.
    """
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
