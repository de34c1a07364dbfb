"""A running emulator, and a client for it that is nothing but HTTP: no client of ours vouches for the emulator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle, SteppedClock, Switches


@dataclass
class Answer:
    """One answer: its status, its body as JSON, its headers."""

    status: int
    json: Any
    headers: Any

    @property
    def data(self) -> Any:
        """What a success carries; fails the test when it is none."""
        assert self.status == 200, self.json
        assert self.json["succeed"] is True
        return self.json["data"]

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and message of an error; fails the test when it is not in the envelope."""
        assert self.json == {"succeed": False, "data": None, "code": str(self.status), "message": self.json["message"]}
        return self.status, self.json["message"]


class Client:
    """Asks one project of an emulator.

    Args:
        spectrum: The emulator.
        project: The project.
    """

    def __init__(self, spectrum: Emulator, project: ProjectHandle) -> None:
        self.url = f"{spectrum.url}/projects/{project.id}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (project.id, project.secret)

    def ask(self, method: str, path: str, json: Any = None, **options: Any) -> Answer:
        """Send one request; ``path`` begins after the project's id."""
        response = self.session.request(method, self.url + path, json=json, allow_redirects=False, **options)
        is_json = response.headers.get("content-type") == "application/json"
        return Answer(response.status_code, response.json() if is_json else response.text, response.headers)

    def get(self, path: str, **query: Any) -> Any:
        """Return the data of a GET."""
        return self.ask("GET", path, params=query).data

    def post(self, path: str, json: Any = None) -> Any:
        """Return the data of a POST."""
        return self.ask("POST", path, json).data

    def patch(self, path: str, json: Any) -> Any:
        """Return the data of a PATCH."""
        return self.ask("PATCH", path, json).data

    def delete(self, path: str) -> Any:
        """Return the data of a DELETE."""
        return self.ask("DELETE", path).data


@pytest.fixture(scope="session")
def shared_spectrum() -> Iterator[Emulator]:
    """One emulator for all tests that change nothing but a project of their own."""
    with Emulator(requests_per_second=None, clock=SteppedClock()) as emulator:
        yield emulator


@pytest.fixture
def spectrum(shared_spectrum: Emulator) -> Iterator[Emulator]:
    """The emulator; its switches, faults and time go back to what they were afterwards."""
    yield shared_spectrum
    shared_spectrum.switches = Switches()
    shared_spectrum.faults.clear()
    shared_spectrum.clock.advance(-shared_spectrum.clock.monotonic())


@pytest.fixture
def project(spectrum: Emulator) -> ProjectHandle:
    """A project of the test's own, on the Business plan."""
    return spectrum.add_project()


@pytest.fixture
def client(spectrum: Emulator, project: ProjectHandle) -> Iterator[Client]:
    """Asks that project."""
    client = Client(spectrum, project)
    yield client
    client.session.close()
