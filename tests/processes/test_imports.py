"""What importing the package, and running the command without arguments, loads."""

import subprocess
import sys

import pytest
from kind_samples import SAMPLES

from pulumi_spectrum.kinds import Kind, load_kinds


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a new Python process has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*sorted(sys.modules), sep='\\n')"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines())


@pytest.fixture(scope="module")
def loaded_by_a_program() -> set[str]:
    return loaded_by("import pulumi_spectrum\npulumi_spectrum.Webhook, pulumi_spectrum.get_users")


def test_a_program_loads_nothing_heavy(loaded_by_a_program: set[str]) -> None:
    """A program that declares resources needs neither the HTTP library nor the models."""
    heavy = {"requests", "urllib3", "pydantic", "pydantic_core", "click", "rich", "starlette", "uvicorn"}

    assert loaded_by_a_program & heavy == set()


def test_a_program_loads_only_resource_declarations(loaded_by_a_program: set[str]) -> None:
    """A program loads the modules of the resources that it uses, and not the client."""
    ours = {name for name in loaded_by_a_program if name.startswith("pulumi_spectrum")}

    assert ours == {
        "pulumi_spectrum",
        "pulumi_spectrum.functions",
        "pulumi_spectrum.lookup_runs",
        "pulumi_spectrum.providers",
        "pulumi_spectrum.registry",
        "pulumi_spectrum.resources",
        "pulumi_spectrum.resources.base",
        "pulumi_spectrum.resources.configuration",
        "pulumi_spectrum.resources.previews",
        "pulumi_spectrum.resources.provider",
        "pulumi_spectrum.resources.webhook",
        *(
            f"pulumi_spectrum.results{area}"
            for area in ("", ".lines", ".platforms", ".profiles", ".project", ".users", ".webhooks", ".whatsapp")
        ),
        "pulumi_spectrum.secret_outputs",
        "pulumi_spectrum.spelling",
        "pulumi_spectrum.spelling.property_names",
        "pulumi_spectrum.spelling.setting_names",
        "pulumi_spectrum.spelling.suggestions",
    }


def test_the_package_by_itself_loads_no_pulumi() -> None:
    """The command line, the emulator and pytest's plugin start without waiting for Pulumi."""
    assert {"pulumi", "grpc"} & loaded_by("import pulumi_spectrum, pulumi_spectrum.pytest_plugin") == set()


def test_the_client_knows_nothing_of_pulumi() -> None:
    """The client can be used by itself: it loads no Pulumi and no gRPC."""
    alone = loaded_by(
        "from pulumi_spectrum.client import ClientSettings, SpectrumClient\n"
        "SpectrumClient(ClientSettings('p-1', 's3cr3t')).close()"
    )
    assert "requests" in alone
    assert {"pulumi", "grpc", "google.protobuf"} & alone == set()


def test_a_request_loads_one_area_of_the_api() -> None:
    """A client that is asked for users loads neither the other areas nor their rows."""
    loaded = loaded_by(
        "from pulumi_spectrum.client.client_settings import ClientSettings\n"
        "from pulumi_spectrum.client.spectrum_client import SpectrumClient\n"
        "with SpectrumClient(ClientSettings('p-1', 's3cr3t')) as spectrum: spectrum.users.redirect_url('u-1')"
    )
    others = ("webhooks", "lines", "platforms", "whatsapp", "slack_app", "sip_inbound", "project")
    assert "pulumi_spectrum.client.users" in loaded
    assert {f"pulumi_spectrum.client.{area}" for area in others} & loaded == set()
    assert {name for name in loaded if name.startswith("pulumi_spectrum.results.")} == {"pulumi_spectrum.results.users"}


PROVIDER = """
from pulumi.dynamic import Config, ConfigureRequest
from pulumi_spectrum.providers import load

provider = load({key!r})
config = {{"spectrum:projectId": "p-1", "spectrum:projectSecret": "s3cr3t"}}
provider.configure(ConfigureRequest(config=Config(config, "app")))
inputs = {{"__provider": "pickled", **{inputs!r}}}
"""
PREVIEW_OF_NEW = f"{PROVIDER}inputs = provider.check({{{{}}}}, inputs).inputs"
PREVIEW_OF_UNCHANGED = f"""{PROVIDER}
state = {{{{**inputs, "projectId": "p-1", "__spectrum": {{{{"format": 1, "managed": list(inputs)[1:]}}}}}}}}
assert provider.diff("1", state, provider.check(inputs, inputs).inputs).changes is False
"""


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.key)
def test_preview_loads_nothing_that_sends(kind: Kind) -> None:
    """Checking and comparing a resource, all that a preview does, loads no HTTP library and no row of the API.

    Where nothing changes it loads no pydantic either.
    """
    inputs = dict(SAMPLES[kind.key].fresh(1))
    new = loaded_by(PREVIEW_OF_NEW.format(key=kind.key, inputs=inputs))
    unchanged = loaded_by(PREVIEW_OF_UNCHANGED.format(key=kind.key, inputs=inputs))
    sending = {"requests", "urllib3", "http.cookiejar", "pulumi_spectrum.client.spectrum_client"}
    rows = {"pulumi_spectrum.client.responses", "pulumi_spectrum.results"}
    assert "pulumi_spectrum.providers.base" in new & unchanged
    assert (sending | rows) & (new | unchanged) == set()
    assert ("pydantic" in new, "pydantic" in unchanged) == (True, False)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"]], ids=["nothing", "help", "version"])
def test_the_list_of_commands_is_light(arguments: list[str]) -> None:
    """The list of commands is shown without loading what only running one of them needs."""
    program = (
        f"import sys; from pulumi_spectrum.cli import main; sys.argv = ['pulumi-spectrum', *{arguments!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'pulumi', 'rich', 'requests', 'pydantic', 'starlette', 'yaml'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
