"""Runs that are killed in the middle: the next `up` on the same machine converges, and nothing is doubled or lost."""

from __future__ import annotations

import re
import subprocess

import pytest
from killed_runs import UP, KillableRuns

from pulumi_spectrum.creation_journal import FILE, CreationJournal
from pulumi_spectrum.emulator import Emulator, Fault

PROGRAM = """import pulumi
import pulumi_spectrum as spectrum

spectrum.Webhook("hook", webhook_url="https://app.example.com/hook")
spectrum.User("alice", phone_number="+14155550123", first_name="Alice")
spectrum.Line("line", opts=pulumi.ResourceOptions(protect=False))
"""


@pytest.mark.parametrize("victim", ["cli", "provider", "both"])
def test_killed_while_answers_are_under_way(spectrum: Emulator, killable: KillableRuns, victim: str) -> None:
    """What was created right before the kill is taken up by the next `up`: the user, the line, and the webhook anew."""
    project = spectrum.project
    killable.write(PROGRAM)
    spectrum.faults.add(Fault(method="POST", delay=300, delay_when="after", times=None))
    killable.start(*UP)
    killable.wait_until(lambda: bool(project.webhooks.ids and project.users.ids and project.lines.ids))
    made = (project.webhooks.ids, project.users.ids, project.lines.ids)
    killable.kill(victim)
    spectrum.faults.clear()

    output = killable.converge()

    hook, user, line = made
    assert (project.users.ids, project.lines.ids) == (user, line)
    assert len(project.webhooks.ids) == 1
    assert project.webhooks.ids != hook
    assert "signingSecret" in killable.folder.run("pulumi", "stack", "export").stdout
    for noun, ids, how in (
        ("webhook", hook, "it is registered anew, since the secret of that registration is in no state."),
        ("user", user, "it is taken over."),
        ("line", line, "it is taken over."),
    ):
        assert f"An earlier run was cut off after it had created this {noun} (id {ids[0]}): {how}" in output


def kill_before_anything_is_carried_out(spectrum: Emulator, killable: KillableRuns) -> None:
    """Start an `up`, and kill it with its provider once the journal has all creations and the service has none."""
    killable.write(PROGRAM)
    spectrum.faults.add(Fault(method="POST", delay=300, times=None))
    killable.start(*UP)
    journal = CreationJournal(lambda: next(killable.temporary.iterdir()))
    killable.wait_until(lambda: any(killable.temporary.rglob(FILE)) and len(journal.unanswered()) == 3)
    killable.kill("both")
    spectrum.faults.clear()


def test_killed_before_anything_was_carried_out(spectrum: Emulator, killable: KillableRuns) -> None:
    """Where the requests came to nothing, doctor names the resources, and the next `up` creates each object once."""
    project = spectrum.project
    kill_before_anything_is_carried_out(spectrum, killable)
    # What else it finds depends on the environment of the tests.
    doctor = subprocess.run(
        ["pulumi-spectrum", "doctor"],
        cwd=killable.folder.path,
        env=killable.folder.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    output = killable.converge()

    (named,) = re.findall(r"was cut off while it created ([\w, ]+)\. The next", " ".join(doctor.stdout.split()))
    assert sorted(named.split(", ")) == ["alice", "hook", "line"]
    assert (len(project.webhooks.ids), len(project.users.ids), len(project.lines.ids)) == (1, 1, 1)
    assert "cut off" not in output


def test_another_line_is_not_taken_up(spectrum: Emulator, killable: KillableRuns) -> None:
    """A line that is not as old as the killed allocation is not taken up for it."""
    project = spectrum.project
    kill_before_anything_is_carried_out(spectrum, killable)
    project.lines.add(createdAt="2020-01-01T00:00:00.000Z")

    killable.converge()

    assert len(project.lines.ids) == 2
