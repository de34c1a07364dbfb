"""Who is told of a long wait, and how often."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import responses

from pulumi_spectrum.client import ServiceFailed
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.client.wait_reports import report_wait, report_waits_to

ROOT = "https://spectrum.example.com/projects/project-1"


@pytest.fixture
def heard() -> list[tuple[str, float]]:
    return []


@pytest.fixture
def listener(heard: list[tuple[str, float]]) -> Callable[[str, float], None]:
    return lambda reason, seconds: heard.append((reason, seconds))


def test_a_wait_is_told_once(listener: Any, heard: Any) -> None:
    """Of several waits in one operation only the first is told."""
    with report_waits_to(listener):
        report_wait("one", 3.0)
        report_wait("two", 30.0)

    assert heard == [("one", 3.0)]


@pytest.mark.parametrize(("seconds", "told"), [(0.0, False), (1.99, False), (2.0, True), (100.0, True)])
def test_a_short_wait_is_not_told(seconds: float, told: bool, listener: Any, heard: Any) -> None:
    """A wait of less than two seconds is over before anybody has read of it, and does not use up the one telling."""
    with report_waits_to(listener):
        report_wait("short", seconds)
        report_wait("long", 5.0)

    assert heard == [("short", seconds)] if told else [("long", 5.0)]


def test_each_operation_is_told_anew(listener: Any, heard: Any) -> None:
    """The next operation of the same thread hears of its own first wait."""
    for reason in ("one", "two"):
        with report_waits_to(listener):
            report_wait(reason, 3.0)

    assert heard == [("one", 3.0), ("two", 3.0)]


def test_after_the_block_nobody_listens(listener: Any, heard: Any) -> None:
    """Nobody is told of what an operation that is over, or that failed, would have to wait for."""
    with pytest.raises(RuntimeError), report_waits_to(listener):
        raise RuntimeError
    report_wait("later", 3.0)

    assert heard == []


def test_another_thread_is_not_told(listener: Any, heard: Any) -> None:
    """Each thread's waits belong to its own operation."""
    with report_waits_to(listener):
        thread = threading.Thread(target=report_wait, args=("other", 3.0))
        thread.start()
        thread.join()

    assert heard == []


def test_pauses_between_tries_are_told_once(
    service: responses.RequestsMock, transport: Transport, listener: Any, heard: Any
) -> None:
    """A failing service is told of with the first pause that is worth it, and not with each try."""
    service.get(f"{ROOT}/", status=503, json={"succeed": False})

    with report_waits_to(listener), pytest.raises(ServiceFailed):
        transport.request("GET", "/")

    assert [reason for reason, _ in heard] == ["the Spectrum API to answer again"]
    assert heard[0][1] >= 2


def test_a_cool_down_is_told_with_its_length(
    service: responses.RequestsMock, transport: Transport, listener: Any, heard: Any
) -> None:
    """After a 429 that names a time, that time is told."""
    service.get(f"{ROOT}/", status=429, json={"succeed": False}, headers={"Retry-After": "9"})
    service.get(f"{ROOT}/", json={"succeed": True, "data": 1})

    with report_waits_to(listener):
        transport.request("GET", "/")

    assert heard == [("the API's rate limit", pytest.approx(9.0))]
