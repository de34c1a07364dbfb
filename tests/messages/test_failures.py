"""Messages: what was refused, where, and what mends it."""

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
from pulumi_spectrum.messages.conflicts import declared_twice
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
def test_wrong_credentials(operation: str, expected: str) -> None:
    """Both credentials are named with both their places; a refresh or destroy is told whose configuration it uses."""
    error = CredentialsRefused("Invalid credentials", method="GET", path="/users/", status=401)

    assert explain(error, operation) == expected


def test_a_plan_that_does_not_allow_it() -> None:
    """The service's own words about the plan stand first."""
    error = PlanRefused("Maximum number of shared users (10) reached", method="POST", path="/users/", status=402)

    assert explain(error, "create") == (
        "POST /users/ failed (HTTP 402): Maximum number of shared users (10) reached. The project's plan or one of its "
        "limits does not allow this."
    )


def test_what_is_gone_when_it_should_be_changed() -> None:
    """An update of what is not there says how to get it back."""
    error = NotFound("Not found", method="PATCH", path="/lines/1/profile", status=404)

    assert explain(error, "update") == (
        "PATCH /lines/1/profile failed (HTTP 404): Not found. It may have been deleted by hand: run `pulumi refresh`, "
        "then `pulumi up` makes it again."
    )


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", [Conflict, RateLimited, RequestRefused, SpectrumError])
def test_the_rest_is_the_services_own_sentence(kind: type[SpectrumError], operation: str) -> None:
    """Where there is no more to say, the request, the status and the service's message are all."""
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
def test_an_error_that_names_a_setting_gets_the_configuration_key(setting: str, advice: str) -> None:
    """The client names its own setting; the message says which configuration key that is."""
    error = Unreachable("no connection could be made", method="GET", path="/", setting=setting)

    assert explain(error, "read") == f"GET / failed: no connection could be made. {advice}"


MAY_PASS = [
    AnswerLost("the connection was closed", method="POST", path="/users/"),
    ServiceFailed("Bad gateway", method="POST", path="/users/", status=502),
]


@pytest.mark.parametrize("operation", ["update", "delete", "look-up"])
@pytest.mark.parametrize("error", MAY_PASS)
def test_what_may_pass(error: SpectrumError, operation: str) -> None:
    """What the network or the service failed at may be tried again, and the message says so."""
    assert explain(error, operation) == f"{error} It is safe to run the command again."


@pytest.mark.parametrize(
    "error", [*MAY_PASS, ServiceFailed("the answer is not from the Spectrum API", method="POST", path="/", status=200)]
)
def test_a_creation_that_may_have_been_carried_out(error: SpectrumError) -> None:
    """The message of a creation whose answer proves nothing says that the object may be there, and what to do."""
    assert explain(error, "create") == (
        f"{error} It may have been carried out all the same. It is safe to run the command again: should the object be "
        "there by then, the message names the ways on."
    )


def test_a_list_that_a_creation_could_not_read() -> None:
    """A read that fails before a creation has made nothing."""
    error = AnswerLost("the connection was closed", method="GET", path="/users/")

    assert explain(error, "create") == f"{error} It is safe to run the command again."


def test_what_another_try_does_not_mend() -> None:
    """An answer that is not Spectrum's stays so: its own advice is all."""
    error = ServiceFailed("the answer is not from the Spectrum API", method="GET", path="/users/", status=403)

    assert explain(error, "read") == str(error)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("error", [SettingsRefused("Set it."), Refusal("No, because.")])
def test_our_own_rules_are_whole_as_they_stand(error: SettingsRefused | Refusal, operation: str) -> None:
    """A setting that is wrong and a rule that says no need no more words."""
    assert explain(error, operation) == str(error)


def test_a_bug_asks_for_a_report() -> None:
    """A failure of our own says that it is one, of what, and what to do."""
    assert report_bug("create", "line") == (
        "This is a bug in pulumi-spectrum (create of a line). Please report it, with the traceback above."
    )


def test_partially_created() -> None:
    """What failed stands first; that the object is recorded stands beside it."""
    assert partially_created("line", "l-1", "It failed.") == (
        "It failed. The line exists (id l-1) and is recorded in the state. Run `pulumi up` to finish setting it up."
    )


def test_another_project() -> None:
    """Both projects are named, and the ways on."""
    assert str(wrong_project("user", "p-1", "p-2")) == (
        "This user belongs to project p-1, but the credentials are of project p-2. Nothing was sent for it, and it "
        "stays in the state. Set spectrum:projectId back, or give it its own spectrum.Provider; to move to the other "
        "project for good, destroy it with the old credentials first, or forget it with `pulumi state delete`."
    )


def test_twice_in_one_program() -> None:
    """Both resources are named, and what makes them the same."""
    assert declared_twice("webhook", "webhook_url", "a", "b") == (
        '"a" and "b" are the same webhook: both have the same webhook_url. Remove one of them from the program, or '
        "give it another value."
    )
