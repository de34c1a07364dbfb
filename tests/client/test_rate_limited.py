"""Requests that the API refuses with a 429, because of its rate limit."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import responses
from fake_time import FakeTime

from pulumi_spectrum.client import ClientSettings, RateLimited, ServiceFailed
from pulumi_spectrum.client.rate_limiter import NoSlotInTime, RateLimiter
from pulumi_spectrum.client.transport import Transport

ROOT = "https://spectrum.example.com/projects/project-1"

Answers = Callable[..., None]


@pytest.fixture
def limiter(fake_time: FakeTime) -> RateLimiter:
    return fake_time.limiter()


@pytest.fixture
def limited_transport(limiter: RateLimiter, settings: ClientSettings, fake_time: FakeTime) -> Transport:
    """A transport whose rate limiter the test can reach, as other requests of the project do."""
    return Transport(settings, limiter, clock=fake_time.clock, sleep=fake_time.sleep)


@pytest.mark.parametrize(("header", "least"), [(None, 1.0), ("0", 1.0), ("7", 7.0), ("soon", 1.0)])
def test_429_pauses_the_project(
    header: str | None, least: float, answers: Answers, transport: Transport, fake_time: FakeTime
) -> None:
    """After a 429 no request of the project is sent for at least a second, and for longer if Retry-After says so."""
    answers(429, 200, headers={"Retry-After": header} if header else {})
    began = fake_time.now
    transport.request("GET", "/thing")

    assert least <= fake_time.now - began <= least + 1
    assert fake_time.slept == [], "the rate limiter waits, not the transport"


def test_retry_after_of_zero_is_not_trusted(
    transport: Transport, service: responses.RequestsMock, fake_time: FakeTime
) -> None:
    """With `Retry-After: 0` the next request still waits for at least a second, and longer after each 429."""
    times: list[float] = []

    def give(_request: Any) -> tuple[int, dict[str, str], str]:
        times.append(fake_time.now)
        return (429, {"Retry-After": "0"}, "") if len(times) < 5 else (200, {}, '{"succeed": true, "data": 1}')

    service.add_callback("GET", f"{ROOT}/thing", give)
    transport.request("GET", "/thing")

    least = [1.0, 1.0, 2.0, 4.0]
    waited = [later - earlier for earlier, later in pairwise(times)]
    assert [low for low, seconds in zip(least, waited, strict=True) if low <= seconds <= low + 1] == least


def test_cool_down_holds_for_other_requests(
    answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """The pause after a 429 also delays the project's other requests."""
    answers(429, headers={"Retry-After": "130"})
    seen: list[float] = []

    def give(_request: Any) -> tuple[int, dict[str, str], str]:
        seen.append(fake_time.now)
        return 200, {}, '{"succeed": true, "data": 2}'

    service.add_callback("GET", f"{ROOT}/other", give)
    began = fake_time.now
    with pytest.raises(RateLimited):
        transport.request("GET", "/thing")
    fake_time.now += 100  # of the 130 seconds, which are longer than a request waits
    transport.request("GET", "/other")

    assert seen == [pytest.approx(began + 130)]


def test_rate_limit_that_never_ends_fails_the_request(
    service: responses.RequestsMock, transport: Transport, fake_time: FakeTime
) -> None:
    """After two minutes of 429s the error gives the number of tries, the time, and the API's own message."""
    refusal = {"succeed": False, "code": "429", "message": "Too many requests."}
    service.get(f"{ROOT}/thing", status=429, json=refusal, headers={"Retry-After": "3"})
    began = fake_time.now

    with pytest.raises(RateLimited) as caught:
        transport.request("GET", "/thing")

    took, times = fake_time.now - began, len(service.calls)
    assert 100 < took <= 120
    error = caught.value
    assert str(error) == (
        f"GET /thing failed (HTTP 429): the API refused the request {times} times in {took:.0f} seconds because of its "
        "rate limit (Too many requests), and asks to wait another 3 seconds. Something else uses this project."
    )
    assert (error.status, error.retry_after, error.code, error.maybe_done) == (429, 3.0, "429", False)


def test_429_is_the_error_when_no_other_slot_is_free(
    answers: Answers,
    limiter: RateLimiter,
    limited_transport: Transport,
    service: responses.RequestsMock,
    fake_time: FakeTime,
) -> None:
    """A request whose time ends while it waits for a slot, after the API refused it, fails with that refusal."""
    answers(429)
    fake_time.meanwhile.append(lambda: limiter.cool_down(500.0))

    with pytest.raises(RateLimited) as caught:
        limited_transport.request("GET", "/thing")

    assert (caught.value.status, len(service.calls)) == (429, 1)
    assert "the API refused the request once because of its rate limit" in str(caught.value)


def test_request_without_any_slot_blames_the_used_up_limit(limiter: RateLimiter, limited_transport: Transport) -> None:
    """When no slot is free in time the error does not claim that the API refused the request."""
    limiter.cool_down(500.0)

    with pytest.raises(RateLimited) as caught:
        limited_transport.request("GET", "/thing")

    assert str(caught.value) == (
        "GET /thing failed: no request could be sent within 120 seconds, because the API's rate limit is used up. "
        "Something else uses this project."
    )
    assert caught.value.status is None


def test_failure_is_the_error_when_no_other_slot_is_free(
    answers: Answers, limiter: RateLimiter, settings: ClientSettings, fake_time: FakeTime
) -> None:
    """A request that failed, and then got no other slot in time, raises that failure."""
    answers(503)
    transport = Transport(settings, limiter, clock=fake_time.clock, sleep=lambda _: limiter.cool_down(500.0))

    with pytest.raises(ServiceFailed) as caught:
        transport.request("GET", "/thing")

    assert caught.value.status == 503


def test_retry_after_past_the_deadline_fails_at_once(
    answers: Answers,
    limiter: RateLimiter,
    limited_transport: Transport,
    fake_time: FakeTime,
    service: responses.RequestsMock,
) -> None:
    """When Retry-After is longer than a request may take, the request fails at once, and the project still waits."""
    answers(429, headers={"Retry-After": "500"})
    began = fake_time.now

    with pytest.raises(RateLimited) as caught:
        limited_transport.request("GET", "/thing")

    assert str(caught.value) == (
        "GET /thing failed (HTTP 429): the API refused the request once because of its rate limit (the service gave no "
        "reason), and asks to wait another 500 seconds. Something else uses this project."
    )
    assert fake_time.now == began
    assert len(service.calls) == 1
    with pytest.raises(NoSlotInTime) as no_slot, limiter.slot(deadline=began + 499):
        pass
    assert no_slot.value.seconds == 500


def test_longer_timeout_waits_longer_for_the_rate_limit(
    answers: Answers, make_transport: Callable[..., Transport], settings: ClientSettings, fake_time: FakeTime
) -> None:
    """A request whose own time limit is ten minutes also waits up to ten minutes for the rate limit."""
    answers(429)
    began = fake_time.now

    with pytest.raises(RateLimited):
        make_transport(replace(settings, timeout_seconds=600)).request("GET", "/thing")

    assert 580 < fake_time.now - began <= 600


def test_pauses_after_429s_are_capped(
    answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """However often a request gets a 429, it is repeated at least every 15 seconds."""
    answers(429)

    with pytest.raises(RateLimited):
        transport.request("GET", "/thing")

    assert len(service.calls) >= 120 / 15
