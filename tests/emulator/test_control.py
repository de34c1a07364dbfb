"""The control, which other processes use over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.areas import AREAS


@pytest.fixture(scope="module")
def controlled() -> Iterator[Emulator]:
    """An emulator whose control is on."""
    with Emulator(control=True, requests_per_second=None) as emulator:
        yield emulator


@pytest.fixture
def control(controlled: Emulator) -> Any:
    """Sends a request to the control of an emulator that was reset."""

    def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
        return requests.request(method, f"{controlled.url}/_emulator{path}", json=body, headers=headers, timeout=5)

    ask("POST", "/reset")
    return ask


def test_control_is_off_by_default(spectrum: Emulator) -> None:
    """Without the option, its paths are a 404."""
    assert requests.get(f"{spectrum.url}/_emulator/state", timeout=5).status_code == 404


def test_control_adds_changes_and_removes_rows(control: Any, controlled: Emulator) -> None:
    """Rows, platforms and the project itself change as with a handle."""
    base = f"/projects/{controlled.project_id}"
    row = control("POST", f"{base}/users", {"phoneNumber": "+14155550123"}).json()
    changed = control("PATCH", f"{base}/users/{row['id']}", {"firstName": "Alice"}).json()
    assert controlled.project.users.rows == [changed] == [{**row, "firstName": "Alice"}]
    assert control("DELETE", f"{base}/users/{row['id']}").status_code == 200
    assert len(controlled.project.users) == 0
    control("PATCH", f"{base}/platforms/voice", {"enabled": True})
    control(
        "PATCH", base, {"plan": "free", "secret": "new", "name": "Renamed", "firstName": "Ada", "requestsPerSecond": 10}
    )
    project = controlled.project
    assert project.requests_per_second == 10
    assert (project.platforms["voice"]["enabled"], project.plan, project.secret) == (True, "free", "new")
    assert (project.row["name"], project.row["profile"]["firstName"]) == ("Renamed", "Ada")


def test_control_adds_a_project_with_its_rows(control: Any, controlled: Emulator) -> None:
    """A project in the form of a seed is added, and the response holds its secret."""
    made = control("POST", "/projects", {"name": "Other", "plan": "free", "lines": [{}]}).json()
    auth = (made["id"], made["secret"])
    lines = requests.get(f"{controlled.url}/projects/{made['id']}/lines/", auth=auth, timeout=5).json()
    assert len(lines["data"]["lines"]) == 1


def test_control_of_faults_requests_and_switches(control: Any, controlled: Emulator) -> None:
    """Faults are added, listed and cleared; requests are listed and cleared; switches are changed."""
    control("POST", "/faults", {"status": 503, "path": "*/lines/"})
    assert [fault["status"] for fault in control("GET", "/faults").json()] == [503]
    control("DELETE", "/faults")
    assert controlled.faults.pending() == []
    requests.get(f"{controlled.url}/nothing", timeout=5)
    assert [(each["path"], each["status"]) for each in control("GET", "/requests").json()] == [("/nothing", 404)]
    control("DELETE", "/requests")
    assert len(controlled.requests) == 0
    assert control("PATCH", "/switches", {"short_errors": True}).json()["short_errors"] is True
    assert control("GET", "/switches").json() == controlled.switches.model_dump(mode="json")
    control("PATCH", "/switches", {"short_errors": False})


def test_control_masks_secrets(control: Any, controlled: Emulator) -> None:
    """State and requests are shown with masks in place of secrets."""
    project = controlled.project
    project.webhooks.add(webhookUrl="https://app.example.com")
    project.platforms.set("voice", enabled=True)
    url = f"{controlled.url}/projects/{project.id}"
    auth = (project.id, project.secret)
    requests.patch(
        f"{url}/voice/sip-inbound/",
        json={"sipUri": "sip:a@b", "username": "bot", "password": "swordfish"},
        auth=auth,
        timeout=5,
    )
    shown = control("GET", "/state").text + control("GET", "/requests").text
    assert [secret for secret in (*controlled.given_secrets, "swordfish") if secret in shown] == []
    assert shown.count("********") == 5


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", "/faults", {"status": 99}, 422, "status must be at least 200"),
        ("POST", "/faults", {}, 422, "a fault needs one of status, drop, truncate, garbage, reshape and delay"),
        ("POST", "/faults", [], 422, "The body must be a JSON object"),
        ("PATCH", "/switches", {"colour": "blue"}, 422, "colour is not a known field"),
        ("POST", "/projects", {"plan": "gold"}, 422, "plan must be free, pro or business"),
        (
            "POST",
            "/projects",
            {"lines": [{"status": "lost"}]},
            422,
            "lines.0.status must be available, unavailable or unknown",
        ),
        ("POST", "/projects/nobody/users", {}, 404, "Project not found"),
        (
            "POST",
            "/projects/{}/faxes",
            {},
            404,
            f"A project has these areas: {', '.join(AREAS)}",
        ),
        (
            "POST",
            "/projects/{}/users",
            {"phoneNumber": "x"},
            422,
            "phoneNumber must be an E.164 phone number, such as +14155550123",
        ),
        ("PATCH", "/projects/{}/users/nobody", {}, 404, "Row not found"),
        ("DELETE", "/projects/{}/users/nobody", None, 404, "Row not found"),
        ("PATCH", "/projects/{}/platforms/fax", {"enabled": True}, 404, "Platform not found"),
        ("PATCH", "/projects/{}/platforms/voice", {"enabled": "yes"}, 422, "the settings of voice are true or false"),
        ("PATCH", "/projects/{}", {"colour": "blue"}, 422, "colour is not a known field"),
        ("PATCH", "/projects/{}", {"self": "blue"}, 422, "self is not a known field"),
        ("PATCH", "/projects/{}", {"requestsPerSecond": 10**30}, 422, "requestsPerSecond must be at most 1000000"),
        ("PATCH", "/projects/{}", {"\r\n": "blue"}, 422, "'\\r\\n' is not a known field"),
        ("PATCH", "/projects/{}/platforms/voice", {"platform": True}, 422, "voice has no platform"),
        (
            "POST",
            "/projects/{}/lines",
            {"createdAt": "0001-01-01T00:00:00+14:00"},
            422,
            "createdAt must be a time of the years 1 to 9999 in UTC",
        ),
        (
            "POST",
            "/faults",
            {"status": 503, "headers": {"a": "b\r\nc"}},
            422,
            "headers has a name or a value that no header can have",
        ),
        ("POST", "/faults", json.loads("[" * 150 + "]" * 150), 422, "The body is nested deeper than 100 levels"),
        ("PUT", "/faults", {}, 405, "The methods here are: GET, POST, DELETE"),
    ],
)
def test_control_explains_a_mistake(
    *, method: str, path: str, body: Any, status: int, message: str, control: Any, controlled: Emulator
) -> None:
    """A request that cannot be carried out is refused with one sentence."""
    answer = control(method, path.format(controlled.project_id), body)
    assert (answer.status_code, answer.json()) == (status, {"error": message})


@pytest.mark.parametrize("path", ["/nothing", "/reset/"])
def test_path_that_the_control_does_not_have(control: Any, path: str) -> None:
    """It is refused with the paths that there are. A redirect would be lost on most clients."""
    answer = control("POST", path, {})
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("The control has these paths: /state, /reset, /faults, ")


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("users", r'{"phoneNumber": "+14155550123", "firstName": "\ud800"}', 200),
        ("users", '{"phoneNumber": "+14155550123", "createdAt": "2026-01-01T00:00:00"}', 200),
        ("users", '{"phoneNumber": "+14155550123", "meta": {"a": 1e999}}', 422),
    ],
)
def test_odd_values_leave_everything_readable(
    *, path: str, content: str, status: int, control: Any, controlled: Emulator
) -> None:
    """Text that is no Unicode, a time without a zone, and a number that is too large for JSON."""
    base = f"{controlled.url}/_emulator"
    headers = {"Content-Type": "application/json"}
    url = f"{base}/projects/{controlled.project_id}/{path}"
    assert requests.post(url, data=content, headers=headers, timeout=5).status_code == status
    assert requests.get(f"{base}/state", timeout=5).status_code == 200
    assert requests.get(f"{controlled.url}/_page/state", timeout=5).status_code == 200
    auth = (controlled.project_id, controlled.project_secret)
    listed = requests.get(f"{controlled.url}/projects/{controlled.project_id}/{path}/", auth=auth, timeout=5)
    assert listed.status_code == 200


def test_body_of_a_deletion_is_ignored(control: Any, controlled: Emulator) -> None:
    """A client that sends a body with each request deletes as any other does."""
    controlled.project.lines.add()
    assert control("DELETE", f"/projects/{controlled.project_id}/lines", {"id": "x"}).status_code == 200
    assert len(controlled.project.lines) == 0


def test_secrets_of_a_fault_are_masked(control: Any) -> None:
    """What a fault responds with is shown with masks too."""
    shown = control("POST", "/faults", {"status": 200, "body": {"data": {"signingSecret": "swordfish"}}}).json()
    assert shown["body"] == {"data": {"signingSecret": "********"}}
    assert control("GET", "/faults").json() == [shown]


def test_deeply_nested_request_is_shown(control: Any, controlled: Emulator) -> None:
    """A request to the API whose body is nested too deeply to be walked through stands in the log."""
    content = '{"a":' * 900 + "1" + "}" * 900
    headers = {"Content-Type": "application/json"}
    auth = (controlled.project_id, controlled.project_secret)
    url = f"{controlled.url}/projects/{controlled.project_id}/users/"
    assert requests.post(url, data=content, headers=headers, auth=auth, timeout=5).status_code == 422
    assert [each["status"] for each in control("GET", "/requests").json()] == [422]


@pytest.mark.parametrize("path", ["/_emulator/state", "/", "/_page/state"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "[::1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_requests_of_another_sites_page_are_refused(path: str, headers: dict[str, str], controlled: Emulator) -> None:
    """A request whose Host or Origin is another site is a 403, on the page and on the control."""
    assert requests.get(controlled.url + path, headers=headers, timeout=5).status_code == 403


def test_form_of_another_site_is_refused(control: Any, controlled: Emulator) -> None:
    """A body of a content type that a browser sends without a preflight is a 422."""
    url = f"{controlled.url}/_emulator/faults"
    assert (
        requests.post(url, data='{"status": 503}', headers={"Content-Type": "text/plain"}, timeout=5).status_code == 422
    )
    assert controlled.faults.pending() == []
