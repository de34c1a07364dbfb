"""`pulumi-spectrum drift` finds the same drift as `pulumi refresh --preview-only`."""

import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

import pulumi_spectrum
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import SpectrumStack


def program() -> None:
    """Declare resources of each kind, with managed, unmanaged, ignored, secret and read ones among them."""
    for number in range(4):
        pulumi_spectrum.User(f"u{number}", phone_number=f"+1415555000{number}", first_name="A", email="a@example.com")
    pulumi_spectrum.User("bare", phone_number="+14155550010")
    pulumi_spectrum.User(
        "ignoring",
        phone_number="+14155550011",
        first_name="A",
        email="a@example.com",
        opts=pulumi.ResourceOptions(ignore_changes=["first_name"]),
    )
    pulumi_spectrum.User("secret", phone_number="+14155550012", first_name=pulumi.Output.secret("Hush"))
    pulumi_spectrum.Line("line", first_name="A", last_name="B", opts=pulumi.ResourceOptions(protect=False))
    pulumi_spectrum.Platform("imessage", platform="imessage", auto_scale=False)
    pulumi_spectrum.Platform("slack", platform="slack", enabled=False)
    pulumi_spectrum.Webhook("hook", webhook_url="https://app.example.com/in", failure_notification_email="")
    pulumi_spectrum.Webhook("plain", webhook_url="https://app.example.com/out")


def change_something(project: Any, dice: random.Random) -> None:
    """Change, delete or create one object by hand."""
    names = [None, "A", "B", "Zoë", "a@example.com", "A@Example.com", "b@example.com"]

    def user() -> str:
        return dice.choice(project.users.ids)

    def webhook() -> str:
        return dice.choice(project.webhooks.ids)

    acts: list[Callable[[], Any]] = [
        lambda: project.users.change(user(), firstName=dice.choice(names[:4])),
        lambda: project.users.change(user(), email=dice.choice(names[4:])),
        lambda: project.users.change(user(), lastName="Unmanaged"),
        lambda: project.users.remove(user()),
        lambda: project.users.add(phoneNumber=f"+1628{dice.randrange(10**6, 10**7)}", type="shared"),
        lambda: project.lines.change(project.lines.ids[0], firstName=dice.choice(names[:4])),
        lambda: project.lines.change(project.lines.ids[0], status="unavailable"),
        lambda: project.platforms.set("imessage", enabled=dice.choice([True, False])),
        lambda: project.platforms.set("imessage", enabled=True, autoScale=dice.choice([True, False])),
        lambda: project.platforms.set("slack", enabled=dice.choice([True, False])),
        lambda: project.platforms.forget("slack"),
        lambda: project.webhooks.change(webhook(), enabled=dice.choice([True, False])),
        lambda: project.webhooks.change(webhook(), failureNotificationEmail=dice.choice(names[4:])),
        lambda: project.webhooks.remove(webhook()) if len(project.webhooks) > 1 else None,
    ]
    dice.choice(acts)()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_drift_command_agrees_with_refresh(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack], tmp_path: Path, seed: int
) -> None:
    """After any change by hand, both commands report the same changed properties and the same missing resources."""
    dice = random.Random(seed)  # noqa: S311
    stack = make_stack(program)
    stack.up()
    for _ in range(3):
        for _ in range(3):
            change_something(spectrum.project, dice)
        shown = stack.refresh(preview_only=True, diff=True).summary
        drift = run_drift(stack, spectrum, tmp_path)
        changed = {
            each["urn"].rsplit("::", 1)[-1]: ("update", *(drifted["name"] for drifted in each["properties"]))
            for each in drift["changed"]
        }
        missing = {each["urn"].rsplit("::", 1)[-1]: ("delete",) for each in drift["missing"]}
        assert {**changed, **missing} == shown
        # A secret of a state in a file cannot be decrypted: the command reports it, and nothing else, as not checked.
        gone = {each["urn"].rsplit("::", 1)[-1] for each in drift["missing"]}
        assert len(drift["notChecked"]) == (0 if "secret" in gone else 1)


def run_drift(stack: SpectrumStack, spectrum: Emulator, tmp_path: Path) -> dict[str, Any]:
    """Run the drift command on the stack's exported state."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 3, "deployment": stack.export()}))
    run = subprocess.run(
        ["pulumi-spectrum", "drift", str(tmp_path), "--state", str(path), "--format", "json"],
        env={**os.environ, **spectrum.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1, 2), run.stderr
    assert "Hush" not in run.stdout + run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


FOLDER_PROGRAM = """import os

import pulumi
import pulumi_spectrum as spectrum

secret = spectrum.User("secret", phone_number="+14155550123", first_name=pulumi.Output.secret("Hush"))
europe = spectrum.Provider(
    "europe", project_id=os.environ["EUROPE_ID"], project_secret=os.environ["EUROPE_SECRET"], requests_per_second=1000
)
spectrum.User("there", phone_number="+14155550123", opts=pulumi.ResourceOptions(provider=europe))
"""


def test_drift_of_the_selected_stack(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Drift reads the stack's state and the credentials of all its projects, and compares secrets unseen."""
    europe = spectrum.add_project()
    with_europe = {"EUROPE_ID": europe.id, "EUROPE_SECRET": europe.secret}
    folder = make_project_folder({"SPECTRUM_CLOUD_URL": spectrum.url, **with_europe})
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    (folder.path / "__main__.py").write_text(FOLDER_PROGRAM)
    folder.init(projectId=spectrum.project.id)
    subprocess.run(
        ["pulumi", "config", "set", "--secret", "spectrum:projectSecret"],
        cwd=folder.path,
        env=folder.environment,
        input=spectrum.project.secret,
        text=True,
        check=True,
        capture_output=True,
    )
    folder.run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")
    for name in with_europe:
        del folder.environment[name]
    assert folder.run("pulumi-spectrum", "drift").stdout == "2 resources compared: no drift.\n"
    spectrum.project.users.change(spectrum.project.users.ids[0], firstName="Loud")
    europe.users.clear()
    drift = folder.run("pulumi-spectrum", "drift", "--stack", "dev", status=2)
    assert '"[secret]"  "[secret]"' in drift.stdout
    assert "2 resources compared: 1 changed, 1 missing." in drift.stdout
    for secret in ("Hush", "Loud", spectrum.project.secret, europe.secret):
        assert secret not in drift.stdout + drift.stderr

    folder.run("pulumi", "config", "rm", "spectrum:projectId")
    folder.run("pulumi", "config", "rm", "spectrum:projectSecret")
    assert "credentials are missing" in folder.run("pulumi-spectrum", "drift", status=1).stderr


def test_drift_without_a_stack(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Without a stack, drift prints the Pulumi CLI's own reason in one sentence and ends with status 1."""
    folder = make_project_folder(spectrum.environment)
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    drift = folder.run("pulumi-spectrum", "drift", status=1)
    assert "`pulumi stack export` failed in .: no stack selected" in drift.stderr
