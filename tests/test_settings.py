"""The sources of credentials and limits, and how a refused value is named."""

import pytest

from pulumi_spectrum.client import ClientSettings, SettingsRefused
from pulumi_spectrum.settings import read_settings

CONFIG = {"spectrum:projectId": "from-config", "spectrum:projectSecret": "secret-from-config"}


ENVIRONMENT = {"SPECTRUM_PROJECT_ID": "from-env", "SPECTRUM_PROJECT_SECRET": "secret-from-env"}


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
            {"spectrum:projectSecret": "secret-from-config"},
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
