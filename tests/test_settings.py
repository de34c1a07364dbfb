"""The sources of credentials and limits, and the values that are refused."""

import math
import re
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.client import ClientSettings, SettingsRefused
from pulumi_spectrum.settings import read_settings
from pulumi_spectrum.spelling.urls import is_loopback

SECRET = "s3cr3t-of-project-1"
CONFIG = {"spectrum:projectId": "from-config", "spectrum:projectSecret": "secret-from-config"}
ENVIRONMENT = {"SPECTRUM_PROJECT_ID": "from-env", "SPECTRUM_PROJECT_SECRET": "secret-from-env"}


def make(**values: Any) -> ClientSettings:
    return ClientSettings(**{"project_id": "project-1", "project_secret": SECRET, **values})


def test_defaults() -> None:
    """With credentials alone, the other settings are the service's URL, its rate limit and thirty seconds."""
    settings = read_settings(CONFIG.get, {})

    assert settings == ClientSettings(
        project_id="from-config",
        project_secret="secret-from-config",
        base_url="https://spectrum.photon.codes",
        requests_per_second=5.0,
        timeout_seconds=30.0,
    )


def test_every_key_is_read_from_the_configuration() -> None:
    """Each of the five keys is read from the configuration; numbers are text there."""
    config = {
        **CONFIG,
        "spectrum:baseUrl": "https://eu.example.com/",
        "spectrum:requestsPerSecond": "2.5",
        "spectrum:timeoutSeconds": "7",
    }

    settings = read_settings(config.get, {})

    assert settings == ClientSettings("from-config", "secret-from-config", "https://eu.example.com", 2.5, 7.0)


def test_missing_keys_are_read_from_the_environment() -> None:
    """Every setting is read from the environment when the configuration lacks it."""
    environment = {
        **ENVIRONMENT,
        "SPECTRUM_CLOUD_URL": "https://env.example.com",
        "SPECTRUM_REQUESTS_PER_SECOND": "20",
        "SPECTRUM_TIMEOUT_SECONDS": "7.5",
    }

    settings = read_settings({}.get, environment)

    assert settings == ClientSettings("from-env", "secret-from-env", "https://env.example.com", 20, 7.5)


@pytest.mark.parametrize("key", ["projectId", "projectSecret", "baseUrl"])
def test_configuration_wins_over_the_environment(key: str) -> None:
    """A key of the configuration is used instead of its environment variable, each key by itself."""
    environment = {**ENVIRONMENT, "SPECTRUM_CLOUD_URL": "https://env.example.com"}
    configured = {"projectId": "mine", "projectSecret": "my-own-secret", "baseUrl": "https://mine.example.com"}[key]

    settings = read_settings({f"spectrum:{key}": configured}.get, environment)

    found = {"projectId": settings.project_id, "projectSecret": settings.project_secret, "baseUrl": settings.base_url}
    assert found == {
        "projectId": "from-env",
        "projectSecret": "secret-from-env",
        "baseUrl": "https://env.example.com",
        key: configured,
    }


def test_empty_value_counts_as_missing() -> None:
    """An empty text, as CI systems set for a missing variable, counts as missing in both places."""
    settings = read_settings({"spectrum:projectId": ""}.get, {**ENVIRONMENT, "SPECTRUM_CLOUD_URL": ""})

    assert settings == ClientSettings("from-env", "secret-from-env")


@pytest.mark.parametrize(
    ("config", "environment", "missing"),
    [
        (
            {},
            {},
            "spectrum:projectId (or SPECTRUM_PROJECT_ID) and spectrum:projectSecret (or SPECTRUM_PROJECT_SECRET).",
        ),
        (
            {"spectrum:projectSecret": SECRET},
            {},
            (
                "spectrum:projectId (or SPECTRUM_PROJECT_ID). There is spectrum:projectSecret in the stack's "
                "configuration."
            ),
        ),
        (
            {},
            {"SPECTRUM_PROJECT_ID": "project-1"},
            "spectrum:projectSecret (or SPECTRUM_PROJECT_SECRET). There is SPECTRUM_PROJECT_ID in the environment.",
        ),
    ],
)
def test_missing_credentials_are_named(config: dict[str, str], environment: dict[str, str], missing: str) -> None:
    """A missing credential is named by its key and its variable, with what there is and the commands that set it."""
    with pytest.raises(SettingsRefused) as caught:
        read_settings(config.get, environment)

    assert str(caught.value) == (
        f"Spectrum credentials are missing: {missing} Set them with: pulumi config set spectrum:projectId ID, and "
        "pulumi config set --secret spectrum:projectSecret; or pass a spectrum.Provider."
    )


PROVIDER = {"spectrum:providerName": "prod"}


@pytest.mark.parametrize(
    ("config", "environment", "expected"),
    [
        (CONFIG, {}, ["spectrum:projectId in the stack's configuration", "spectrum:projectSecret in the stack's conf"]),
        ({}, ENVIRONMENT, ["SPECTRUM_PROJECT_ID in the environment", "SPECTRUM_PROJECT_SECRET in the environment"]),
        (
            {**CONFIG, **PROVIDER},
            {},
            ['project_id of the spectrum.Provider "prod"', 'project_secret of the spectrum.Provider "prod"'],
        ),
        (
            {"spectrum:projectId": "p-1"},
            ENVIRONMENT,
            ["spectrum:projectId in the stack's configuration", "SPECTRUM_PROJECT_SECRET in the environment"],
        ),
    ],
)
def test_sources_of_the_credentials(config: dict[str, str], environment: dict[str, str], expected: list[str]) -> None:
    """Settings say where each of their values was found, and hold the secret in none of these sources."""
    sources = read_settings(config.get, environment).sources

    found = [str(sources[name]) for name in ("project_id", "project_secret")]
    assert all(map(str.startswith, found, expected))
    assert "secret-from" not in repr(sources)


def test_variable_that_is_not_used_is_remembered() -> None:
    """Where the configuration wins over another value of the environment, the source names the variable."""
    config = {**CONFIG, "spectrum:projectSecret": "secret-from-env"}
    sources = read_settings(config.get, ENVIRONMENT).sources

    assert sources["project_id"].unused == "SPECTRUM_PROJECT_ID"
    assert sources["project_secret"].unused == ""


def test_sources_make_no_difference() -> None:
    """The same settings from two places are equal, so that they share one client."""
    config = {"spectrum:projectId": "from-env", "spectrum:projectSecret": "secret-from-env"}
    one, other = read_settings(config.get, {}), read_settings({}.get, ENVIRONMENT)

    assert (one == other, hash(one) == hash(other)) == (True, True)
    assert one.sources != other.sources


@pytest.mark.parametrize(
    "value", ["p q", "p:q", "p/q", "p?q", "p#q", "p%q", "p\n", "", "größe", "プロジェクト", "p\x00q"]
)
def test_project_id_with_other_characters_is_refused(value: str) -> None:
    """A project id, which is part of each path and of the credentials, may hold plain characters only."""
    with pytest.raises(SettingsRefused, match=r"^project_id is not a project id"):
        make(project_id=value)


@pytest.mark.parametrize("value", ["", "with space", "line\n", "tab\t", "größe"])
def test_secret_that_no_header_can_hold_is_refused(value: str) -> None:
    """A secret with spaces, line breaks or non-ASCII letters is refused, and not shown."""
    with pytest.raises(SettingsRefused, match=r"^project_secret must be printable text") as caught:
        make(project_secret=value)

    assert not value or value not in str(caught.value)


@pytest.mark.parametrize("key", ["requestsPerSecond", "timeoutSeconds"])
def test_limit_that_is_no_number_is_refused(key: str) -> None:
    """A limit that is not a number is refused by its key."""
    with pytest.raises(SettingsRefused) as caught:
        read_settings({**CONFIG, f"spectrum:{key}": "five"}.get, {})

    assert str(caught.value) == f"spectrum:{key} in the stack's configuration must be a number."


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("projectId", "p q", r"^spectrum:projectId in the stack's configuration is not a project id"),
        (
            "projectSecret",
            "two words",
            (
                r"^spectrum:projectSecret in the stack's configuration must be .* Set it with: "
                r"pulumi config set --secret spectrum:projectSecret$"
            ),
        ),
        ("baseUrl", "http://example.com", r"^spectrum:baseUrl in the stack's configuration must be https"),
        (
            "requestsPerSecond",
            "0",
            r"^spectrum:requestsPerSecond in the stack's configuration must be a number above 0",
        ),
        ("timeoutSeconds", "601", r"^spectrum:timeoutSeconds in the stack's configuration must be above 0"),
    ],
)
def test_refused_value_is_named_by_its_key(key: str, value: str, expected: str) -> None:
    """The refusal of a configured value names its key and its place, and the command that sets a secret."""
    with pytest.raises(SettingsRefused, match=expected):
        read_settings({**CONFIG, f"spectrum:{key}": value}.get, {})


@pytest.mark.parametrize("value", [0, -1, math.inf, -math.inf, math.nan])
def test_rate_must_be_above_zero(value: float) -> None:
    """A rate that is not above 0, or not finite, is refused by its key."""
    with pytest.raises(SettingsRefused, match=r"^requests_per_second must be a number above 0"):
        make(requests_per_second=value)


@pytest.mark.parametrize("value", [0, -1, 601, math.inf, math.nan])
def test_timeout_is_limited_to_ten_minutes(value: float) -> None:
    """A timeout is above 0 and at most 600 seconds."""
    with pytest.raises(SettingsRefused, match=r"^timeout_seconds must be above 0 and at most 600"):
        make(timeout_seconds=value)


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
    assert make(base_url=f"{url}/").base_url == url


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
        make(base_url=url)


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
        make(base_url=url)

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
        make(base_url=url)

    assert SECRET not in str(caught.value)


@given(
    broken=st.sampled_from(["base_url", "project_id", "requests_per_second", "timeout_seconds"]),
    value=st.text(max_size=20),
)
def test_refusals_hide_the_secret(broken: str, value: str) -> None:
    """Neither the message nor the traceback of a refusal holds the secret."""
    numbers = {"requests_per_second": -1.0, "timeout_seconds": -1.0}
    with pytest.raises(SettingsRefused) as caught:
        make(**{broken: numbers.get(broken, f" {value}")})

    assert SECRET not in "".join(traceback.format_exception(caught.value, chain=True))


def test_repr_hides_the_secret() -> None:
    """The repr of ClientSettings holds no secret."""
    settings = make()

    assert SECRET not in f"{settings!r} {settings} {[settings]}"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_loopback_addresses(host: str, expected: bool) -> None:
    """Only an address that never leaves the machine is loopback."""
    assert is_loopback(host) is expected
