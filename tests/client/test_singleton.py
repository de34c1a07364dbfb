"""An area that holds one object at most: not set, set, set without a word of it, and removed."""

from collections.abc import Callable
from typing import ClassVar

import pytest

from pulumi_spectrum.client import AnswerLost, NotFound, RequestRefused, ServiceFailed
from pulumi_spectrum.client.checked_requests import CreationWatch, watch_creations
from pulumi_spectrum.client.responses import Row
from pulumi_spectrum.client.singleton import SingletonArea
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

Operations = Callable[[], list[str]]


class AppRow(Row):
    client_id: str | None = None


class App(SingletonArea[AppRow]):
    row = AppRow
    path: ClassVar[str] = "/slack/"
    method: ClassVar[str] = "PUT"


@pytest.fixture
def app(live_transport: Transport) -> App:
    return App(live_transport)


def test_object_is_set_read_and_removed(app: App, operations: Operations) -> None:
    """Each is one request; fields that are not sent stay."""
    assert app.read() is None
    assert app.set({"clientId": "C1"}) == app.read() == AppRow(client_id="C1")
    app.delete()
    assert app.read() is None
    assert operations() == [
        "getSlackConfig",
        "putSlackConfig",
        "getSlackConfig",
        "deleteSlackConfig",
        "getSlackConfig",
    ]


def test_removing_what_is_gone_does_nothing(app: App, operations: Operations) -> None:
    """A 404 is success once a read shows that nothing is set."""
    app.delete()
    assert operations() == ["deleteSlackConfig", "getSlackConfig"]


def test_404_within_a_project_that_answers_means_not_set(app: App, emulator: Emulator) -> None:
    """Where the path is not found and the project is, nothing is set."""
    emulator.faults.add(Fault(method="GET", path="*/slack/", status=404))
    assert app.read() is None


def test_404_of_the_project_says_nothing_of_the_object(app: App, emulator: Emulator) -> None:
    """Where the project is not found either, the object is not taken for gone."""
    emulator.faults.add(Fault(method="GET", status=404, times=2))
    with pytest.raises(NotFound):
        app.read()


@pytest.mark.parametrize("failure", [Fault(drop="after", times=None), Fault(status=502, after=True, times=None)])
def test_creation_whose_response_is_lost_is_found(
    failure: Fault, app: App, emulator: Emulator, project: ProjectHandle
) -> None:
    """If every response to the creation is lost, the object that is there by then is returned."""
    emulator.faults.add(failure.model_copy(update={"method": "PUT"}))
    assert app.create({"clientId": "C1"}) == AppRow(client_id="C1")
    assert project.slack.row["clientId"] == "C1"


def test_creation_that_was_not_carried_out_fails(app: App, emulator: Emulator) -> None:
    """If nothing is there after a lost response, or that cannot be read, the write's own failure is raised."""
    lost = Fault(method="PUT", drop="before", times=None)
    emulator.faults.add(lost)
    with pytest.raises(AnswerLost):
        app.create({"clientId": "C1"})
    emulator.faults.add(Fault(method="GET", path="*/slack/", status=400, skip=1))
    with pytest.raises(AnswerLost):
        app.create({"clientId": "C1"})


def test_refused_creation_is_not_looked_after(app: App, emulator: Emulator, operations: Operations) -> None:
    """A creation that the API has refused was not carried out, so nothing is read afterwards."""
    emulator.faults.add(Fault(method="PUT", status=422))
    with pytest.raises(RequestRefused):
        app.create({"clientId": "C1"})
    assert operations() == ["getSlackConfig", "putSlackConfig"]


def test_object_that_is_set_is_not_created(app: App, project: ProjectHandle, operations: Operations) -> None:
    """Where an object is set already, nothing is sent, and the answer is None."""
    project.slack.set(clientId="C0")
    assert app.create({"clientId": "C1"}) is None
    assert project.slack.row["clientId"] == "C0"
    assert operations() == ["getSlackConfig"]


def test_creation_is_reported_before_it_is_sent(app: App, operations: Operations) -> None:
    """The journal hears of a creation between the check and the request, and of a change nothing."""
    seen: list[list[str]] = []
    with watch_creations(CreationWatch(lambda: None, lambda _before: seen.append(operations()))):
        app.create({"clientId": "C1"})
        app.set({"clientId": "C2"})
    assert seen == [["getSlackConfig"]]


def test_answer_of_another_form_is_refused(app: App, emulator: Emulator) -> None:
    """An answer that is no object cannot be read, and is not taken for an object that is not set."""
    emulator.faults.add(
        Fault(method="GET", path="*/slack/", status=200, body={"succeed": True, "data": []}, times=None)
    )
    with pytest.raises(ServiceFailed, match="unexpected form"):
        app.read()
