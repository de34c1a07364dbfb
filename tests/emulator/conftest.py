"""A running emulator and a plain HTTP client, so that the emulator is tested without this package's own client."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle, SteppedClock, Switches


@dataclass
class Answer:
    """One response: its status, its JSON body and its headers."""

    status: int
    json: Any
    headers: Any

    @property
    def data(self) -> Any:
        """The data of a success. Fails the test when the response is an error."""
        assert self.status == 200, self.json
        assert self.json["succeed"] is True
        return self.json["data"]

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and message of an error. Fails the test when it is not in the API's envelope."""
        assert self.json == {"succeed": False, "data": None, "code": str(self.status), "message": self.json["message"]}
        return self.status, self.json["message"]


class Client:
    """Sends requests about one project of an emulator.

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
        """Send one request. ``path`` is the part after the project's id."""
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
    """One emulator for all tests that change only a project of their own."""
    with Emulator(requests_per_second=None, clock=SteppedClock()) as emulator:
        yield emulator


@pytest.fixture
def spectrum(shared_spectrum: Emulator) -> Iterator[Emulator]:
    """The shared emulator. Its switches, faults and clock are reset after the test."""
    yield shared_spectrum
    shared_spectrum.switches = Switches()
    shared_spectrum.faults.clear()
    shared_spectrum.clock.advance(-shared_spectrum.clock.monotonic())


@pytest.fixture
def project(spectrum: Emulator) -> ProjectHandle:
    """A new project on the Business plan, for one test."""
    return spectrum.add_project()


@pytest.fixture
def client(spectrum: Emulator, project: ProjectHandle) -> Iterator[Client]:
    """A client of that project."""
    client = Client(spectrum, project)
    yield client
    client.session.close()
