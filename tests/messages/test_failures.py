"""Messages: what failed, where, and what to do about it."""

from dataclasses import replace

import pytest

from pulumi_spectrum.client import (
    AnswerLost,
    Conflict,
    CredentialsRefused,
    NotFound,
    PlanRefused,
    RateLimited,
    RequestRefused,
    ServiceFailed,
    SettingsRefused,
    SpectrumError,
    Unreachable,
)
from pulumi_spectrum.client.errors import About
from pulumi_spectrum.client.setting_sources import Source
from pulumi_spectrum.messages.conflicts import declared_elsewhere, declared_twice, held_by_another
from pulumi_spectrum.messages.failures import Refusal, explain, report_bug
from pulumi_spectrum.messages.operations import partially_created, wrong_project

OPERATIONS = ["check", "diff", "create", "read", "update", "delete"]
ABOUT: About = {"method": "POST", "path": "/users/", "status": 400}
CREDENTIALS = (
    "GET /users/ failed (HTTP 401): Invalid credentials. Check spectrum:projectId and spectrum:projectSecret (or "
    "SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET)."
)
LAST_UP = (
    " The state is as it was. Refresh and destroy use the configuration of the last `pulumi up`: if the secret was "
    "rotated since, add --run-program."
)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("create", CREDENTIALS),
        ("update", CREDENTIALS),
        ("read", CREDENTIALS + LAST_UP),
        ("delete", CREDENTIALS + LAST_UP),
    ],
)
def test_refused_credentials(operation: str, expected: str) -> None:
    """Both credentials are named with both their places, and for a refresh or destroy whose configuration it uses."""
    error = CredentialsRefused("Invalid credentials", method="GET", path="/users/", status=401)

    assert explain(error, operation) == expected


CONFIGURED = {
    "project_id": Source("spectrum:projectId", "in the stack's configuration", "p-1"),
    "project_secret": Source("spectrum:projectSecret", "in the stack's configuration"),
}
EXPORTED = {
    "project_id": Source("SPECTRUM_PROJECT_ID", "in the environment", "p-1"),
    "project_secret": Source("SPECTRUM_PROJECT_SECRET", "in the environment"),
}
OF_A_PROVIDER = {name: Source(name, 'of the spectrum.Provider "prod"') for name in CONFIGURED}
SHADOWING = {name: replace(CONFIGURED[name], unused=EXPORTED[name].name) for name in CONFIGURED}


@pytest.mark.parametrize(
    ("sources", "advice"),
    [
        (CONFIGURED, "Check spectrum:projectId and spectrum:projectSecret in the stack's configuration."),
        (EXPORTED, "Check SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET in the environment."),
        (OF_A_PROVIDER, 'Check project_id and project_secret of the spectrum.Provider "prod".'),
        (
            {**EXPORTED, "project_id": CONFIGURED["project_id"]},
            (
                "Check spectrum:projectId in the stack's configuration, and SPECTRUM_PROJECT_SECRET in the "
                "environment. They come from two places, and must be of one project: set both in one place."
            ),
        ),
        (
            SHADOWING,
            (
                "Check spectrum:projectId and spectrum:projectSecret in the stack's configuration. "
                "SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET are set too, and are not used: the environment comes "
                "last."
            ),
        ),
        (
            {**EXPORTED, "project_id": SHADOWING["project_id"]},
            (
                "Check spectrum:projectId in the stack's configuration, and SPECTRUM_PROJECT_SECRET in the "
                "environment. They come from two places, and must be of one project: set both in one place. "
                "SPECTRUM_PROJECT_ID is set too, and is not used: the environment comes last."
            ),
        ),
    ],
)
def test_refused_credentials_are_named_by_their_sources(sources: dict[str, Source], advice: str) -> None:
    """A 401 says where each credential came from, and which variables were exported in vain."""
    error = CredentialsRefused("Invalid credentials", method="GET", path="/users/", status=401)
    error.sources = sources

    assert explain(error, "create") == f"GET /users/ failed (HTTP 401): Invalid credentials. {advice}"


def base_url(value: str) -> dict[str, Source]:
    return {**EXPORTED, "base_url": Source("SPECTRUM_CLOUD_URL", "in the environment", value)}


HAS_A_PATH = (
    "SPECTRUM_CLOUD_URL in the environment has a path, https://api.example.com/v1: leave the path out, unless a server "
    "of your own has the API below it."
)


@pytest.mark.parametrize(
    ("url", "error", "advice"),
    [
        (
            "http://127.0.0.1:8080",
            Unreachable("nothing answers", setting="base_url"),
            (
                "Is the emulator running? Start it with: pulumi-spectrum emulator --port 8080; or check "
                "SPECTRUM_CLOUD_URL in the environment."
            ),
        ),
        (
            "http://localhost/",
            Unreachable("nothing answers", setting="base_url"),
            (
                "Is the emulator running? Start it with: pulumi-spectrum emulator; or check SPECTRUM_CLOUD_URL in the "
                "environment."
            ),
        ),
        (
            "https://localhost:8080",
            Unreachable("the certificate is not trusted", setting="base_url", passing=False),
            "Check SPECTRUM_CLOUD_URL in the environment, which is https://localhost:8080.",
        ),
        (
            "https://api.example.com",
            Unreachable("no connection", setting="base_url"),
            "Check SPECTRUM_CLOUD_URL in the environment, which is https://api.example.com.",
        ),
        ("https://api.example.com/v1", NotFound("Not found", path="/users/"), HAS_A_PATH),
        ("https://api.example.com/v1", ServiceFailed("not the API", setting="base_url", status=200), HAS_A_PATH),
        ("https://api.example.com/v1/", RequestRefused("phoneNumber is not valid"), ""),
        (
            "https://api.example.com/",
            NotFound("Not found", path="/"),
            "The API has no project with this id: check SPECTRUM_PROJECT_ID in the environment.",
        ),
    ],
)
def test_base_url_is_named_by_its_source(url: str, error: SpectrumError, advice: str) -> None:
    """What may be wrong with the base URL names its place and its value, and on this machine the command."""
    error.sources = base_url(url)

    assert explain(error, "read") == f"{error} {advice}".rstrip()


def test_address_that_was_not_set_is_not_to_be_checked() -> None:
    """Where the vendor's own address cannot be reached, there is no setting to check."""
    error = Unreachable("no connection", setting="base_url")
    error.sources = CONFIGURED

    assert explain(error, "read") == str(error)


def test_refusal_after_a_lost_answer() -> None:
    """That a later try was refused does not say that an earlier one was not carried out."""
    error = Conflict("Cannot be changed now", method="PATCH", path="/thing", status=409)
    error.maybe_done = True

    assert explain(error, "update") == (
        "PATCH /thing failed (HTTP 409): Cannot be changed now. An earlier try, whose answer was lost, may have been "
        "carried out. It is safe to run the command again."
    )


def test_refusal_of_the_plan() -> None:
    """The API's own words about the plan come first."""
    error = PlanRefused("Maximum number of shared users (10) reached", method="POST", path="/users/", status=402)

    assert explain(error, "create") == (
        "POST /users/ failed (HTTP 402): Maximum number of shared users (10) reached. The project's plan or one of its "
        "limits does not allow this."
    )


def test_update_of_a_missing_object() -> None:
    """The message of an update of a missing object says how to get the object back."""
    error = NotFound("Not found", method="PATCH", path="/lines/1/profile", status=404)

    assert explain(error, "update") == (
        "PATCH /lines/1/profile failed (HTTP 404): Not found. It may have been deleted by hand: run `pulumi refresh`, "
        "then `pulumi up` makes it again."
    )


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", [Conflict, RateLimited, RequestRefused, SpectrumError])
def test_other_refusal_shows_the_apis_message(kind: type[SpectrumError], operation: str) -> None:
    """Any other refusal is the request, the status and the API's message."""
    error = kind("phoneNumber is not valid", **ABOUT)

    assert explain(error, operation) == "POST /users/ failed (HTTP 400): phoneNumber is not valid."


@pytest.mark.parametrize(
    ("setting", "advice"),
    [
        ("base_url", "Check spectrum:baseUrl (or SPECTRUM_CLOUD_URL)."),
        ("timeout_seconds", "The limit is spectrum:timeoutSeconds."),
        ("requests_per_second", "Lower spectrum:requestsPerSecond in both, or run one at a time."),
    ],
)
def test_setting_is_named_by_its_configuration_key(setting: str, advice: str) -> None:
    """The client names its own setting, and the message names the configuration key."""
    error = Unreachable("no connection could be made", method="GET", path="/", setting=setting)

    assert explain(error, "read") == f"GET / (reading the project) failed: no connection could be made. {advice}"


MAY_PASS = [
    AnswerLost("the connection was closed", method="POST", path="/users/"),
    ServiceFailed("Bad gateway", method="POST", path="/users/", status=502),
]


@pytest.mark.parametrize("operation", ["update", "delete", "look-up"])
@pytest.mark.parametrize("error", MAY_PASS)
def test_temporary_failure_says_to_try_again(error: SpectrumError, operation: str) -> None:
    """A failure of the network or the service that may be temporary says to try again."""
    assert explain(error, operation) == f"{error} It is safe to run the command again."


@pytest.mark.parametrize(
    "error", [*MAY_PASS, ServiceFailed("the answer is not from the Spectrum API", method="POST", path="/", status=200)]
)
def test_creation_that_may_be_done(error: SpectrumError) -> None:
    """The message of a creation with an unclear response says that the object may exist, and what to do."""
    assert explain(error, "create") == (
        f"{error} It may have been carried out all the same. It is safe to run the command again: should the object be "
        "there by then, the message names the ways on."
    )


def test_failed_list_of_a_creation() -> None:
    """The message of a creation whose list failed does not say that the object may exist."""
    error = AnswerLost("the connection was closed", method="GET", path="/users/")

    assert explain(error, "create") == f"{error} It is safe to run the command again."


def test_permanent_failure_does_not_say_to_try_again() -> None:
    """A response that is not the API's gets its own advice only."""
    error = ServiceFailed("the answer is not from the Spectrum API", method="GET", path="/users/", status=403)

    assert explain(error, "read") == str(error)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("error", [SettingsRefused("Set it."), Refusal("No, because.")])
def test_own_refusals_are_shown_unchanged(error: SettingsRefused | Refusal, operation: str) -> None:
    """The sentence of a wrong setting or of a Refusal is shown without additions."""
    assert explain(error, operation) == str(error)


def test_bug_asks_for_a_report() -> None:
    """The message of a bug says what failed, and asks for a report."""
    assert report_bug("create", "line") == (
        "This is a bug in pulumi-spectrum (create of a line). Please report it, with the traceback above."
    )


def test_partially_created() -> None:
    """The cause comes first, and then that the object was recorded."""
    assert partially_created("line", "l-1", "It failed.") == (
        "It failed. The line exists (id l-1) and is recorded in the state. Run `pulumi up` to finish setting it up."
    )


def test_object_of_another_project() -> None:
    """Both projects are named, and what to do."""
    assert str(wrong_project("user", "p-1", "p-2")) == (
        "This user belongs to project p-1, but the credentials are of project p-2. Nothing was sent for it, and it "
        "stays in the state. Set spectrum:projectId back, or give it its own spectrum.Provider; to move to the other "
        "project for good, destroy it with the old credentials first, or forget it with `pulumi state delete`."
    )


def test_declared_twice() -> None:
    """Both resources are named, and the arguments that make them the same object."""
    assert declared_twice("webhook", "webhook_url", "a", "b") == (
        '"a" and "b" are the same webhook: both have the same webhook_url. Remove one of them from the program, or '
        "give it another value."
    )


def test_twice_the_only_one_of_a_project() -> None:
    """A kind of which a project has only one has no argument that could be given another value."""
    one, other, third = (
        f"urn:pulumi:{stack}::app::pulumi-python:dynamic/spectrum:Trunk::{name}"
        for stack, name in (("dev", "a"), ("dev", "b"), ("prod", "c"))
    )
    assert declared_elsewhere("trunk", "", one, other) == (
        '"a" and "b" are the same trunk, though they have different providers: both are of the same Spectrum project, '
        "which has only one. Remove one of them from the program, or give it a provider of another project."
    )
    assert declared_elsewhere("trunk", "", one, third).endswith(
        "are the same trunk: both are of the same Spectrum project, which has only one. Declare it in one of the two "
        "stacks only."
    )
    assert str(held_by_another("This project has a trunk", other, noun="trunk", identified_by="")) == (
        'This project has a trunk: it is "b" of this program, which stays as it is. Two resources cannot be the same '
        "trunk: remove this one."
    )
