"""The areas of a project: each is one line of a table, from which its handle, its control and its seed are derived."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle
from pulumi_spectrum.emulator.areas import AREAS

SAMPLES: dict[str, dict[str, Any]] = {
    "webhooks": {"webhookUrl": "https://app.example.com/spectrum"},
    "users": {"phoneNumber": "+14155550123", "firstName": "Alice"},
    "lines": {"phoneNumber": "+14155550100", "firstName": "Acme"},
    "whatsappAccounts": {"wabaId": "1234", "name": "Acme"},
    "whatsappTemplates": {"accountId": "a-1", "name": "hello", "language": "en_US", "category": "UTILITY"},
    "platforms": {"enabled": True},
    "profile": {"firstName": "Ada", "lastName": "Bot"},
    "sipInbound": {"sipUri": "sip:bot@example.com", "username": "bot", "password": "swordfish"},
    "slack": {"appId": "A1", "clientSecret": "hush", "enabledFeatures": ["dms"]},
}
"""Fields of one object of each area, in the API's spelling."""

SINGLETONS = ["profile", "sipInbound", "slack"]


@pytest.fixture(scope="module")
def controlled() -> Iterator[Emulator]:
    """An emulator whose control is on."""
    with Emulator(control=True, requests_per_second=None) as emulator:
        yield emulator


def control(emulator: Emulator, method: str, path: str, body: Any = None) -> requests.Response:
    """Send a request to the control of an emulator, about a project."""
    return requests.request(method, f"{emulator.url}/_emulator/projects/{path}", json=body, timeout=5)


def read(project: ProjectHandle, area: str) -> Any:
    """Return what the handle on an area shows."""
    handle = getattr(project, AREAS[area].name)
    return handle.row if area in SINGLETONS else handle.rows


def seed_section(area: str, fields: dict[str, Any]) -> Any:
    """Return the section of a seed that holds one object of an area."""
    if area == "platforms":
        return {"voice": fields}
    return fields if area in SINGLETONS else [fields]


def is_empty(project: ProjectHandle, area: str) -> bool:
    """Whether an area is as in a new project."""
    if area == "platforms":
        return not project.platforms.rows.get("voice", {}).get("enabled")
    return not read(project, area)


def without_ids_and_times(shown: Any) -> Any:
    """Return what an area shows without the fields that differ between two projects."""
    if isinstance(shown, list):
        return [without_ids_and_times(row) for row in shown]
    made = {"id", "projectId", "configId", "appConfigId", "accountId", "createdAt", "updatedAt"}
    return {name: value for name, value in shown.items() if name not in made}


def test_every_area_has_a_sample() -> None:
    """The tests of this file are about every area."""
    assert SAMPLES.keys() == AREAS.keys()


@pytest.mark.parametrize("area", AREAS)
def test_an_area_is_changed_alike_by_handle_control_and_seed(area: str, controlled: Emulator) -> None:
    """The same fields make the same object, whether a handle, a request to the control or a seed sets them."""
    by_handle, by_control = controlled.add_project(), controlled.add_project()
    handle, fields, path = getattr(by_handle, AREAS[area].name), SAMPLES[area], f"{by_control.id}/{area}"
    if area == "platforms":
        handle.set("voice", **fields)
        answer = control(controlled, "PATCH", f"{path}/voice", fields)
    elif area in SINGLETONS:
        handle.set(**fields)
        answer = control(controlled, "PATCH", path, fields)
    else:
        handle.add(**fields)
        answer = control(controlled, "POST", path, fields)
    assert answer.status_code == 200
    by_seed = controlled.load_project({area: seed_section(area, fields)})
    projects = [by_handle, by_control, by_seed]
    assert [is_empty(project, area) for project in projects] == [False] * 3
    shown = [without_ids_and_times(read(project, area)) for project in projects]
    assert shown == [shown[0]] * 3


@pytest.mark.parametrize("area", AREAS)
def test_the_control_shows_an_area_and_clears_it(area: str, controlled: Emulator) -> None:
    """GET shows what the handle shows, with masks for secrets, and DELETE leaves the area as in a new project."""
    project = controlled.load_project({area: seed_section(area, SAMPLES[area])})
    expected = read(project, area)
    if area == "slack":
        expected["clientSecret"] = "********"
    assert control(controlled, "GET", f"{project.id}/{area}").json() == expected
    path = f"{project.id}/platforms/voice" if area == "platforms" else f"{project.id}/{area}"
    assert control(controlled, "DELETE", path).status_code == 200
    assert is_empty(project, area)


@pytest.mark.parametrize("area", AREAS)
def test_a_snapshot_of_an_area_is_a_seed(area: str) -> None:
    """An emulator that is made of the snapshot of another one holds the same."""
    first = Emulator(seed={"projects": [{area: seed_section(area, SAMPLES[area])}]})
    second = Emulator(seed=first.snapshot())
    assert read(second.project, area) == read(first.project, area)
    assert second.snapshot()["projects"][0][area] == first.snapshot()["projects"][0][area]


@pytest.mark.parametrize("area", AREAS)
def test_a_misspelt_field_of_a_seed_names_its_area(area: str, controlled: Emulator) -> None:
    """A field that an area does not have is refused by name, and no project is added."""
    before = len(controlled.projects)
    body = {area: seed_section(area, {**SAMPLES[area], "colour": True})}
    refused = requests.post(f"{controlled.url}/_emulator/projects", json=body, timeout=5)
    message = refused.json()["error"]
    assert (refused.status_code, message.startswith(area), "colour" in message) == (422, True, True)
    assert len(controlled.projects) == before


@pytest.mark.parametrize(("method", "path"), [("POST", "profile"), ("PATCH", "users"), ("DELETE", "slack/row")])
def test_a_method_that_an_area_does_not_have_is_refused(method: str, path: str, controlled: Emulator) -> None:
    """A 405 names the methods that the area has."""
    refused = control(controlled, method, f"{controlled.project_id}/{path}", {})
    assert refused.status_code == 405
    assert refused.json()["error"].startswith("The methods here are: ")


class TestSingletons:
    """Profile, SIP target and Slack app by handle."""

    @pytest.mark.parametrize("area", SINGLETONS)
    def test_a_singleton_is_set_field_by_field_and_cleared(self, area: str, project: ProjectHandle) -> None:
        """It is None at first and after a clear, and a field that is left out stays."""
        handle = getattr(project, AREAS[area].name)
        assert handle.row is None
        first = handle.set(**SAMPLES[area])
        name = next(iter(SAMPLES[area]))
        changed = handle.set(**{name: "sip:other@example.com"})
        assert changed == {**first, name: "sip:other@example.com"} == handle.row
        handle.clear()
        assert handle.row is None

    def test_secrets_of_a_singleton_can_be_read_by_handle_alone(
        self, spectrum: Emulator, project: ProjectHandle
    ) -> None:
        """A password that the API never returns can be read by handle; its text is not in the handle's repr."""
        assert project.sip_inbound.secrets() == {}
        project.sip_inbound.set(**SAMPLES["sipInbound"])
        spectrum.switch(slack_secrets="masked")
        project.slack.set(clientSecret="hush")
        assert project.sip_inbound.secrets() == {"password": "swordfish"}
        assert project.slack.secrets() == {"clientSecret": "hush", "signingSecret": None}
        assert project.slack.row["clientSecret"] == "********"
        assert "swordfish" not in repr(project.sip_inbound) + str(project.sip_inbound.row)
        assert {"swordfish", "hush"} <= spectrum.given_secrets

    def test_a_name_of_a_profile_is_never_null(self, project: ProjectHandle) -> None:
        """A name that was not given, or is set to null by handle, is an empty text."""
        assert project.profile.set(firstName="Ada")["lastName"] == ""
        assert project.profile.set(firstName=None)["firstName"] == ""
