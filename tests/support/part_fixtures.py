"""Fixtures for tests of single modules: a fake clock, scripted responses and the emulator."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
import responses
from engine_calls import RecordingEngine, serve_engine
from fake_time import FakeTime
from pulumi.dynamic import Config, ConfigureRequest

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.client.rate_limiter import RateLimiter
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers import host, load
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.declarations import Declarations
from pulumi_spectrum.providers.duplicates import Duplicates
from pulumi_spectrum.providers.inputs import ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import (
    Adoptable,
    AlreadyThere,
    Deletable,
    Lifecycle,
    Live,
    Method,
    Noticing,
    Readable,
    Updatable,
)
from pulumi_spectrum.providers.properties import OnChange, Property

BASE_URL = "https://spectrum.example.com"
PROJECT_ID = "project-1"
SECRET = "s3cr3t-of-project-1"


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def settings() -> ClientSettings:
    return ClientSettings(PROJECT_ID, SECRET, BASE_URL)


@pytest.fixture
def service() -> Iterator[responses.RequestsMock]:
    """Answers requests to any address from a script, without a network. A response without a request fails the test."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def answers(service: responses.RequestsMock) -> Callable[..., None]:
    """Scripts the answers to requests of any method: a status, or an exception; the last one is given for ever."""

    def script(*given: int | Exception, headers: dict[str, str] | None = None) -> None:
        left = list(given)

        def give(_request: Any) -> tuple[int, dict[str, str], str]:
            now = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(now, Exception):
                raise now
            return now, headers or {}, '{"succeed": true, "data": 1}' if now == 200 else '{"succeed": false}'

        for method in ("GET", "PATCH", "PUT", "DELETE", "POST"):
            service.add_callback(method, f"{BASE_URL}/projects/{PROJECT_ID}/thing", give)
        service.assert_all_requests_are_fired = False

    return script


@pytest.fixture
def make_transport(fake_time: FakeTime, settings: ClientSettings) -> Callable[..., Transport]:
    """Makes a transport whose time is the fake one, of the usual settings unless others are given."""

    def make(other: ClientSettings = settings) -> Transport:
        limiter = fake_time.limiter(other.requests_per_second)
        return Transport(other, limiter, clock=fake_time.clock, sleep=fake_time.sleep)

    return make


@pytest.fixture
def transport(make_transport: Callable[..., Transport]) -> Transport:
    return make_transport()


@pytest.fixture
def project(emulator: Emulator) -> ProjectHandle:
    """A project of the emulator that no other test has touched."""
    return emulator.add_project()


@pytest.fixture
def slept() -> list[float]:
    """The seconds of each sleep that a transport to the emulator asked for."""
    return []


@pytest.fixture
def live_settings(emulator: Emulator, project: ProjectHandle) -> ClientSettings:
    return ClientSettings(project.id, project.secret, emulator.url, requests_per_second=1000)


@pytest.fixture
def live_transport(live_settings: ClientSettings, slept: list[float]) -> Transport:
    """A transport to the project on the emulator, which sleeps for no real time between its tries."""
    return Transport(live_settings, RateLimiter(1000), sleep=slept.append)


@pytest.fixture
def live_configuration(live_settings: ClientSettings) -> ConfigureRequest:
    """The configuration of a provider for a project of the emulator."""
    return configuration(
        **{
            "spectrum:projectId": live_settings.project_id,
            "spectrum:projectSecret": live_settings.project_secret,
            "spectrum:baseUrl": live_settings.base_url,
            "spectrum:requestsPerSecond": "1000",
        }
    )


def refusal(act: Callable[[], Any]) -> str:
    """Return the message with which a provider refuses a call."""
    with pytest.raises(host.CleanFailure) as caught:
        act()
    return str(caught.value)


def open_client(settings: ClientSettings) -> SpectrumClient:
    """Return a client with lists of its own, as in a new process, that never sleeps."""
    return SpectrumClient(settings, sleep=lambda _seconds: None)


@pytest.fixture
def live(live_configuration: ConfigureRequest) -> Callable[[str], SpectrumProvider]:
    """Makes the provider of a kind, for a project of the emulator."""

    def make(kind: str) -> SpectrumProvider:
        provider = load(kind)
        assert isinstance(provider, SpectrumProvider)
        provider.configure(live_configuration)
        return provider

    return make


@pytest.fixture
def operations(emulator: Emulator, project: ProjectHandle) -> Callable[[], list[str]]:
    """Returns the operations requested of the project since the last call, or since the test began."""

    def told() -> list[str]:
        done: list[Any] = emulator.requests.operations(project_id=project.id)
        emulator.requests.clear()
        return done

    return told


@pytest.fixture
def in_threads() -> Callable[..., list[Any]]:
    """Runs functions at the same moment, one thread each, and returns what each returned or raised, in order."""

    def run(*tasks: Callable[[], Any]) -> list[Any]:
        together = threading.Barrier(len(tasks))
        results: list[Any] = [None] * len(tasks)

        def perform(place: int, task: Callable[[], Any]) -> None:
            together.wait(timeout=30)
            try:
                results[place] = task()
            except Exception as error:  # noqa: BLE001
                results[place] = error

        threads = [threading.Thread(target=perform, args=each, daemon=True) for each in enumerate(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
            assert not thread.is_alive(), "a thread is stuck"
        return results

    return run


@declares_arguments
class ThingInputs(ResourceInputs):
    name: Annotated[str, Property(identifies=True)]
    size_limit: float | None = None


@declares_arguments
class RenamedThingInputs(ThingInputs):
    """The inputs of a thing whose changed name replaces it."""

    name: Annotated[str, Property(on_change=OnChange.REPLACES, identifies=True)]


class ThingLifecycle(Adoptable[ThingInputs], Readable, Updatable[ThingInputs], Deletable, Noticing):
    """Yields the steps that a test sets, and records each call."""

    noun = "thing"
    plural = "things"
    inputs: type[ThingInputs] = ThingInputs
    replacing_inputs = RenamedThingInputs
    already_there = "A thing is there"
    ways_on_after_conflict = ""

    def __init__(self) -> None:
        self.steps: list[Live | BaseException] = []
        self.found: Live | None = None
        self.asked: list[tuple[Any, ...]] = []
        self.said: dict[Method, str] = {}
        self.met: AlreadyThere | None = None
        self.gone: set[str] = set()

    def take(self, *asked: Any) -> Iterator[Live]:
        self.asked.append(asked)
        for step in self.steps:
            if isinstance(step, BaseException):
                raise step
            yield step

    def notice(self, operation: Method, _properties: Any) -> str | None:
        return self.said.get(operation)

    def create(self, _spectrum: SpectrumClient, wanted: ThingInputs) -> Iterator[Live]:
        if self.met is not None:
            self.asked.append(("create", wanted))
            raise self.met
        return self.take("create", wanted)

    def may_adopt(self, _wanted: ThingInputs) -> bool:
        return False

    def adopt(self, _spectrum: SpectrumClient, wanted: ThingInputs, object_id: str) -> Iterator[Live]:
        return self.take("take over", wanted, object_id)

    def read(self, _spectrum: SpectrumClient, resource_id: str) -> Live | None:
        list(self.take("read", resource_id))
        return None if resource_id in self.gone else self.found

    def update(
        self, _spectrum: SpectrumClient, current: Live, wanted: ThingInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        return self.take("update", current, wanted, changed)

    def delete(self, _spectrum: SpectrumClient, resource_id: str) -> None:
        list(self.take("delete", resource_id))


@pytest.fixture
def things() -> ThingLifecycle:
    return ThingLifecycle()


@pytest.fixture(scope="session")
def running_engine() -> Iterator[tuple[RecordingEngine, str]]:
    with serve_engine() as served:
        yield served


@pytest.fixture
def engine(running_engine: tuple[RecordingEngine, str], monkeypatch: pytest.MonkeyPatch) -> RecordingEngine:
    """An engine that has logged nothing yet, and whose address is the last argument of this process."""
    engine, address = running_engine
    engine.forget()
    monkeypatch.setattr(sys, "argv", ["host", address])
    return engine


@pytest.fixture
def logged(engine: RecordingEngine) -> list[tuple[str, bool]]:
    """Each message logged for the resource, and whether it is a warning."""
    return engine.lines


def configuration(**config: str) -> ConfigureRequest:
    """Return the request that configures a provider with this stack configuration."""
    return ConfigureRequest(config=Config(config, "app"))


@pytest.fixture
def make_provider(tmp_path: Path, engine: RecordingEngine) -> Callable[..., SpectrumProvider]:
    """Makes a provider of some rules and configuration, as in one process that shares nothing with this machine."""
    own, journal = Declarations(lambda: tmp_path), CreationJournal(lambda: tmp_path)

    def make(lifecycle: Lifecycle[Any], declarations: Declarations = own, **config: str) -> SpectrumProvider:
        duplicates = Duplicates(lifecycle, lambda: declarations)
        provider = SpectrumProvider(lifecycle, journal=journal, duplicates=duplicates)
        provider.configure(configuration(**config))
        return provider

    return make


@pytest.fixture
def provider(
    things: ThingLifecycle, make_provider: Callable[..., SpectrumProvider], monkeypatch: pytest.MonkeyPatch
) -> SpectrumProvider:
    """A provider of things, with credentials."""
    for name in ("SPECTRUM_PROJECT_ID", "SPECTRUM_PROJECT_SECRET", "SPECTRUM_CLOUD_URL"):
        monkeypatch.delenv(name, raising=False)
    return make_provider(things, **{"spectrum:projectId": "p-1", "spectrum:projectSecret": "s3cr3t"})
