"""Where the API may be: the base URLs that are accepted, and what is said of the others."""

import re

import pytest

from pulumi_spectrum.client import ClientSettings, SettingsRefused

SECRET = "s3cr3t-of-project-1"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://localhost:5000",
        "http://[::1]:8080",
        "https://spectrum.example.com/api",
        "HTTPS://SPECTRUM.EXAMPLE.COM",
    ],
)
def test_https_and_loopback_are_accepted(url: str) -> None:
    """The base URL is https, or plain http of a loopback address."""
    assert ClientSettings("project-1", SECRET, f"{url}/").base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://spectrum.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
    ],
)
def test_plain_http_to_another_machine_is_refused(url: str) -> None:
    """Plain http to another machine is refused, because it would send the secret unencrypted."""
    with pytest.raises(SettingsRefused, match=rf"^base_url must be https, and not {re.escape(url)}: plain http would"):
        ClientSettings("project-1", SECRET, url)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("spectrum.example.com", "has no scheme: it is spectrum.example.com. Write https://spectrum.example.com."),
        ("127.0.0.1:8080", "has no scheme: it is 127.0.0.1:8080. Write http://127.0.0.1:8080."),
        ("//localhost:8080/", "has no scheme: it is localhost:8080/. Write http://localhost:8080."),
        (f"p-1:{SECRET}@[::1]:8080", "has no scheme: it is …@[::1]:8080. Write http://[::1]:8080."),
        (f"https://p-1:{SECRET}@api.example.com", "has credentials in it: https://…@api.example.com. Leave them out"),
        (f"https://{SECRET}@api.example.com", "has credentials in it: https://…@api.example.com. Leave them out"),
        (
            f"https://api.example.com/v1?key={SECRET}",
            "has a query: https://api.example.com/v1?…. Leave it out, as in https://api.example.com/v1.",
        ),
        (
            f"https://api.example.com#{SECRET}",
            "has a fragment: https://api.example.com#…. Leave it out, as in https://api.example.com.",
        ),
        (
            "https://api.example.com/projects/p-1/",
            (
                "has a path that the API adds by itself: https://api.example.com/projects/p-1/. Leave it out, as in "
                "https://api.example.com."
            ),
        ),
        ("https://api.example.com\n", "has a space or a line break in it: https://api.example.com. Take it out."),
        ("https://api.exa mple.com", "has a space or a line break in it: https://api.exa mple.com. Take it out."),
    ],
)
def test_base_url_with_a_mistake_is_shown(url: str, problem: str) -> None:
    """Each mistake in a base URL has a sentence of its own, with the URL and without what may be a secret in it."""
    with pytest.raises(SettingsRefused) as caught:
        ClientSettings("project-1", SECRET, url)

    assert str(caught.value).startswith(f"base_url {problem}")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        SECRET,
        f"p-1:{SECRET}",
        "https://",
        "https://spectrum.example.com:port",
        "https://spectrum.example.com:99999",
        f"https://p-1:{SECRET}",
        "https://[::1",
    ],
)
def test_base_url_that_cannot_be_read_is_not_shown(url: str) -> None:
    """A base URL that is none may be anything, also a secret, and is not shown."""
    with pytest.raises(SettingsRefused, match=r"^base_url must be a plain URL") as caught:
        ClientSettings("project-1", SECRET, url)

    assert SECRET not in str(caught.value)
