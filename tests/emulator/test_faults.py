"""What goes wrong on demand."""

import threading
import time
from typing import Any

import pytest
import requests
from pydantic import ValidationError

from pulumi_spectrum.emulator import Emulator, Fault, ProjectHandle

BODY = {"webhookUrl": "https://app.example.com/spectrum"}


def test_a_status_strikes_so_many_times_and_nothing_is_done(
    client: Any, spectrum: Emulator, project: ProjectHandle
) -> None:
    """The next matching requests get the status in the API's envelope, unprocessed; then all is well again."""
    spectrum.faults.add(Fault(method="post", path="*/webhooks/", status=503, times=2, headers={"Retry-After": "3"}))
    assert client.ask("GET", "/webhooks/").status == 200
    for path in ("/webhooks/", "/webhooks"):
        answer = client.ask("POST", path, BODY)
        assert answer.refusal == (503, "Injected fault")
        assert answer.headers["retry-after"] == "3"
    assert len(project.webhooks) == 0
    assert client.ask("POST", "/webhooks/", BODY).status == 200
    assert spectrum.faults.pending() == []


def test_a_status_can_come_after_the_work(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """With after, the request is processed and answered with the status all the same."""
    spectrum.faults.add(Fault(method="POST", path="*/webhooks", status=502, after=True))
    assert client.ask("POST", "/webhooks/", BODY).status == 502
    assert [row["webhookUrl"] for row in project.webhooks] == [BODY["webhookUrl"]]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<html>Bad gateway</html>", "text/html; charset=utf-8"),
        ("busy", "text/plain; charset=utf-8"),
        ({"a": 1}, "application/json"),
    ],
)
def test_a_status_can_have_a_body_of_its_own(body: Any, content_type: str, client: Any, spectrum: Emulator) -> None:
    """A proxy's page, a plain text or another JSON value stand in place of the envelope."""
    spectrum.faults.add(Fault(status=502, body=body))
    answer = client.ask("GET", "/")
    assert (answer.status, answer.json, answer.headers["content-type"]) == (502, body, content_type)


@pytest.mark.parametrize("status", [204, 520])
def test_any_status_will_do(status: int, client: Any, spectrum: Emulator) -> None:
    """Statuses without a body or without a name can be sent too."""
    spectrum.faults.add(Fault(status=status))
    assert client.ask("GET", "/").status == status


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_is_dropped(
    *, moment: Any, made: int, reset: bool, client: Any, spectrum: Emulator, project: ProjectHandle
) -> None:
    """The client sees a dead connection, whether its request was processed or not."""
    spectrum.faults.add(Fault(drop=moment, reset=reset))
    with pytest.raises(requests.ConnectionError) as failure:
        client.ask("POST", "/webhooks/", BODY)
    assert ("reset" in str(failure.value)) is reset
    assert len(project.webhooks) == made
    last = spectrum.requests.matching(project_id=project.id)[-1]
    assert (last.status, last.processed) == (None, bool(made))


def test_an_answer_is_cut(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """Half of the body arrives, and the request was processed."""
    spectrum.faults.add(Fault(truncate=True))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.ask("POST", "/webhooks/", BODY)
    assert len(project.webhooks) == 1


def test_an_answer_is_garbage(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """A success whose body is not JSON, of a request that was processed."""
    spectrum.faults.add(Fault(garbage=True))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        client.ask("POST", "/webhooks/", BODY)
    assert len(project.webhooks) == 1


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
def test_an_answer_is_late(moment: Any, made: int, client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """A delay before or after the work makes a client give up, while other requests are answered."""
    spectrum.faults.add(Fault(method="POST", delay=30, delay_when=moment))
    with pytest.raises(requests.ReadTimeout):
        client.ask("POST", "/webhooks/", BODY, timeout=0.2)
    assert len(client.get("/webhooks/")) == made


def test_a_stop_ends_every_delay() -> None:
    """An emulator that is stopped does not wait for the end of a delay."""
    emulator = Emulator().start()
    emulator.faults.add(Fault(delay=600))
    url = f"{emulator.url}/projects/{emulator.project_id}/"
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(requests.get(url, timeout=60).status_code))
    asking.start()
    while not len(emulator.requests):
        time.sleep(0.001)
    emulator.stop()
    asking.join(timeout=60)
    assert answers == [401]


def test_faults_strike_in_the_order_in_which_they_were_added(client: Any, spectrum: Emulator) -> None:
    """skip lets requests through first, and of two that match the first strikes."""
    spectrum.faults.add(Fault(status=500, skip=1), Fault(status=501))
    assert [client.ask("GET", "/").status for _ in range(4)] == [501, 500, 200, 200]


def test_a_fault_for_ever_lasts_until_cleared(client: Any, spectrum: Emulator) -> None:
    """times=None strikes every time."""
    spectrum.faults.add(Fault(status=500, times=None))
    assert [client.ask("GET", "/").status for _ in range(5)] == [500] * 5
    spectrum.faults.clear()
    assert client.ask("GET", "/").status == 200


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"status": 503, "drop": "before"},
        {"drop": "before", "after": True},
        {"delay": 1, "reset": True},
        {"status": 99},
        {"status": 503, "times": 0},
        {"statuss": 503},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fields: Any) -> None:
    """A fault is one fault, and its fields fit together."""
    with pytest.raises(ValidationError):
        Fault(**fields)
