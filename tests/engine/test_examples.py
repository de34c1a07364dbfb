"""Each example, run as a user would run it: in its folder, on the command line, against an emulator."""

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.request_log import Request

EXAMPLES = Path(__file__).parents[2] / "examples"
RunPulumi = Callable[..., str]


@pytest.fixture
def spectrum(request: pytest.FixtureRequest, spectrum: Emulator) -> Iterator[Emulator]:
    """Return the emulator that the example asks for: one with its seed, or an empty one."""
    seed = EXAMPLES / request.node.callspec.params["example"] / "seed.yaml"
    if not seed.exists():
        yield spectrum
        return
    with Emulator(seed=seed) as seeded:
        yield seeded


@pytest.fixture
def environment(spectrum: Emulator, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a user with a backend of their own, who exported what the emulator prints."""
    (tmp_path / "backend").mkdir()
    return {
        **os.environ,
        **spectrum.environment,
        "PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of the example that the test names."""
    example: str = request.node.callspec.params["example"]
    return shutil.copytree(EXAMPLES / example, tmp_path / "project")


@pytest.fixture
def example(project: Path, environment: dict[str, str]) -> RunPulumi:
    """Return the Pulumi CLI in the example's folder, with an empty stack of its own."""

    def pulumi(*arguments: str, text: str | None = None) -> str:
        command = ["pulumi", "--non-interactive", *arguments]
        run = subprocess.run(
            command, cwd=project, env=environment, input=text, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    pulumi("stack", "init", "test")
    pulumi("config", "set", "spectrum:requestsPerSecond", "1000")
    return pulumi


@pytest.mark.parametrize("example", ["quickstart"], indirect=True)
def test_quickstart_example(spectrum: Emulator, example: RunPulumi) -> None:
    """The quickstart creates all four kinds, its second preview is empty, and destroy deletes all that it created."""
    example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    example("refresh", "--preview-only", "--expect-no-changes")
    assert (len(spectrum.project.webhooks), len(spectrum.project.lines), len(spectrum.project.users)) == (1, 1, 2)
    example("destroy", "--yes", "--skip-preview")
    assert (len(spectrum.project.webhooks), len(spectrum.project.lines), len(spectrum.project.users)) == (0, 0, 0)


@pytest.mark.parametrize("example", ["secret-handover"], indirect=True)
def test_secret_handover_example(spectrum: Emulator, example: RunPulumi, tmp_path: Path) -> None:
    """The manifest holds the service's secrets, readable by its owner alone, before and after a rotation."""
    import base64

    manifest = tmp_path / "spectrum-inbox.yaml"
    example("config", "set", "folder", str(tmp_path))
    for rotation in ("first", "second"):
        example("config", "set", "rotation", rotation)
        state = example("up", "--yes", "--skip-preview") + example("stack", "export")
        example("preview", "--expect-no-changes")
        data = json.loads(manifest.read_text())["data"]
        held = spectrum.project.webhooks.secrets(spectrum.project.webhooks.ids[0])
        assert base64.b64decode(data["SIGNING_SECRET"]).decode() == held["signingSecret"]
        assert base64.b64decode(data["STANDARD_SIGNING_SECRET"]).decode() == held["standardSigningSecret"]
        assert manifest.stat().st_mode & 0o077 == 0
        assert not [secret for secret in spectrum.given_secrets if secret in state]
    assert spectrum.requests.operations().count("rotateWebhookSecret") == 1
    example("destroy", "--yes", "--skip-preview")
    assert not manifest.exists()


@pytest.mark.parametrize("example", ["whatsapp-template"], indirect=True)
def test_whatsapp_template_example(spectrum: Emulator, example: RunPulumi) -> None:
    """Both languages are created in the account that the program looks up, also while the service adds to them."""
    account = spectrum.project.whatsapp_accounts.add(wabaId="1234")["accountId"]
    spectrum.switch(template_components="extended")
    example("up", "--yes", "--skip-preview")
    assert sorted(row["language"] for row in spectrum.project.whatsapp_templates) == ["de", "en_US"]
    statuses = json.loads(example("stack", "output", "--json"))["statuses"]
    assert statuses == {"en_US": "PENDING", "de": "PENDING"}
    for template_id in spectrum.project.whatsapp_templates.ids:
        spectrum.project.whatsapp_templates.change(template_id, status="APPROVED", category="MARKETING")
    example("preview", "--expect-no-changes")
    example("refresh", "--preview-only", "--expect-no-changes")
    example("destroy", "--yes", "--skip-preview")
    assert (spectrum.project.whatsapp_accounts.ids, len(spectrum.project.whatsapp_templates)) == ([account], 0)


@pytest.mark.parametrize("example", ["two-projects"], indirect=True)
def test_two_projects_example(spectrum: Emulator, example: RunPulumi) -> None:
    """Each component's resources are created in the project whose provider the component was given."""
    europe = spectrum.add_project()
    example("config", "set", "spectrum:baseUrl", spectrum.url)
    example("config", "set", "europeProjectId", europe.id)
    example("config", "set", "--secret", "europeProjectSecret", text=europe.secret)
    example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    assert [row["webhookUrl"] for row in europe.webhooks] == ["https://eu.example.com/spectrum"]
    assert [row["webhookUrl"] for row in spectrum.project.webhooks] == ["https://us.example.com/spectrum"]
    example("destroy", "--yes", "--skip-preview")
    assert (len(europe.webhooks), len(spectrum.project.webhooks)) == (0, 0)


@pytest.mark.parametrize("example", ["voice-and-slack"], indirect=True)
def test_voice_and_slack_example(spectrum: Emulator, example: RunPulumi) -> None:
    """The secrets reach the service and stand encrypted in the state, and destroy removes what they belong to."""
    secrets = {
        "sipPassword": "Pa55-of-the-b0t",
        "slackClientSecret": "0a1b2c3d" * 4,
        "slackSigningSecret": "5e6f7a8b" * 4,
    }
    for key, secret in secrets.items():
        example("config", "set", "--secret", key, text=secret)
    state = example("up", "--yes", "--skip-preview") + example("stack", "export")
    example("preview", "--expect-no-changes", "--refresh")
    assert spectrum.project.sip_inbound.secrets() == {"password": secrets["sipPassword"]}
    assert list(spectrum.project.slack.secrets().values()) == [
        secrets["slackClientSecret"],
        secrets["slackSigningSecret"],
    ]
    assert not [secret for secret in secrets.values() if secret in state]
    example("destroy", "--yes", "--skip-preview")
    assert (spectrum.project.sip_inbound.row, spectrum.project.slack.row) == (None, None)


@pytest.mark.parametrize("example", ["webhook-rotation"], indirect=True)
def test_webhook_rotation_example(spectrum: Emulator, example: RunPulumi) -> None:
    """Another quarter rotates the standard secret once, with a week of overlap, and the same quarter never does."""
    secrets = []
    for quarter in ("2026-Q4", "2027-Q1"):
        example("config", "set", "quarter", quarter)
        example("up", "--yes", "--skip-preview")
        example("preview", "--expect-no-changes")
        secrets.append(example("stack", "output", "--show-secrets", "standardSigningSecret").strip())
    (rotation,) = spectrum.requests.matching("POST", "*/secret/rotate")
    assert rotation.body == {"overlapSeconds": 604800}
    held = spectrum.project.webhooks.secrets(spectrum.project.webhooks.ids[0])["standardSigningSecret"]
    assert secrets[0] != secrets[1] == held


@pytest.mark.parametrize("example", ["team"], indirect=True)
def test_team_example(spectrum: Emulator, example: RunPulumi, project: Path) -> None:
    """Everybody is on the line of the file; another key with the old one beside it changes nobody."""
    example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    numbers = json.loads(example("stack", "output", "--json"))["numbers"]
    dedicated = [row for row in spectrum.project.users if row["type"] == "dedicated"]
    served = {row["firstName"]: row["assignedPhoneNumber"] for row in dedicated}
    assert served == {"Ada": numbers["support"], "Grace": numbers["sales"]}
    before = spectrum.project.users.ids
    roster = project / "team.yaml"
    roster.write_text(roster.read_text().replace("key: ada\n", "key: ada-lovelace\n    formerly: [ada]\n"))
    sent = len(writes(spectrum))
    example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    assert (spectrum.project.users.ids, len(writes(spectrum))) == (before, sent)


@pytest.mark.parametrize("example", ["component"], indirect=True)
def test_component_example(spectrum: Emulator, example: RunPulumi, project: Path) -> None:
    """Each desk has its line, webhook and users below it, and the component's own tests pass."""
    example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    resources = json.loads(example("stack", "export"))["deployment"]["resources"]
    assert sum("acme:messaging:Desk" in each.get("parent", "") for each in resources) == 7
    assert len(spectrum.project.users) == 3
    run_own_tests(project)


@pytest.mark.parametrize("example", ["adopt"], indirect=True)
def test_adopt_example(spectrum: Emulator, example: RunPulumi) -> None:
    """What was made by hand is taken over: nothing is created, and one name is set right."""
    before = [spectrum.project.webhooks.ids, spectrum.project.lines.ids, spectrum.project.users.ids]
    shown = example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    assert [spectrum.project.webhooks.ids, spectrum.project.lines.ids, spectrum.project.users.ids] == before
    assert {row["firstName"] for row in spectrum.project.users} == {"Ada", "Grace"}
    assert spectrum.requests.operations().count("createUser") == len(writes(spectrum)) == 1
    assert "signing_secret" in shown


@pytest.mark.parametrize("example", ["stacks"], indirect=True)
def test_stacks_example(spectrum: Emulator, example: RunPulumi) -> None:
    """The stack `dev` has no line; `prod` has one, protected, and checks in its preview."""
    example("stack", "init", "dev")
    example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    assert len(spectrum.project.lines) == 0
    example("destroy", "--yes", "--skip-preview")
    example("stack", "init", "prod")
    example("up", "--yes")
    example("preview", "--expect-no-changes")
    resources = json.loads(example("stack", "export"))["deployment"]["resources"]
    assert [each["protect"] for each in resources if each["type"].endswith("spectrum:Line")] == [True]


@pytest.mark.parametrize("example", ["automation"], indirect=True)
def test_automation_example(spectrum: Emulator, example: RunPulumi, project: Path, environment: dict[str, str]) -> None:
    """The script deploys with a line for each resource, then has nothing to do, and finds what was changed by hand."""

    def deploy(*arguments: str, code: int = 0) -> str:
        return run_python(project, "deploy.py", "test", *arguments, environment=environment, code=code)

    assert "ada created" in deploy("--yes")
    assert "Nothing to do." in deploy("--yes")
    assert "No drift." in deploy("--drift")
    ada = next(row["id"] for row in spectrum.project.users if row["firstName"] == "Ada")
    spectrum.project.users.change(ada, firstName="Adele")
    assert "ada: firstName" in deploy("--drift", code=2)


@pytest.mark.parametrize("example", ["policy"], indirect=True)
def test_policy_example(example: RunPulumi, project: Path) -> None:
    """The pack's rules accept what the program declares, but for the warning that its text announces."""
    example("up", "--yes", "--skip-preview")
    example("preview", "--expect-no-changes")
    run_own_tests(project)
    rules = runpy.run_path(str(project / "pack" / "rules.py"))
    resources = json.loads(example("stack", "export"))["deployment"]["resources"]
    found = {
        level: [
            sentence
            for each in resources
            for rule in rules[level]
            for sentence in rule(each["type"], each.get("inputs", {}), each.get("protect", False))
        ]
        for level in ("MANDATORY", "ADVISORY")
    }
    assert (found["MANDATORY"], len(found["ADVISORY"])) == ([], 1)


def writes(spectrum: Emulator) -> list[Request]:
    """Return the requests that were there to change something."""
    return [request for request in spectrum.requests if request.method != "GET"]


def run_python(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, code: int = 0) -> str:
    """Run Python in an example's folder and return what it prints."""
    command = [sys.executable, *arguments]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout


def run_own_tests(folder: Path) -> None:
    """Run the tests that an example brings, as its text says."""
    assert " passed" in run_python(folder, "-m", "pytest", "-p", "no:cacheprovider")
