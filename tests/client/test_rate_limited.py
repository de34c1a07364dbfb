"""Requests that the service refuses because too many come in."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import responses
from fake_time import FakeTime

from pulumi_spectrum.client import ClientSettings, RateLimited, ServiceFailed
from pulumi_spectrum.client.transport import Transport

ROOT = "https://spectrum.example.com/projects/project-1"

Answers = Callable[..., None]


@pytest.mark.parametrize(("header", "least"), [(None, 1.0), ("0", 1.0), ("7", 7.0), ("soon", 1.0)])
def test_after_a_429_everybody_cools_down(
    header: str | None, least: float, answers: Answers, transport: Transport, fake_time: FakeTime
) -> None:
    """After a 429 the whole project waits for a second at least, and for longer where Retry-After says so."""
    answers(429, 200, headers={"Retry-After": header} if header else {})
    began = fake_time.now
    transport.request("GET", "/thing")

    assert least <= fake_time.now - began <= least + 1
    assert fake_time.slept == [], "the wait is the pace's"


def test_a_retry_after_of_nothing_is_not_trusted(
    transport: Transport, service: responses.RequestsMock, fake_time: FakeTime
) -> None:
    """A service that says to come back at once is left alone for a second at least, and for longer each time."""
    times: list[float] = []

    def give(_request: Any) -> tuple[int, dict[str, str], str]:
        times.append(fake_time.now)
        return (429, {"Retry-After": "0"}, "") if len(times) < 5 else (200, {}, '{"succeed": true, "data": 1}')

    service.add_callback("GET", f"{ROOT}/thing", give)
    transport.request("GET", "/thing")

    least = [1.0, 1.0, 2.0, 4.0]
    waited = [later - earlier for earlier, later in pairwise(times)]
    assert [low for low, seconds in zip(least, waited, strict=True) if low <= seconds <= low + 1] == least


def test_a_cool_down_holds_for_other_requests(
    answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """The pause after a 429 is waited at the pace, so that another request cannot run into the same wall."""
    answers(429, headers={"Retry-After": "500"})
    seen: list[float] = []

    def give(_request: Any) -> tuple[int, dict[str, str], str]:
        seen.append(fake_time.now)
        return 200, {}, '{"succeed": true, "data": 2}'

    service.add_callback("GET", f"{ROOT}/other", give)
    transport._limiter.cool_down, cool_down = lambda _: cool_down(7.0), transport._limiter.cool_down
    began = fake_time.now
    with pytest.raises(RateLimited):
        transport.request("GET", "/thing")
    transport.request("GET", "/other")

    assert seen == [pytest.approx(began + 7)]


def test_a_rate_limit_that_never_ends_is_given_up(
    service: responses.RequestsMock, transport: Transport, fake_time: FakeTime
) -> None:
    """After two minutes of 429s the error says how often and for how long, and in which words of the service."""
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


def test_a_request_that_stays_in_line_after_refusals_says_so(
    answers: Answers, transport: Transport, service: responses.RequestsMock
) -> None:
    """A request whose time ends while it waits for the pace, after it was refused, fails with the refusal."""
    answers(429)
    cool_down = transport._limiter.cool_down
    transport._limiter.cool_down = lambda _: cool_down(500.0)

    with pytest.raises(RateLimited) as caught:
        transport.request("GET", "/thing")

    assert (caught.value.status, len(service.calls)) == (429, 1)
    assert "the API refused the request once because of its rate limit" in str(caught.value)


def test_a_request_that_never_got_a_slot_says_so(transport: Transport) -> None:
    """Where the pace lets nothing through at all, no refusal of the API is claimed."""
    transport._limiter.cool_down(500.0)

    with pytest.raises(RateLimited) as caught:
        transport.request("GET", "/thing")

    assert str(caught.value) == (
        "GET /thing failed: no request could be sent within 120 seconds, because the API's rate limit is used up. "
        "Something else uses this project."
    )
    assert caught.value.status is None


def test_a_request_that_stays_in_line_after_a_failure_keeps_that_error(
    answers: Answers, settings: ClientSettings, fake_time: FakeTime
) -> None:
    """A request that failed, and then got no other slot, fails with what happened to it."""
    answers(503)
    pace = fake_time.limiter()
    transport = Transport(settings, pace, clock=fake_time.clock, sleep=lambda _: pace.cool_down(500.0))

    with pytest.raises(ServiceFailed) as caught:
        transport.request("GET", "/thing")

    assert caught.value.status == 503


def test_a_wait_past_the_deadline_fails_at_once(
    answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """Where the service wants to be left alone for longer than anybody waits, the request fails then, and not later."""
    answers(429, headers={"Retry-After": "500"})
    cooled: list[float] = []
    cool_down = transport._limiter.cool_down
    transport._limiter.cool_down = lambda seconds: cooled.append(seconds) or cool_down(seconds)
    began = fake_time.now

    with pytest.raises(RateLimited) as caught:
        transport.request("GET", "/thing")

    assert str(caught.value) == (
        "GET /thing failed (HTTP 429): the API refused the request once because of its rate limit (the service gave no "
        "reason), and asks to wait another 500 seconds. Something else uses this project."
    )
    assert fake_time.now == began
    assert len(service.calls) == 1
    assert cooled == [500.0]


def test_a_longer_time_limit_makes_a_longer_deadline(
    answers: Answers, make_transport: Callable[..., Transport], settings: ClientSettings, fake_time: FakeTime
) -> None:
    """Who allows one request ten minutes waits as long for the rate limit, too."""
    answers(429)
    began = fake_time.now

    with pytest.raises(RateLimited):
        make_transport(replace(settings, timeout_seconds=600)).request("GET", "/thing")

    assert 580 < fake_time.now - began <= 600


def test_pauses_have_a_cap(
    answers: Answers, transport: Transport, fake_time: FakeTime, service: responses.RequestsMock
) -> None:
    """However often a request is refused for its rate, it is tried again every quarter of a minute at least."""
    answers(429)

    with pytest.raises(RateLimited):
        transport.request("GET", "/thing")

    assert len(service.calls) >= 120 / 15
