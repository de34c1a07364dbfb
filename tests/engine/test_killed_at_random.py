"""Runs of 40 resources of every kind that are killed at random moments, on this machine and on one that is lost.

Killed is an `up` that creates them, one that changes and replaces most of them, or a `destroy`.

The environment variable `KILL_ROUNDS` says how many rounds are run. `make test` runs 4, and one on a lost machine;
`make test-hard` 100 and 20. All that is random in a round follows from its number.
"""

from __future__ import annotations

import json
import os
import random
import time
from typing import Any

import pytest
from killed_runs import UP, KillableRuns

from pulumi_spectrum.emulator import Emulator, Fault

ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"
PASSWORD = "Pa55-of-the-b0t"
CLIENT_SECRET = "0a1b2c3d" * 4
PROGRAM = f"""import pulumi
import pulumi_spectrum as spectrum

changed = False
word = "Changed" if changed else "New"
moved = "-moved" if changed else ""
for number in range(8):
    spectrum.Webhook(
        f"hook-{{number}}",
        webhook_url=f"https://app.example.com/{{number}}{{moved if number < 3 else ''}}",
        enabled=number != 2,
        event_types=["message.received"] if number % 3 else None,
        secret_rotation=word if number > 4 else None,
    )
for number in range(14):
    phone = number + 50 * (changed and number > 9)
    spectrum.User(f"shared-{{number}}", phone_number=f"+141555501{{phone:02}}", first_name=f"{{word}} {{number}}")
for number in range(5):
    opts = pulumi.ResourceOptions(protect=False)
    line = spectrum.Line(f"line-{{number}}", first_name=f"{{word}} {{number}}", opts=opts)
    spectrum.User(
        f"on-line-{{number}}",
        type="dedicated",
        phone_number="+14155550199",
        assigned_phone_number=line.phone_number,
        first_name=word,
    )
on_voice = pulumi.ResourceOptions(depends_on=[spectrum.Platform("voice", platform="voice")])
on_slack = pulumi.ResourceOptions(depends_on=[spectrum.Platform("slack", platform="slack")])
spectrum.Platform("imessage", platform="imessage", auto_scale=changed)
spectrum.ProjectProfile("profile", first_name=word)
sip_uri = f"sip:{{word}}@example.com"
spectrum.VoiceSipInbound("sip", sip_uri=sip_uri, username="bot", password="{PASSWORD}", opts=on_voice)
spectrum.SlackApp(
    "slack-app",
    app_id="A0EXAMPLE",
    client_id="1.2",
    client_secret="{CLIENT_SECRET}",
    signing_secret="5e6f7a8b" * 4,
    enabled_features=["dms"] if changed else ["pins"],
    opts=on_slack,
)
for number in range(2):
    spectrum.WhatsAppTemplate(
        f"template-{{number}}",
        account_id="{ACCOUNT}",
        name=f"order_{{number}}" + ("_changed" if changed and number else ""),
        language="en_US",
        category="UTILITY",
        components=[{{"type": "BODY", "text": "It is on its way."}}],
    )
"""
CHANGED = PROGRAM.replace("changed = False", "changed = True")
"""The same with most resources changed: 8 are replaced, 27 updated."""
RESOURCES = {
    "Webhook": 8,
    "User": 19,
    "Line": 5,
    "Platform": 3,
    "ProjectProfile": 1,
    "VoiceSipInbound": 1,
    "SlackApp": 1,
    "WhatsAppTemplate": 2,
}
"""How many of each class the program has: 40."""

DESTROY = ("pulumi", "destroy", "--yes", "--non-interactive", "--skip-preview")
VICTIMS = ("cli", "provider", "both", "interrupted once", "interrupted twice")
LAST_WRITE = 35
"""Fewer requests that change something are in none of the runs."""
ROUNDS = range(int(os.environ.get("KILL_ROUNDS", "4")))
LOST_MACHINES = range(-(-len(ROUNDS) // 5))


def live_ids(spectrum: Emulator) -> dict[str, list[str]]:
    """Return the ids of what the service holds, in classes of which a project has many."""
    project = spectrum.project
    return {
        "Webhook": sorted(project.webhooks.ids),
        "User": sorted(project.users.ids),
        "Line": sorted(project.lines.ids),
        "WhatsAppTemplate": sorted(f"{ACCOUNT}/{each}" for each in project.whatsapp_templates.ids),
    }


def state_of(runs: KillableRuns) -> list[Any]:
    """Return the Spectrum resources in the state, in plain text, with those that wait for their deletion."""
    printed = runs.folder.run("pulumi", "stack", "export", "--show-secrets").stdout
    resources = json.loads(printed)["deployment"].get("resources", [])
    return [each for each in resources if "dynamic/spectrum:" in each["type"]]


def ids_in(state: list[Any], cls: str) -> list[str]:
    return sorted(each["id"] for each in state if each["type"].endswith(f"spectrum:{cls}"))


def assert_nothing_is_lost(spectrum: Emulator, runs: KillableRuns) -> None:
    """Fail unless the service holds each resource once, the state knows it, and the secrets there are in force."""
    state = state_of(runs)
    assert {cls: len(ids_in(state, cls)) for cls in RESOURCES} == RESOURCES
    assert {cls: ids_in(state, cls) for cls in live_ids(spectrum)} == live_ids(spectrum)
    for each in state:
        if each["type"].endswith("spectrum:Webhook"):
            in_force = spectrum.project.webhooks.secrets(each["id"])
            known = {
                name: json.loads(each["outputs"][name]["plaintext"]) for name in in_force if name in each["outputs"]
            }
            assert known.keys() >= {"signingSecret", "standardSigningSecret"}
            assert known == {name: in_force[name] for name in known}
    assert spectrum.project.slack.secrets()["clientSecret"] == CLIENT_SECRET
    assert spectrum.project.sip_inbound.secrets()["password"] == PASSWORD


def kill_at_random(spectrum: Emulator, runs: KillableRuns, dice: random.Random, victim: str, *command: str) -> None:
    """Start a command, and kill or interrupt it after a random number of requests, some of which are slow."""
    slow = ("DELETE", "PATCH", "PUT") if command == DESTROY else ("POST", "PATCH", "PUT")
    for _ in range(20):
        moment: Any = dice.choice(["before", "after"])
        spectrum.faults.add(Fault(method=dice.choice(slow), delay=dice.uniform(0.01, 0.3), delay_when=moment))
    writes, pause = dice.randint(0, LAST_WRITE), dice.uniform(0, 0.3)
    print(f"{' '.join(command[:2])}: {victim}, {pause:.3f} s after {writes} requests")  # noqa: T201
    spectrum.requests.clear()
    runs.start(*command)
    runs.wait_until(lambda: len([each for each in spectrum.requests if each.method != "GET"]) >= writes)
    time.sleep(pause)
    if victim.startswith("interrupted"):
        runs.interrupt(1 if victim == "interrupted once" else 2)
    else:
        runs.kill(victim)
    spectrum.faults.clear()


def assert_drift_lists(spectrum: Emulator, runs: KillableRuns) -> set[str]:
    """Fail unless `drift` lists what no state knows, and what is gone. Return the ids of what no state knows."""
    runs.unlock()
    before = {each for ids in live_ids(spectrum).values() for each in ids}
    report = json.loads(runs.folder.run("pulumi-spectrum", "drift", "--format", "json", status=None).stdout)
    after = {each for ids in live_ids(spectrum).values() for each in ids}
    state = state_of(runs)
    known = {each["id"] for each in state}
    unmanaged, missing = ({each["id"] for each in report[section]} for section in ("unmanaged", "missing"))
    assert unmanaged >= (before & after) - known
    kept = [each for each in state if not each.get("delete")]
    assert missing >= {each for cls in live_ids(spectrum) for each in ids_in(kept, cls)} - before - after
    return (before & after) - known


@pytest.fixture
def runs(spectrum: Emulator, killable: KillableRuns) -> KillableRuns:
    """Runs of the program with 40 resources."""
    spectrum.project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234")
    killable.write(PROGRAM)
    return killable


@pytest.mark.parametrize("seed", ROUNDS)
def test_killed_at_a_random_moment(spectrum: Emulator, runs: KillableRuns, seed: int) -> None:
    """Whenever a run is killed, one more `up` ends with each object once, and with its secrets in force."""
    dice, victim = random.Random(seed), VICTIMS[seed % len(VICTIMS)]  # noqa: S311
    command, options = UP, ()
    if seed % 3:
        runs.folder.run(*UP)
    if seed % 3 == 1:
        command, options = DESTROY, ("--refresh",)
    if seed % 3 == 2:
        runs.write(CHANGED)
    kill_at_random(spectrum, runs, dice, victim, *command)
    assert_drift_lists(spectrum, runs)
    runs.converge(*options)
    assert_nothing_is_lost(spectrum, runs)


@pytest.mark.parametrize("seed", LOST_MACHINES)
def test_killed_on_a_machine_that_is_lost(spectrum: Emulator, runs: KillableRuns, seed: int) -> None:
    """On another machine `recover --yes` and `up` do it; what the state does not know of, drift and conflicts name."""
    dice, victim = random.Random(f"lost {seed}"), VICTIMS[seed % len(VICTIMS)]  # noqa: S311
    kill_at_random(spectrum, runs, dice, victim, *UP)
    runs.end()
    runs.move_to_machine("second")
    runs.unlock()
    recover(runs)

    lost = assert_drift_lists(spectrum, runs)
    if lost:
        print(f"{len(lost)} objects are in no state")  # noqa: T201
        remove_what_is_lost(spectrum, runs, lost)
    runs.converge()
    assert_nothing_is_lost(spectrum, runs)


def recover(runs: KillableRuns) -> None:
    """Settle what the state has as pending. What the service does not prove is decided as a person would."""
    settle = ("pulumi-spectrum", "recover", "--yes")
    report = json.loads(runs.folder.run(*settle, "--format", "json", status=None).stdout)
    undecided = [each for each in report["operations"] if each["outcome"] == "undecided"]
    if undecided:
        # The service does not say when a template was made, so that a person has to say that it is of the killed run.
        assert {each["kind"] for each in undecided} == {"whatsapp-template"}
        decided = [f"--object={each['urn']}={each['candidates'][0]['id']}" for each in undecided]
        runs.folder.run(*settle, *decided)
    else:
        assert report["settled"], report


def remove_what_is_lost(spectrum: Emulator, runs: KillableRuns, lost: set[str]) -> None:
    """Assert that `up` names what is in no state, and remove it, as a person may who has read that."""
    project = spectrum.project
    run = runs.folder.run(*UP, status=None)
    said = run.stdout + run.stderr
    areas = {"": (project.webhooks, project.users, project.lines), f"{ACCOUNT}/": (project.whatsapp_templates,)}
    for prefix, handles in areas.items():
        for area in handles:
            for each in [row for row in area.rows if f"{prefix}{row['id']}" in lost]:
                assert f"{prefix}{each['id']}" in said, f"nothing names {each}"
                area.remove(each["id"])
