"""What the package shows, and what merely importing it loads."""

import subprocess
import sys

import pytest

import pulumi_spectrum
from pulumi_spectrum import client

NAMES = [
    "ImessageInfo",
    "Line",
    "LineInfo",
    "Platform",
    "PlatformInfo",
    "ProjectInfo",
    "Provider",
    "SubscriptionInfo",
    "User",
    "UserInfo",
    "Webhook",
    "WebhookInfo",
    "get_egress_ips",
    "get_egress_ips_output",
    "get_imessage_info",
    "get_imessage_info_output",
    "get_lines",
    "get_lines_output",
    "get_platforms",
    "get_platforms_output",
    "get_project",
    "get_project_output",
    "get_subscription",
    "get_subscription_output",
    "get_user",
    "get_user_output",
    "get_users",
    "get_users_output",
    "get_webhooks",
    "get_webhooks_output",
]
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


def test_the_surface_is_pinned() -> None:
    """Whatever a program may use is listed, sorted, and stays."""
    assert pulumi_spectrum.__all__ == sorted(NAMES)
    assert client.__all__ == sorted(CLIENT_NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_everything_shown_is_there(name: str) -> None:
    """Each name is there, and is described."""
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
