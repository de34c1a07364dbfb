"""Reports of long waits: when they are made, and how often."""

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


def test_wait_is_reported_once(listener: Any, heard: Any) -> None:
    """Of several waits in one operation only the first is reported."""
    with report_waits_to(listener):
        report_wait("one", 3.0)
        report_wait("two", 30.0)

    assert heard == [("one", 3.0)]


@pytest.mark.parametrize(("seconds", "told"), [(0.0, False), (1.99, False), (2.0, True), (100.0, True)])
def test_short_wait_is_not_reported(seconds: float, told: bool, listener: Any, heard: Any) -> None:
    """A wait of less than two seconds is not reported, and the next long one still is."""
    with report_waits_to(listener):
        report_wait("short", seconds)
        report_wait("long", 5.0)

    assert heard == [("short", seconds)] if told else [("long", 5.0)]


def test_each_operation_reports_its_first_wait(listener: Any, heard: Any) -> None:
    """The next operation of the same thread reports its own first wait."""
    for reason in ("one", "two"):
        with report_waits_to(listener):
            report_wait(reason, 3.0)

    assert heard == [("one", 3.0), ("two", 3.0)]


def test_no_report_after_the_operation(listener: Any, heard: Any) -> None:
    """Waits after an operation has ended or failed are not reported."""
    with pytest.raises(RuntimeError), report_waits_to(listener):
        raise RuntimeError
    report_wait("later", 3.0)

    assert heard == []


def test_wait_of_another_thread_is_not_reported(listener: Any, heard: Any) -> None:
    """A wait in another thread is not reported to this operation."""
    with report_waits_to(listener):
        thread = threading.Thread(target=report_wait, args=("other", 3.0))
        thread.start()
        thread.join()

    assert heard == []


def test_retry_pauses_are_reported_once(
    service: responses.RequestsMock, transport: Transport, listener: Any, heard: Any
) -> None:
    """When the service keeps failing, the first long pause is reported, and later ones are not."""
    service.get(f"{ROOT}/", status=503, json={"succeed": False})

    with report_waits_to(listener), pytest.raises(ServiceFailed):
        transport.request("GET", "/")

    assert [reason for reason, _ in heard] == ["the Spectrum API to answer again"]
    assert heard[0][1] >= 2


def test_cool_down_is_reported_with_its_length(
    service: responses.RequestsMock, transport: Transport, listener: Any, heard: Any
) -> None:
    """After a 429 with a Retry-After, that time is reported."""
    service.get(f"{ROOT}/", status=429, json={"succeed": False}, headers={"Retry-After": "9"})
    service.get(f"{ROOT}/", json={"succeed": True, "data": 1})

    with report_waits_to(listener):
        transport.request("GET", "/")

    assert heard == [("the API's rate limit", pytest.approx(9.0))]
