"""What the package shows, and what merely importing it loads."""

import subprocess
import sys
from types import ModuleType

import pytest

import pulumi_spectrum
from pulumi_spectrum import client, functions, results
from pulumi_spectrum.registry import REGISTRY

CLIENT_NAMES = [
    "AnswerLost",
    "Conflict",
    "CredentialsRefused",
    "NetworkFailed",
    "NotFound",
    "PlanRefused",
    "RateLimited",
    "RequestRefused",
    "ServiceFailed",
    "SpectrumClient",
    "SpectrumError",
    "Unreachable",
    "client_for",
]


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a new Python process has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*sorted(sys.modules), sep='\\n')"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines())


def defined_in(module: ModuleType) -> set[str]:
    """Return the public names that a module defines itself."""
    defined = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
    return {name for name in defined if not name.startswith("_")}


def test_public_surface_is_what_there_is() -> None:
    """Public are the resources of the registry, `Provider`, the look-ups and what these return, in order."""
    look_ups = {name for name in defined_in(functions) if name.startswith("get_")}
    resources = {row.resource_class for row in REGISTRY}
    public = look_ups | defined_in(results) | resources | {"Provider"}

    assert pulumi_spectrum.__all__ == sorted(public)
    assert client.__all__ == sorted(CLIENT_NAMES)


@pytest.mark.parametrize("name", pulumi_spectrum.__all__)
def test_everything_public_is_described(name: str) -> None:
    """Each public name is there, and has a docstring."""
    assert getattr(pulumi_spectrum, name).__doc__


@pytest.fixture(scope="module")
def loaded_by_a_program() -> set[str]:
    return loaded_by("import pulumi_spectrum\npulumi_spectrum.Webhook, pulumi_spectrum.get_users")


def test_a_program_loads_nothing_heavy(loaded_by_a_program: set[str]) -> None:
    """A program that declares resources needs neither the HTTP library nor the models."""
    heavy = {"requests", "urllib3", "pydantic", "pydantic_core", "click", "rich", "starlette", "uvicorn"}

    assert loaded_by_a_program & heavy == set()


def test_a_program_loads_our_declarations_alone(loaded_by_a_program: set[str]) -> None:
    """Of our own a program loads what it uses, and not what talks to the service."""
    ours = {name for name in loaded_by_a_program if name.startswith("pulumi_spectrum")}

    assert ours == {
        "pulumi_spectrum",
        "pulumi_spectrum.functions",
        "pulumi_spectrum.providers",
        "pulumi_spectrum.registry",
        "pulumi_spectrum.resources",
        "pulumi_spectrum.secret_outputs",
        "pulumi_spectrum.resources.base",
        "pulumi_spectrum.resources.provider",
        "pulumi_spectrum.resources.webhook",
        "pulumi_spectrum.results",
        "pulumi_spectrum.spelling",
        "pulumi_spectrum.spelling.property_names",
    }


def test_the_package_by_itself_loads_no_pulumi() -> None:
    """The command line, the emulator and pytest's plugin start without waiting for Pulumi."""
    assert {"pulumi", "grpc"} & loaded_by("import pulumi_spectrum, pulumi_spectrum.pytest_plugin") == set()


def test_the_client_knows_nothing_of_pulumi() -> None:
    """The client can be used by itself: it loads no Pulumi and no gRPC."""
    alone = loaded_by("import pulumi_spectrum.client")
    assert "requests" in alone
    assert {"pulumi", "grpc", "google.protobuf"} & alone == set()
