"""Each example, run as a user would run it: in its folder, on the command line, against an emulator."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_spectrum.emulator import Emulator

EXAMPLES = Path(__file__).parents[2] / "examples"
RunPulumi = Callable[..., str]


@pytest.fixture
def example(request: pytest.FixtureRequest, spectrum: Emulator, tmp_path: Path) -> RunPulumi:
    """Return the Pulumi CLI in a copy of the example that the test names, with an empty stack of its own."""
    folder = shutil.copytree(EXAMPLES / request.param, tmp_path / "project")
    (tmp_path / "backend").mkdir()
    environment = {
        **os.environ,
        **spectrum.environment,
        "PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }

    def pulumi(*arguments: str, text: str | None = None) -> str:
        command = ["pulumi", "--non-interactive", *arguments]
        run = subprocess.run(
            command, cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False
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
