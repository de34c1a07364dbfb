"""Which failed requests are repeated, after how long, and when they are given up."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from fake_time import FakeTime
from urllib3.exceptions import MaxRetryError, NewConnectionError

from pulumi_spectrum.client import (
    AnswerLost,
    ClientSettings,
    Conflict,
    CredentialsRefused,
    NotFound,
    PlanRefused,
    RateLimited,
    RequestRefused,
    ServiceFailed,
    SpectrumError,
    Unreachable,
)
from pulumi_spectrum.client.retries import RetryDecision, decide_retry
from pulumi_spectrum.client.transport import Transport

ROOT = "https://spectrum.example.com/projects/project-1"
METHODS = ["GET", "PATCH", "PUT", "DELETE", "POST"]
SAFE_METHODS = METHODS[:-1]


GIVE_UP = RetryDecision(retry=False)


def after(seconds: float) -> RetryDecision:
    return RetryDecision(retry=True, seconds=seconds)


def project_after(seconds: float, *, retry: bool = True) -> RetryDecision:
    return RetryDecision(retry, seconds, pauses_project=True)


def failing(status: int | None, method: str = "PATCH", retry_after: float | None = None) -> ServiceFailed:
    return ServiceFailed("failed", method=method, path="/", status=status, retry_after=retry_after)


def limited(retry_after: float | None = None) -> RateLimited:
    return RateLimited("too many", method="POST", path="/", status=429, retry_after=retry_after)


LOST, NEVER_SENT = AnswerLost("lost"), Unreachable("down")
HOPELESS = [AnswerLost("no TLS", passing=False), Unreachable("not trusted", passing=False)]
REFUSED = [kind("no", status=400) for kind in (RequestRefused, NotFound, Conflict, PlanRefused, CredentialsRefused)]


@pytest.mark.parametrize(
    ("error", "failures", "seconds_left", "repeatable", "once"),
    [
        # The error, how many failures of its sort there were, the seconds left: what follows where a second try is
        # harmless, and where it is not.
        # A 429 was not carried out: it waits for everybody, for a second at least, until the time is over.
        (limited(), 1, 120, project_after(1.0), project_after(1.0)),
        (limited(0.0), 1, 120, project_after(1.0), project_after(1.0)),
        (limited(7.0), 1, 120, project_after(7.0), project_after(7.0)),
        (limited(0.2), 4, 120, project_after(4.25), project_after(4.25)),
        (limited(), 50, 120, project_after(15.0), project_after(15.0)),
        (limited(), 9999, 120, project_after(15.0), project_after(15.0)),
        # The request that has no time left is given up; the others wait all the same.
        (limited(500.0), 1, 120, project_after(500.0, retry=False), project_after(500.0, retry=False)),
        (limited(), 1, 1.0, project_after(1.0, retry=False), project_after(1.0, retry=False)),
        # The network: four tries. Only what was never sent is sent again where a second try may do harm.
        (NEVER_SENT, 1, 120, after(0.75), after(0.75)),
        (NEVER_SENT, 3, 120, after(2.25), after(2.25)),
        (NEVER_SENT, 4, 120, GIVE_UP, GIVE_UP),
        (LOST, 1, 120, after(0.75), GIVE_UP),
        (LOST, 3, 120, after(2.25), GIVE_UP),
        (LOST, 4, 120, GIVE_UP, GIVE_UP),
        (NEVER_SENT, 1, 0.75, GIVE_UP, GIVE_UP),
        *((error, 1, 120, GIVE_UP, GIVE_UP) for error in HOPELESS),
        # The service: six tries. A Retry-After is the least that is waited.
        (failing(500), 1, 120, after(0.75), GIVE_UP),
        (failing(503), 5, 120, after(8.25), GIVE_UP),
        (failing(503), 6, 120, GIVE_UP, GIVE_UP),
        (failing(503, retry_after=9.0), 1, 120, after(9.0), GIVE_UP),
        (failing(503, retry_after=0.1), 2, 120, after(1.25), GIVE_UP),
        (failing(503, retry_after=500.0), 1, 120, GIVE_UP, GIVE_UP),
        # An answer that is not Spectrum's. After a write a 2xx of that sort leaves open what was done, so it is
        # repeated; the page of a proxy that refuses, or that stands in for a list, stays the same.
        (failing(200), 1, 120, after(0.75), GIVE_UP),
        (failing(200), 6, 120, GIVE_UP, GIVE_UP),
        (failing(200, "GET"), 1, 120, GIVE_UP, GIVE_UP),
        (failing(103), 1, 120, after(0.75), GIVE_UP),
        (failing(302), 1, 120, GIVE_UP, GIVE_UP),
        (failing(403), 1, 120, GIVE_UP, GIVE_UP),
        (failing(404, "GET"), 1, 120, GIVE_UP, GIVE_UP),
        # What the service has read and refused is final.
        *((error, 1, 120, GIVE_UP, GIVE_UP) for error in REFUSED),
    ],
)
def test_retry_decision(
    error: SpectrumError, failures: int, seconds_left: float, repeatable: RetryDecision, once: RetryDecision
) -> None:
    """`decide_retry` depends on the error, the failures so far and the time left, and on nothing else."""
    known = {"failures": failures, "seconds_left": seconds_left, "jitter": 0.25}

    assert decide_retry(error, repeatable=True, **known) == repeatable
    assert decide_retry(error, repeatable=False, **known) == once


def never_sent() -> Exception:
    """What the HTTP library raises where no connection could be made."""
    reason = NewConnectionError(None, "refused")  # type: ignore[arg-type]
    return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


def lost() -> Exception:
    """What it raises where the connection closed before the answer came."""
    return requests.ConnectionError("Connection aborted.")


def too_late() -> Exception:
    """What it raises where the answer did not come in time."""
    return requests.ReadTimeout("Read timed out.")


Answers = Callable[..., None]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("failure", [never_sent(), 429])
def test_request_that_was_not_carried_out_is_repeated(
    method: str, failure: Any, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A request that was never sent, or that got a 429, is repeated whatever its method."""
    answers(failure, failure, 200)

    assert transport.request(method, "/thing") == 1
    assert len(service.calls) == 3


@pytest.mark.parametrize("method", SAFE_METHODS)
@pytest.mark.parametrize("failure", [500, 502, 503, 504, lost(), too_late()])
def test_repeatable_method_is_repeated(
    method: str, failure: Any, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """Every method but POST is repeated after a failure of the service and after a lost response."""
    answers(failure, failure, 200)

    assert transport.request(method, "/thing") == 1
    assert len(service.calls) == 3


@pytest.mark.parametrize("failure", [500, 502, 503, 504, lost(), too_late()])
def test_post_that_may_have_been_carried_out_is_not_repeated(
    failure: Any, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A POST that may have been carried out is sent once, and its error says so."""
    answers(failure)

    with pytest.raises(SpectrumError) as caught:
        transport.request("POST", "/thing", body={})

    assert caught.value.maybe_done
    assert len(service.calls) == 1


@pytest.mark.parametrize("failure", [500, lost(), too_late()])
def test_repeatable_post_is_repeated(failure: Any, answers: Answers, transport: Transport) -> None:
    """A POST with `repeatable=True` is repeated like any other method."""
    answers(failure, 200)

    assert transport.request("POST", "/thing", body={}, repeatable=True) == 1


def test_unrepeatable_method_is_not_repeated(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A request of another method with `repeatable=False` is sent once."""
    answers(500)

    with pytest.raises(ServiceFailed):
        transport.request("PATCH", "/thing", body={}, repeatable=False)

    assert len(service.calls) == 1


@pytest.mark.parametrize("failure", [429, 500, lost(), requests.ConnectionError(NEVER_SENT)])
def test_a_transport_can_be_told_to_repeat_nothing(
    failure: Any, answers: Answers, settings: ClientSettings, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """Where nobody is to wait for long, a request that failed is not sent again, whatever it was."""
    answers(failure, 200)
    once = Transport(settings, fake_time.limiter(5), clock=fake_time.clock, sleep=fake_time.sleep, repeats=False)

    with pytest.raises(SpectrumError):
        once.request("GET", "/thing")

    assert len(service.calls) == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 409, 422])
def test_refused_request_is_not_repeated(
    method: str, status: int, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A request that the service has read and refused is sent once."""
    answers(status)

    with pytest.raises(SpectrumError):
        transport.request(method, "/thing")

    assert len(service.calls) == 1


@pytest.mark.parametrize("status", [200, 403, 404])
def test_page_of_a_proxy_is_not_repeated(status: int, service: responses.RequestsMock, transport: Transport) -> None:
    """A request whose response is the page of a proxy is sent once, since the next one gets the same page."""
    service.get(f"{ROOT}/thing", status=status, body="<html>")

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    assert len(service.calls) == 1


@pytest.mark.parametrize("kind", [Unreachable, AnswerLost])
def test_four_network_failures_end_a_request(
    kind: type[SpectrumError], answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A request ends after four network failures in a row."""
    answers(never_sent() if kind is Unreachable else lost())

    with pytest.raises(kind):
        transport.request("GET", "/thing")

    assert len(service.calls) == 4


def test_rate_limit_restarts_the_count_of_network_failures(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """Network failures are counted anew after a 429."""
    answers(429, 429, 429, lost(), 429, lost(), lost(), lost(), 200)

    assert transport.request("GET", "/thing") == 1
    assert len(service.calls) == 9


@pytest.mark.parametrize("status", [500, 503])
def test_six_service_failures_end_a_request(
    status: int, answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """A request ends after six failures of the service in a row, in less than half a minute."""
    answers(status)
    began = fake_time.now

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    assert len(service.calls) == 6
    assert fake_time.now - began < 30


def test_pauses_are_jittered(answers: Answers, make_transport: Callable[..., Transport], fake_time: FakeTime) -> None:
    """Two requests that fail at the same moment are not repeated at the same moment."""
    answers(503)
    for _ in range(2):
        with pytest.raises(ServiceFailed):
            make_transport().request("GET", "/thing")

    assert len(fake_time.slept) == 2 * 5
    assert fake_time.slept[:3] != fake_time.slept[5:8]


def test_refusal_after_a_lost_response_may_be_done(answers: Answers, transport: Transport) -> None:
    """When an earlier try lost its response, the error of a later refusal still says that the request may be done."""
    answers(lost(), 429, never_sent(), 422)

    with pytest.raises(RequestRefused) as caught:
        transport.request("PATCH", "/thing")

    assert caught.value.maybe_done


def test_refused_request_is_not_done(answers: Answers, transport: Transport) -> None:
    """When no try can have been carried out, the error says that the request was not done."""
    answers(429, never_sent(), 422)

    with pytest.raises(RequestRefused) as caught:
        transport.request("PATCH", "/thing")

    assert not caught.value.maybe_done


def test_retry_after_past_the_deadline_ends_a_request(
    answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """When Retry-After lies after the request's deadline, the request fails at once."""
    answers(503, headers={"Retry-After": "500"})

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    assert (len(service.calls), fake_time.slept) == (1, [])


def test_other_exception_is_passed_on(transport: Transport, service: responses.RequestsMock) -> None:
    """An exception that is no failed request, such as a value that is not JSON, is passed on unchanged."""
    with pytest.raises(TypeError):
        transport.request("POST", "/thing", body={"value": object()})

    assert len(service.calls) == 0


def test_last_error_is_raised(answers: Answers, transport: Transport) -> None:
    """A request whose tries fail in different ways raises the last error."""
    answers(503, 422)

    with pytest.raises(RequestRefused) as caught:
        transport.request("GET", "/thing")

    assert caught.value.status == 422


def test_on_send_is_called_before_each_try(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """`on_send` is called right before each try, as long as no earlier try can have been carried out."""
    answers(429, never_sent(), 503, 503, 200)
    called: list[int] = []
    transport.request("PUT", "/thing", on_send=lambda: called.append(len(service.calls)))

    assert called == [0, 1, 2]
    assert len(service.calls) == 5


def test_exception_of_on_send_stops_the_request(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """What `on_send` raises is passed on, and nothing is sent."""
    answers(200)

    def refuse() -> None:
        raise LookupError("not any more")

    with pytest.raises(LookupError):
        transport.request("GET", "/thing", on_send=refuse)

    assert len(service.calls) == 0
