"""The emulator in a test: handles, projects, the log of requests, threads, start and stop."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle, SnapshotError, Switches
from pulumi_spectrum.emulator.request_log import Request, RequestLog


def test_handles_add_change_and_remove_rows(client: Any, project: ProjectHandle) -> None:
    """The API shows what a handle has changed, and no rule of the API applies to handles."""
    project.plan = "free"
    line = project.lines.add(phoneNumber="+14155550100", status="unavailable", firstName="Acme")
    assert client.get("/lines/")["lines"] == [line] == list(project.lines)
    hook = project.webhooks.add(webhookUrl="https://app.example.com")
    project.webhooks.add(webhookUrl="https://app.example.com")
    changed = project.webhooks.change(hook["id"], enabled=False, disabledReason="receiver_gone")
    assert client.get("/webhooks/")[0] == changed == project.webhooks[hook["id"]]
    assert changed["disabledReason"] == "receiver_gone"
    user = project.users.add(phoneNumber="+14155550123")
    project.users.remove(user["id"])
    assert client.get("/users/")["users"] == project.users.rows == []
    project.webhooks.clear()
    assert project.webhooks.ids == []


def test_handles_refuse_invalid_fields(project: ProjectHandle) -> None:
    """A misspelt field, a malformed phone number and an unknown id raise an error."""
    with pytest.raises(ValueError, match="phonenumber"):
        project.users.add(phoneNumber="+14155550123", phonenumber="x")
    with pytest.raises(ValueError, match=r"E\.164"):
        project.users.add(phoneNumber="4155550123")
    for refuse in (project.users.remove, project.users.change, project.users.__getitem__, project.webhooks.secrets):
        with pytest.raises(KeyError):
            refuse("nobody")
    with pytest.raises(TypeError, match="voice has no autoScale"):
        project.platforms.set("voice", autoScale=True)
    with pytest.raises(ValueError, match="colour"):
        project.change(colour="blue")


def test_handles_change_the_project(client: Any, project: ProjectHandle) -> None:
    """Name, slug, profile and platforms can be changed by handle."""
    project.change(name="Renamed", slug="renamed", firstName="Ada")
    project.platforms.set("imessage", enabled=True, autoScale=True)
    assert client.get("/") == project.row
    assert (project.row["name"], project.row["profile"]["firstName"]) == ("Renamed", "Ada")
    assert (
        client.get("/platforms/")["imessage"] == project.platforms["imessage"] == {"enabled": True, "autoScale": True}
    )


def test_projects_are_separate(spectrum: Emulator) -> None:
    """Each project has its own rows and credentials. An id that is taken is an error."""
    one, two = spectrum.add_project(), spectrum.add_project("p-2", "secret-2", plan="free")
    one.users.add(phoneNumber="+14155550123")
    assert (len(two.users), two.plan) == (0, "free")
    assert two.environment == {
        "SPECTRUM_CLOUD_URL": spectrum.url,
        "SPECTRUM_PROJECT_ID": "p-2",
        "SPECTRUM_PROJECT_SECRET": "secret-2",
    }
    with pytest.raises(SnapshotError, match="another project"):
        spectrum.add_project("p-2")


def test_given_secrets_holds_every_secret(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """given_secrets holds the secrets of projects and webhooks, also those that were replaced."""
    former = project.secret
    hook = client.post("/webhooks/", {"webhookUrl": "https://app.example.com"})
    rotated = client.post(f"/webhooks/{hook['id']}/secret/rotate")
    project.secret = "another"
    secrets = {
        former,
        "another",
        hook["signingSecret"],
        hook["standardSigningSecret"],
        rotated["standardSigningSecret"],
    }
    assert secrets <= spectrum.given_secrets


def test_log_holds_requests_without_credentials(client: Any, spectrum: Emulator, project: ProjectHandle) -> None:
    """A request is logged with its body and the status of its response, and without its credentials."""
    client.ask("POST", "/users", {"type": "shared", "phoneNumber": "+14155550123"}, params={"a": ["1", "2"]})
    client.ask("GET", "/nothing")
    (created,) = spectrum.requests.matching(project_id=project.id)
    (unknown,) = spectrum.requests.matching(path=f"/projects/{project.id}/nothing")
    assert (created.method, created.path, created.query) == ("POST", f"/projects/{project.id}/users", {"a": ["1", "2"]})
    assert created.body == {"type": "shared", "phoneNumber": "+14155550123"}
    assert (created.status, created.operation_id, created.processed) == (200, "createUser", True)
    assert (unknown.status, unknown.operation_id, unknown.processed) == (404, None, False)
    assert "authorization" not in created.headers
    assert project.secret not in repr(created) + repr(spectrum.requests)
    assert spectrum.requests.matching("post", "*/users/", project_id=project.id) == [created]
    assert spectrum.requests.operations(project_id=project.id) == ["createUser"]


def test_log_counts_connections() -> None:
    """Requests of one session share a connection; each of two sessions has its own."""
    with Emulator() as emulator, requests.Session() as one, requests.Session() as two:
        for session in (one, one, two):
            session.get(f"{emulator.url}/nothing")
        assert [request.connection for request in emulator.requests] == [1, 1, 2]
        assert emulator.requests.count_connections() == 2
        emulator.requests.clear()
        assert len(emulator.requests) == 0


def test_log_drops_old_requests() -> None:
    """A full log drops its older half."""
    log = RequestLog(kept=10)
    for number in range(11):
        log.append(
            Request("GET", f"/{number}", query={}, headers={}, body=None, at=0.0, time=datetime.now(UTC), connection=1)
        )
    assert [request.path for request in log] == [f"/{number}" for number in range(5, 11)]


def test_changes_of_many_threads_all_take_effect(spectrum: Emulator) -> None:
    """Requests and handles of many threads at once all take effect."""
    project = spectrum.add_project()
    url = f"{spectrum.url}/projects/{project.id}/lines/"

    def work(_number: int) -> None:
        project.lines.add()
        requests.post(
            url, json={"platform": "imessage"}, auth=(project.id, project.secret), timeout=10
        ).raise_for_status()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(40)))
    assert len({row["phoneNumber"] for row in project.lines}) == 80


def test_invalid_switches_are_refused(spectrum: Emulator) -> None:
    """An unknown switch or an unknown value of one is an error."""
    with pytest.raises(ValueError, match="colour"):
        spectrum.switch(colour="blue")
    with pytest.raises(ValueError, match="deleted_user"):
        Switches(deleted_user="burnt")


def test_every_switch_is_described() -> None:
    """Each switch has a description."""
    assert [name for name, field in Switches.model_fields.items() if not field.description] == []


def test_emulator_stops_completely_and_starts_again() -> None:
    """After a stop no thread is left and the port is closed. A second start has the same address and state."""
    before = threading.active_count()
    emulator = Emulator()
    emulator.project.users.add(phoneNumber="+14155550123")
    for _ in range(2):
        with emulator:
            answer = requests.get(
                f"{emulator.url}/projects/{emulator.project_id}/users/",
                auth=(emulator.project_id, emulator.project_secret),
                timeout=5,
            )
            assert answer.json()["data"]["total"] == 1
            url = emulator.url
        assert threading.active_count() == before
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=5)


def test_a_port_in_use_is_an_error(spectrum: Emulator) -> None:
    """A second emulator on one port does not start."""
    port = int(spectrum.url.rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"):
        Emulator(port=port).start()


def test_reset_goes_back_to_the_beginning() -> None:
    """A reset drops new rows, other projects, faults, requests and rate limits, and keeps the credentials."""
    with Emulator(seed={"projects": [{"users": [{"phoneNumber": "+14155550123"}]}]}) as emulator:
        url, auth = f"{emulator.url}/projects/{emulator.project_id}/", (emulator.project_id, emulator.project_secret)
        (user,) = emulator.project.users.rows
        emulator.project.users.clear()
        emulator.add_project("other")
        assert [requests.get(url, auth=auth, timeout=5).status_code for _ in range(6)] == [200] * 5 + [429]
        emulator.reset()
        assert (emulator.project.users.rows, len(emulator.requests)) == ([user], 0)
        assert requests.get(url, auth=auth, timeout=5).status_code == 200
        emulator.add_project("other")


def test_bug_of_the_emulator_is_a_500_and_is_logged(
    client: Any, project: ProjectHandle, caplog: pytest.LogCaptureFixture
) -> None:
    """The response to an operation that raises is a 500 in the envelope, and the traceback is logged."""
    account = project.whatsapp_accounts.add(wabaId="1")["accountId"]
    fields = {"name": "hello", "language": "en", "category": "UTILITY"}
    project.whatsapp_templates.add(**fields, accountId=account, components=[{"type": "BODY", "text": object()}])
    with caplog.at_level(logging.ERROR):
        answer = client.ask("GET", f"/whatsapp-business/accounts/{account}/templates/")
    assert answer.refusal == (500, "Internal server error")
    assert "TypeError: Object of type object is not JSON serializable" in caplog.text


def test_emulator_stops_at_once() -> None:
    """A stop waits for nothing but open requests, since every test with an emulator of its own pays for it."""
    seconds = []
    for _ in range(5):
        emulator = Emulator().start()
        requests.get(emulator.url, timeout=10)
        began = time.monotonic()
        emulator.stop()
        seconds.append(time.monotonic() - began)
    assert min(seconds) < 0.1
