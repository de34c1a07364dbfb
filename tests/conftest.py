"""Fixtures for several folders: an emulated service, and a Pulumi project's folder that runs commands."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from certificates import make_self_signed_certificate
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from local_servers import serve

import pulumi_spectrum
from pulumi_spectrum.emulator import Emulator, Switches

pytest_plugins = ["part_fixtures"]

# No example is held against a wall clock: other processes use the machine too. The examples are the same in each run,
# so that a change is not blamed for what an earlier one did; the profile `hard` looks for new ones.
hypothesis_settings.register_profile("whole", deadline=None, derandomize=True)
hypothesis_settings.load_profile("whole")
hypothesis_settings.register_profile("fast", max_examples=20, deadline=None, derandomize=True)
"""The profile of `make test-fast`; `make test` tries Hypothesis' own 100 examples."""
hypothesis_settings.register_profile(
    "hard",
    max_examples=1000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""The profile of `make test-hard`."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A background job of a script ignores interrupts, and the processes that the tests interrupt would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart() -> None:
    """Load the whole package. pytest rewrites its modules as they load, which two threads must not do at once."""
    for module in walk_packages(pulumi_spectrum.__path__, f"{pulumi_spectrum.__name__}."):
        if not module.name.endswith(".__main__"):
            import_module(module.name)


class ProjectFolder:
    """A project folder that runs commands as a shell does, with the stack's state in a folder beside it.

    Args:
        path: The folder, which is created.
        environment: Environment variables to add for each command.
    """

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        backend = path.with_name(f"{path.name}-backend")
        for folder in (path, backend):
            folder.mkdir(parents=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SPECTRUM_", "PULUMI_"))},
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **environment,
        }

    def run(self, *command: str, status: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command, and fail unless it ends with this status (None: any) and prints no traceback."""
        run = subprocess.run(
            command,
            cwd=self.path,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert status in (None, run.returncode), f"$ {' '.join(command)}\n{run.stdout}\n{run.stderr}"
        assert "Traceback" not in run.stdout + run.stderr
        return run

    def init(self, stack: str = "dev", **config: str) -> None:
        """Make a stack with configuration keys, which are given without their `spectrum:` prefix."""
        self.run("pulumi", "stack", "init", stack, "--non-interactive")
        for key, value in {"requestsPerSecond": "1000", **config}.items():
            self.run("pulumi", "config", "set", f"spectrum:{key}", value)

    def import_adopted(self) -> None:
        """Import the objects in the file that `adopt` has written."""
        self.run(
            *("pulumi", "import", "--file", "spectrum-import.json", "--generate-code=false"),
            *("--yes", "--non-interactive"),
        )


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificate authority of whoever runs the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def make_project_folder(tmp_path: Path) -> Callable[..., ProjectFolder]:
    """Return a function that makes a project folder in the test's own folder."""

    def make(environment: Mapping[str, str], name: str = "project") -> ProjectFolder:
        return ProjectFolder(tmp_path / name, environment)

    return make


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Emulator]:
    with Emulator(requests_per_second=None) as emulator:
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator) -> Iterator[Emulator]:
    """The emulated API, without a rate limit; faults and switches are reset after each test."""
    before = running_emulator.projects.keys()
    yield running_emulator
    # The service gives a Slack app to one project only, and tests call theirs alike.
    for project_id, project in running_emulator.projects.items():
        if project_id not in before:
            project.slack.clear()
    running_emulator.faults.clear()
    running_emulator.switches = Switches()


@pytest.fixture(scope="session")
def untrusted_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate of localhost, which no system trusts."""
    return make_self_signed_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def tls_port(untrusted_certificate: Path) -> Iterator[int]:
    """The port of a server on loopback whose certificate is not trusted."""
    with serve(untrusted_certificate) as port:
        yield port
