"""When a request is sent again, after how long, and when no more."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError

from pulumi_spectrum.client import AnswerLost, RequestRefused, ServiceFailed, SpectrumError, Unreachable
from pulumi_spectrum.client.transport import Transport

ROOT = "https://spectrum.example.com/projects/project-1"
METHODS = ["GET", "PATCH", "PUT", "DELETE", "POST"]
SAFE_METHODS = METHODS[:-1]


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
    status: int, answers: Answers, transport: Transport, fake_time: Any, service: responses.RequestsMock
) -> None:
    """After six failures in a row, which takes less than half a minute, the service is taken to be down."""
    answers(status)
    began = fake_time.now

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    assert len(service.calls) == 6
    assert fake_time.now - began < 30


def test_pauses_grow_with_chance(answers: Answers, transport: Transport, fake_time: Any) -> None:
    """Pauses double, each with up to a second of chance in it."""
    answers(503)

    with pytest.raises(ServiceFailed):
        transport.request("GET", "/thing")

    least = [0.5, 1.0, 2.0, 4.0, 8.0]
    assert [low for low, pause in zip(least, fake_time.slept, strict=True) if low <= pause <= low + 1] == least


def test_pauses_differ(answers: Answers, make_transport: Callable[..., Transport], fake_time: Any) -> None:
    """Two who fail at the same moment do not come back at the same moment."""
    answers(503)
    for _ in range(2):
        with pytest.raises(ServiceFailed):
            make_transport().request("GET", "/thing")

    half = len(fake_time.slept) // 2
    assert fake_time.slept[:3] != fake_time.slept[half : half + 3]


@pytest.mark.parametrize("seconds", [3.0, 9.0])
def test_a_failing_service_that_names_a_time_is_given_it(
    seconds: float, answers: Answers, transport: Transport, fake_time: Any
) -> None:
    """A Retry-After of a failing service is the least that is waited before the next try."""
    answers(503, 200, headers={"Retry-After": str(seconds)})
    transport.request("GET", "/thing")

    assert fake_time.slept == [seconds]


def test_a_failing_service_that_names_a_time_too_far_away_is_given_up(
    answers: Answers, transport: Transport, fake_time: Any, service: responses.RequestsMock
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
