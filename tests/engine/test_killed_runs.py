"""Runs that are killed in the middle: the next `up` on the same machine converges, and nothing is doubled or lost."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from killed_runs import KillableRuns

from pulumi_spectrum.creation_journal import FILE, CreationJournal
from pulumi_spectrum.emulator import Emulator, Fault

PROGRAM = """import pulumi
import pulumi_spectrum as spectrum

spectrum.Webhook("hook", webhook_url="https://app.example.com/hook")
spectrum.User("alice", phone_number="+14155550123", first_name="Alice")
spectrum.Line("line", opts=pulumi.ResourceOptions(protect=False))
"""

UP = ("pulumi", "up", "--yes", "--non-interactive", "--skip-preview")


@pytest.fixture
def folder(spectrum: Emulator, make_project_folder: Callable[..., Any], tmp_path: Path) -> Any:
    """A project folder with a stack, whose commands have a private folder of their own for what processes share."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    folder = make_project_folder({**spectrum.environment, "TMPDIR": str(temporary)})
    (folder.path / "Pulumi.yaml").write_text("name: app\nruntime: python\n")
    (folder.path / "__main__.py").write_text(PROGRAM)
    folder.init()
    return folder


@pytest.fixture
def runs(folder: Any, tmp_path: Path) -> Iterator[KillableRuns]:
    """Runs in the folder that can be killed. None of their processes outlives the test."""
    runs = KillableRuns(folder, tmp_path / "processes")
    yield runs
    runs.end()


def converge(folder: Any) -> str:
    """Run `up` as a person does after a killed run, assert that the next preview is empty, and return the output."""
    backend = folder.path.with_name(f"{folder.path.name}-backend")
    for attributes in backend.rglob("*.attrs"):
        if not attributes.read_text():
            # The CLI was killed while it wrote this file of its backend, and cannot read the state before it is gone.
            attributes.unlink()
    if list(backend.rglob("locks/**/*.json")):
        folder.run("pulumi", "cancel", "--yes", "--non-interactive")
    run = folder.run(*UP)
    folder.run("pulumi", "preview", "--refresh", "--expect-no-changes", "--non-interactive")
    return " ".join((run.stdout + run.stderr).split())


@pytest.mark.parametrize("victim", ["cli", "provider", "both"])
def test_killed_while_answers_are_under_way(spectrum: Emulator, folder: Any, runs: KillableRuns, victim: str) -> None:
    """What was created right before the kill is taken up by the next `up`: the user, the line, and the webhook anew."""
    project = spectrum.project
    spectrum.faults.add(Fault(method="POST", delay=300, delay_when="after", times=None))
    runs.start(*UP)
    runs.wait_until(lambda: bool(project.webhooks.ids and project.users.ids and project.lines.ids))
    made = (project.webhooks.ids, project.users.ids, project.lines.ids)
    runs.kill(victim)
    spectrum.faults.clear()

    output = converge(folder)

    hook, user, line = made
    assert (project.users.ids, project.lines.ids) == (user, line)
    assert len(project.webhooks.ids) == 1
    assert project.webhooks.ids != hook
    assert "signingSecret" in folder.run("pulumi", "stack", "export").stdout
    for noun, ids, how in (
        ("webhook", hook, "it is registered anew, since the secret of that registration is in no state."),
        ("user", user, "it is taken over."),
        ("line", line, "it is taken over."),
    ):
        assert f"An earlier run was cut off after it had created this {noun} (id {ids[0]}): {how}" in output


def kill_before_anything_is_carried_out(spectrum: Emulator, folder: Any, runs: KillableRuns) -> None:
    """Start an `up`, and kill it with its provider once the journal has all creations and the service has none."""
    spectrum.faults.add(Fault(method="POST", delay=300, times=None))
    runs.start(*UP)
    journal = CreationJournal(lambda: next(Path(folder.environment["TMPDIR"]).iterdir()))
    runs.wait_until(lambda: any(Path(folder.environment["TMPDIR"]).rglob(FILE)) and len(journal.unanswered()) == 3)
    runs.kill("both")
    spectrum.faults.clear()


def test_killed_before_anything_was_carried_out(spectrum: Emulator, folder: Any, runs: KillableRuns) -> None:
    """Where the requests came to nothing, doctor names the resources, and the next `up` creates each object once."""
    project = spectrum.project
    kill_before_anything_is_carried_out(spectrum, folder, runs)
    # What else it finds depends on the environment of the tests.
    doctor = subprocess.run(
        ["pulumi-spectrum", "doctor"],
        cwd=folder.path,
        env=folder.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    output = converge(folder)

    (named,) = re.findall(r"was cut off while it created ([\w, ]+)\. The next", " ".join(doctor.stdout.split()))
    assert sorted(named.split(", ")) == ["alice", "hook", "line"]
    assert (len(project.webhooks.ids), len(project.users.ids), len(project.lines.ids)) == (1, 1, 1)
    assert "cut off" not in output


def test_another_line_is_not_taken_up(spectrum: Emulator, folder: Any, runs: KillableRuns) -> None:
    """A line that is not as old as the killed allocation is not taken up for it."""
    project = spectrum.project
    kill_before_anything_is_carried_out(spectrum, folder, runs)
    project.lines.add(createdAt="2020-01-01T00:00:00.000Z")

    converge(folder)

    assert len(project.lines.ids) == 2


MANY = """import pulumi
import pulumi_spectrum as spectrum

for name in ("one", "two", "three"):
    spectrum.Webhook(name, webhook_url=f"https://app.example.com/{name}", enabled=name != "two")
for number in range(4):
    spectrum.User(f"shared-{number}", phone_number=f"+1415555012{number}", first_name=f"User {number}")
for name in ("first", "second"):
    line = spectrum.Line(name, first_name=name, opts=pulumi.ResourceOptions(protect=False))
    spectrum.User(f"on-{name}", type="dedicated", phone_number="+14155550199", assigned_phone_number=line.phone_number)
spectrum.Platform("voice", platform="voice")
spectrum.ProjectProfile("profile", first_name="Acme")
"""

ROUNDS = int(os.environ.get("KILL_ROUNDS", "4"))
VICTIMS = ("cli", "provider", "both", "interrupted twice")


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_at_a_random_moment(spectrum: Emulator, folder: Any, runs: KillableRuns, seed: int) -> None:
    """Whenever a run of 13 resources is killed, one more `up` ends with each object once, and its secret in force."""
    dice = random.Random(seed)  # noqa: S311
    project = spectrum.project
    (folder.path / "__main__.py").write_text(MANY)
    for _ in range(12):
        moment: Any = dice.choice(["before", "after"])
        spectrum.faults.add(Fault(method="POST", delay=dice.uniform(0.01, 0.3), delay_when=moment))
    victim, writes, pause = VICTIMS[seed % len(VICTIMS)], dice.randint(0, 11), dice.uniform(0, 0.3)

    runs.start(*UP)
    runs.wait_until(lambda: len([each for each in spectrum.requests if each.method != "GET"]) >= writes)
    time.sleep(pause)
    if victim == "interrupted twice":
        runs.interrupt(2)
    else:
        runs.kill(victim)
    spectrum.faults.clear()

    converge(folder)

    state = json.loads(folder.run("pulumi", "stack", "export", "--show-secrets").stdout)["deployment"]["resources"]
    ids = {kind: [each["id"] for each in state if each["type"].endswith(f"spectrum:{kind}")] for kind in IDS}
    assert {kind: sorted(found) for kind, found in ids.items()} == {
        kind: sorted(find(project).ids) for kind, find in IDS.items()
    }
    assert [len(found) for found in ids.values()] == [3, 6, 2]
    for each in state:
        if each["type"].endswith("spectrum:Webhook"):
            secret = json.loads(each["outputs"]["signingSecret"]["plaintext"])
            assert secret == project.webhooks.secrets(each["id"])["signingSecret"]


IDS: dict[str, Callable[[Any], Any]] = {
    "Webhook": lambda project: project.webhooks,
    "User": lambda project: project.users,
    "Line": lambda project: project.lines,
}
