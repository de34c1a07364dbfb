"""Faults: failures on demand."""

import threading
import time
from typing import Any

import pytest
import requests
from pydantic import ValidationError

from pulumi_spectrum.emulator import Emulator, Fault, ProjectHandle
from pulumi_spectrum.emulator.reshaping import reshape

BODY = {"webhookUrl": "https://app.example.com/spectrum"}


def test_status_fault_applies_a_number_of_times(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """The next matching requests get the status in the API's envelope and are not processed. Later ones are."""
    spectrum.faults.add(Fault(method="post", path="*/webhooks/", status=503, times=2, headers={"Retry-After": "3"}))
    assert client.ask("GET", "/webhooks/").status == 200
    for path in ("/webhooks/", "/webhooks"):
        answer = client.ask("POST", path, BODY)
        assert answer.refusal == (503, "Injected fault")
        assert answer.headers["retry-after"] == "3"
    assert len(project.webhooks) == 0
    assert client.ask("POST", "/webhooks/", BODY).status == 200
    assert spectrum.faults.pending() == []


def test_status_fault_after_processing(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """With after, the request is processed, and the response has the status nevertheless."""
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
def test_status_fault_with_a_body(body: Any, content_type: str, client: Any, spectrum: Emulator) -> None:
    """The body is a proxy's page, a plain text or another JSON value in place of the envelope."""
    spectrum.faults.add(Fault(status=502, body=body))
    answer = client.ask("GET", "/")
    assert (answer.status, answer.json, answer.headers["content-type"]) == (502, body, content_type)


@pytest.mark.parametrize("status", [204, 520])
def test_status_fault_with_any_status(status: int, client: Any, spectrum: Emulator) -> None:
    """Statuses that have no body, or no name, can be sent too."""
    spectrum.faults.add(Fault(status=status))
    assert client.ask("GET", "/").status == status


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("reset", [False, True])
def test_drop_fault_closes_the_connection(
    *, moment: Any, made: int, reset: bool, client: Any, spectrum: Emulator, project: ProjectHandle
) -> None:
    """The client gets no response, whether its request was processed or not."""
    spectrum.faults.add(Fault(drop=moment, reset=reset))
    with pytest.raises(requests.ConnectionError) as failure:
        client.ask("POST", "/webhooks/", BODY)
    assert ("reset" in str(failure.value)) is reset
    assert len(project.webhooks) == made
    last = spectrum.requests.matching(project_id=project.id)[-1]
    assert (last.status, last.processed) == (None, bool(made))


def test_truncate_fault_sends_half_of_the_body(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """Half of the body is sent, and the request was processed."""
    spectrum.faults.add(Fault(truncate=True))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.ask("POST", "/webhooks/", BODY)
    assert len(project.webhooks) == 1


def test_garbage_fault_sends_a_body_that_is_not_json(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """The response is a 200 whose body is not JSON, and the request was processed."""
    spectrum.faults.add(Fault(garbage=True))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        client.ask("POST", "/webhooks/", BODY)
    assert len(project.webhooks) == 1


@pytest.mark.parametrize(
    ("shape", "row", "nothing"),
    [
        ("other-types", {"id": 17, "meta": {"note": 17}, "tags": ["seventeen", 17], "email": 17}, "seventeen"),
        ("fewer-fields", {"meta": {}, "tags": [5, "vip"]}, []),
        (
            "more-fields",
            {
                "id": "u-1",
                "meta": {"note": "new", "fieldOfTheFuture": {"is": ["new"]}},
                "tags": [5, "vip"],
                "email": None,
                "fieldOfTheFuture": {"is": ["new"]},
            },
            [],
        ),
    ],
)
def test_data_is_reshaped_at_any_depth(shape: Any, row: Any, nothing: Any) -> None:
    """Objects and lists stay, and the values and fields in them are those of another service."""
    data = {"id": "u-1", "meta": {"note": "new"}, "tags": [5, "vip"], "email": None}
    assert reshape([data, []], shape) == [row, nothing]


def test_reshape_fault_answers_in_another_form(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """The request was processed, and the response is a success whose data has another form."""
    spectrum.faults.add(Fault(method="POST", reshape="fewer-fields"))
    answer = client.ask("POST", "/webhooks/", BODY)
    assert (answer.status, answer.json) == (200, {"succeed": True, "data": {"eventTypes": ["message.received"]}})
    assert len(project.webhooks) == 1


def test_reshape_fault_leaves_a_refusal_as_it_is(client: Any, spectrum: Emulator) -> None:
    """Only data has a form that can be another one."""
    spectrum.faults.add(Fault(reshape="other-types"))
    assert client.ask("DELETE", "/webhooks/unknown").refusal[0] == 404


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
def test_delay_fault_delays_one_response(
    moment: Any, made: int, client: Any, spectrum: Emulator, project: ProjectHandle
) -> None:
    """A delay before or after processing lets the client time out. Other requests are not delayed."""
    spectrum.faults.add(Fault(method="POST", delay=30, delay_when=moment))
    with pytest.raises(requests.ReadTimeout):
        client.ask("POST", "/webhooks/", BODY, timeout=0.2)
    assert len(client.get("/webhooks/")) == made


def test_stop_ends_every_delay() -> None:
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


def test_faults_apply_in_the_order_in_which_they_were_added(client: Any, spectrum: Emulator) -> None:
    """skip lets requests pass first, and of two faults that match the one added first applies."""
    spectrum.faults.add(Fault(status=500, skip=1), Fault(status=501))
    assert [client.ask("GET", "/").status for _ in range(4)] == [501, 500, 200, 200]


def test_unlimited_fault_lasts_until_cleared(client: Any, spectrum: Emulator) -> None:
    """times=None applies to every request."""
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
        {"garbage": True, "reshape": "more-fields"},
        {"reshape": "no fields"},
        {"status": 99},
        {"status": 503, "times": 0},
        {"statuss": 503},
    ],
)
def test_invalid_fault_is_refused(fields: Any) -> None:
    """A fault has one kind of failure, and its other fields belong to that kind."""
    with pytest.raises(ValidationError):
        Fault(**fields)
