"""The public names of the package and of its client."""

import importlib
import inspect
import pkgutil
import re
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

import pulumi_spectrum
from pulumi_spectrum import client, functions, results
from pulumi_spectrum.registry import REGISTRY

CLIENT_NAMES = [
    "DEFAULT_BASE_URL",
    "DEFAULT_REQUESTS_PER_SECOND",
    "DEFAULT_TIMEOUT_SECONDS",
    "Abandoned",
    "AlreadyExists",
    "AnswerLost",
    "ClientSettings",
    "Conflict",
    "CredentialsRefused",
    "ImessageRow",
    "LineProfileRow",
    "LineRow",
    "NetworkFailed",
    "NotFound",
    "OutcomeUnknown",
    "PlanRefused",
    "PlatformRow",
    "ProjectProfileRow",
    "ProjectRow",
    "RateLimited",
    "RegisteredWebhook",
    "RequestRefused",
    "RotatedSecret",
    "ServiceFailed",
    "SettingsRefused",
    "SipInboundRow",
    "SlackAppRow",
    "SpectrumClient",
    "SpectrumError",
    "SubscriptionRow",
    "Unreachable",
    "UserRow",
    "WebhookRow",
    "WhatsAppAccountRow",
    "WhatsAppTemplateRow",
    "client_for",
]


def defined_in(module: ModuleType) -> set[str]:
    """Return the public names that a module defines itself."""
    defined = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
    return {name for name in defined if not name.startswith("_")}


def test_public_surface_is_what_there_is() -> None:
    """Public are the resources of the registry, `Provider`, the look-ups and what these return, in order."""
    look_ups = {name for name in defined_in(functions) if name.startswith("get_")}
    resources = {row.resource_class for row in REGISTRY}
    areas = [
        importlib.import_module(f"{results.__name__}.{area.name}") for area in pkgutil.iter_modules(results.__path__)
    ]
    returned = {name for area in areas for name in defined_in(area) if name.endswith("Info")}
    public = look_ups | returned | resources | {"Provider"}

    assert pulumi_spectrum.__all__ == sorted(public)
    assert client.__all__ == CLIENT_NAMES


@pytest.mark.parametrize("name", pulumi_spectrum.__all__)
def test_everything_public_is_described(name: str) -> None:
    """Each public name is there, and has a docstring."""
    assert getattr(pulumi_spectrum, name).__doc__


@pytest.mark.parametrize("path", sorted(Path(client.__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_the_client_names_no_configuration_key_and_no_command(path: Path) -> None:
    """The client can be used by itself: none of its messages or comments names Pulumi or a configuration key."""
    text = re.sub("pulumi[_-]spectrum", "", path.read_text())

    assert re.findall(r"spectrum:\w+|[Pp]ulumi|\b[Ss]tacks?\b|\b[Ee]ngine\b|SPECTRUM_[A-Z_]+", text) == []


def test_the_version_is_that_of_the_installed_package() -> None:
    """`__version__` is the version in the package's metadata."""
    assert pulumi_spectrum.__version__ == version("pulumi-spectrum")


def test_no_two_public_classes_share_a_name() -> None:
    """No two classes among the resources, the look-up results and the client's public names share a name."""
    shared = set(pulumi_spectrum.__all__) & set(client.__all__)

    assert shared == set()


def test_an_exception_is_named_for_what_happened() -> None:
    """No exception but the root of the client's tree ends in `Error` or `Exception`."""
    names = {
        kind.__name__
        for module in pkgutil.walk_packages(pulumi_spectrum.__path__, "pulumi_spectrum.")
        if not module.name.startswith("pulumi_spectrum.emulator") and not module.name.endswith("__main__")
        for kind in vars(importlib.import_module(module.name)).values()
        if inspect.isclass(kind)
        and issubclass(kind, BaseException)
        and kind.__module__.startswith("pulumi_spectrum.")
        and not kind.__module__.startswith("pulumi_spectrum.emulator")
    }

    assert {name for name in names if name.endswith(("Error", "Exception"))} == {"SpectrumError"}
    assert {"PulumiFailed", "RunFailed", "SettingsRefused"} <= names
