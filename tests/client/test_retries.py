"""When a request is sent again, after how long, and when no more."""

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
def test_the_decision(
    error: SpectrumError, failures: int, seconds_left: float, repeatable: RetryDecision, once: RetryDecision
) -> None:
    """What follows a failed try depends on the error, the failures so far and the time left, and on nothing else."""
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
def test_what_was_not_carried_out_is_sent_again(
    method: str, failure: Any, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A request that was never sent, or refused for its rate, is sent again whatever its method."""
    answers(failure, failure, 200)

    assert transport.request(method, "/thing") == 1
    assert len(service.calls) == 3


@pytest.mark.parametrize("method", SAFE_METHODS)
@pytest.mark.parametrize("failure", [500, 502, 503, 504, lost(), too_late()])
def test_what_can_be_done_twice_is_sent_again(
    method: str, failure: Any, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """Every method but POST is repeated after a failure of the service and after a lost answer."""
    answers(failure, failure, 200)

    assert transport.request(method, "/thing") == 1
    assert len(service.calls) == 3


@pytest.mark.parametrize("failure", [500, 502, 503, 504, lost(), too_late()])
def test_a_post_that_may_have_been_carried_out_is_never_repeated(
    failure: Any, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A POST is sent once where nobody can prove that it was not carried out, and its error says so."""
    answers(failure)

    with pytest.raises(SpectrumError) as caught:
        transport.request("POST", "/thing", body={})

    assert caught.value.maybe_done
    assert len(service.calls) == 1


@pytest.mark.parametrize("failure", [500, lost(), too_late()])
def test_a_post_that_is_harmless_twice_is_repeated(failure: Any, answers: Answers, transport: Transport) -> None:
    """A POST whose caller knows that twice is once is repeated like any other method."""
    answers(failure, 200)

    assert transport.request("POST", "/thing", body={}, repeatable=True) == 1


def test_a_method_can_be_declared_unrepeatable(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A caller can also forbid the second try of another method."""
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
def test_a_refusal_is_final(
    method: str, status: int, answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """What the service has read and refused is not asked again."""
    answers(status)

    with pytest.raises(SpectrumError):
        transport.request(method, "/thing")

    assert len(service.calls) == 1


@pytest.mark.parametrize("status", [200, 403, 404])
def test_a_page_of_a_proxy_is_final(status: int, service: responses.RequestsMock, transport: Transport) -> None:
    """A page of something that stands in between will not turn into the API by asking again."""
    service.get(f"{ROOT}/thing", status=status, body="<html>")

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    assert len(service.calls) == 1


@pytest.mark.parametrize("kind", [Unreachable, AnswerLost])
def test_a_host_that_is_down_is_given_up(
    kind: type[SpectrumError], answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """Four failures of the network in a row are enough: nobody wants to watch a silent line for two minutes."""
    answers(never_sent() if kind is Unreachable else lost())

    with pytest.raises(kind):
        transport.request("GET", "/thing")

    assert len(service.calls) == 4


def test_only_failures_of_the_network_in_a_row_count(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A connection that was lost after some 429s is not the end of a request that waited for its turn."""
    answers(429, 429, 429, lost(), 429, lost(), lost(), lost(), 200)

    assert transport.request("GET", "/thing") == 1
    assert len(service.calls) == 9


@pytest.mark.parametrize("status", [500, 503])
def test_a_service_that_keeps_failing_is_given_up(
    status: int, answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """After six failures in a row, which takes less than half a minute, the service is taken to be down."""
    answers(status)
    began = fake_time.now

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    assert len(service.calls) == 6
    assert fake_time.now - began < 30


def test_pauses_differ(answers: Answers, make_transport: Callable[..., Transport], fake_time: FakeTime) -> None:
    """Two who fail at the same moment do not come back at the same moment."""
    answers(503)
    for _ in range(2):
        with pytest.raises(ServiceFailed):
            make_transport().request("GET", "/thing")

    assert len(fake_time.slept) == 2 * 5
    assert fake_time.slept[:3] != fake_time.slept[5:8]


def test_an_earlier_try_may_have_been_carried_out(answers: Answers, transport: Transport) -> None:
    """A refusal after a lost answer does not prove that nothing was done, and the error still says so."""
    answers(lost(), 429, never_sent(), 422)

    with pytest.raises(RequestRefused) as caught:
        transport.request("PATCH", "/thing")

    assert caught.value.maybe_done


def test_what_was_only_refused_was_not_carried_out(answers: Answers, transport: Transport) -> None:
    """Where no try can have been carried out, the error says so."""
    answers(429, never_sent(), 422)

    with pytest.raises(RequestRefused) as caught:
        transport.request("PATCH", "/thing")

    assert not caught.value.maybe_done


def test_a_failing_service_that_names_a_time_too_far_away_is_given_up(
    answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """Nobody sleeps past the two minutes that a request has: it fails now, and not then."""
    answers(503, headers={"Retry-After": "500"})

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    assert (len(service.calls), fake_time.slept) == (1, [])


def test_an_error_of_another_kind_passes_through(transport: Transport, service: responses.RequestsMock) -> None:
    """What is no failure of a request, such as a value that is no JSON, is never repeated or renamed."""
    with pytest.raises(TypeError):
        transport.request("POST", "/thing", body={"value": object()})

    assert len(service.calls) == 0


def test_the_last_error_is_the_one_that_is_raised(answers: Answers, transport: Transport) -> None:
    """A request that fails in several ways fails with the last of them."""
    answers(503, 422)

    with pytest.raises(RequestRefused) as caught:
        transport.request("GET", "/thing")

    assert caught.value.status == 422


def test_the_caller_is_asked_before_each_try(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """Right before each try the caller is asked, as long as no earlier try can have been carried out."""
    answers(429, never_sent(), 503, 503, 200)
    called: list[int] = []
    transport.request("PUT", "/thing", on_send=lambda: called.append(len(service.calls)))

    assert called == [0, 1, 2]
    assert len(service.calls) == 5


def test_a_caller_may_keep_a_request_from_being_sent(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """What the caller raises when the request's turn has come is passed on, and nothing is sent."""
    answers(200)

    def refuse() -> None:
        raise LookupError("not any more")

    with pytest.raises(LookupError):
        transport.request("GET", "/thing", on_send=refuse)

    assert len(service.calls) == 0
