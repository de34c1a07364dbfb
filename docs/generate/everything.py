"""Writes `guides/everything.md`: the commands on a project that has an object of every kind, as they really answer."""

from __future__ import annotations

import re
from pathlib import Path

from recording import Recorder, a_folder, as_on_any_machine, as_prompt, without_pythons

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.kinds import load_kinds

PAGE = Path(__file__).parents[1] / "guides/everything.md"
WIDTH = 118
REFRESH = ("pulumi", "refresh", "--preview-only", "--diff")
SECRETS = {"slackAppClientSecret": "0a1b2c3d" * 4, "slackAppSigningSecret": "5e6f7a8b" * 4}

TEXT = """# A project that has everything

What the commands say of a project that has an object of every kind, made by hand before. This page is written by
`make docs-generated` from a real run on an emulator.

## Take it over
```text
$ pulumi-spectrum adopt
{adopt}
```

The program that it writes:

```python
{program}
```

After the commands that it names, a preview shows no change.

## Find what was changed by hand
Then one property of each object is changed by hand, a user is deleted, and a webhook is made that no stack knows:

```text
$ pulumi-spectrum drift
{drift}
```

`pulumi up --refresh` repairs all of it but the webhook of somebody else, and the next preview is empty.

## Check the folder
The lines about Python's environments are left out here, since they differ on each machine.

```text
$ pulumi-spectrum doctor
{doctor}
```
"""


SLACK = {"clientSecret": SECRETS["slackAppClientSecret"], "signingSecret": SECRETS["slackAppSigningSecret"]}


def fill(project: ProjectHandle) -> None:
    """Make an object of every kind, as somebody has made them by hand."""
    project.platforms.set("voice", enabled=True)
    project.platforms.set("slack", enabled=True)
    line = project.lines.add(firstName="Acme", lastName="Support")
    project.users.add(type="shared", phoneNumber="+14155550123", firstName="Alice")
    project.users.add(
        type="dedicated",
        phoneNumber="+14155550124",
        assignedPhoneNumber=line["phoneNumber"],
        firstName="Bob",
    )
    project.webhooks.add(webhookUrl="https://app.example.com/spectrum")
    project.profile.set(firstName="Acme", lastName="Support")
    project.slack.set(appId="A0EXAMPLE", clientId="1.2", **SLACK)
    project.sip_inbound.set(sipUri="sip:bot@example.com", username="bot", password="Pa55-of-the-b0t")  # noqa: S106
    account = project.whatsapp_accounts.add(wabaId="1234")["accountId"]
    project.whatsapp_templates.add(
        accountId=account,
        name="order_shipped",
        language="en_US",
        category="UTILITY",
        status="APPROVED",
        components=[{"type": "BODY", "text": "Your order {{1}} is on its way."}],
    )


def change(project: ProjectHandle) -> None:
    """Change one thing of each kind by hand, and make one that no stack knows."""
    project.platforms.set("voice", enabled=False)
    project.lines.change(project.lines.ids[0], firstName="Desk")
    project.users.change(project.users.ids[0], firstName="Eve")
    project.users.remove(project.users.ids[1])
    project.webhooks.change(project.webhooks.ids[0], enabled=False)
    project.profile.set(firstName="Ajax")
    project.slack.set(clientSecret="7c8d9e0f" * 4)
    project.sip_inbound.set(sipUri="sip:other@example.com")
    project.whatsapp_templates.change(
        project.whatsapp_templates.ids[0], components=[{"type": "BODY", "text": "It is on its way."}]
    )
    project.webhooks.add(webhookUrl="https://other.example.com/hook")


def record() -> tuple[str, dict[str, str]]:
    """Run the commands. Return the page, and how a refresh shows what was changed in each kind, by `drift-KIND`."""
    with Emulator(requests_per_second=None) as emulator, a_folder("acme") as folder:
        person = Recorder(folder, emulator, WIDTH)
        fill(emulator.project)
        adopted = person.run("pulumi-spectrum", "adopt")
        program = (folder / "__main__.py").read_text(encoding="utf-8")
        person.run("pulumi", "stack", "init", "dev", "--non-interactive")
        for key, secret in SECRETS.items():
            person.run("pulumi", "config", "set", "--secret", key, "--non-interactive", text=secret)
        imported = ("--file", "spectrum-import.json", "--generate-code=false", "--protect=false")
        person.run("pulumi", "import", *imported, "--yes", "--non-interactive")
        person.run("pulumi", "preview", "--expect-no-changes", "--non-interactive")
        change(emulator.project)
        refreshed = person.run(*REFRESH, "--non-interactive", "--color", "always", color=True)
        drift = person.run("pulumi-spectrum", "drift", status=2)
        person.run("pulumi", "up", "--refresh", "--yes", "--skip-preview", "--non-interactive")
        person.run("pulumi", "preview", "--refresh", "--expect-no-changes", "--non-interactive")
        doctor = without_pythons(person.run("pulumi-spectrum", "doctor"))
    texts = {"adopt": adopted, "program": program, "drift": drift, "doctor": doctor}
    page = TEXT.format(**{name: text.strip() for name, text in texts.items()})
    return as_on_any_machine(page), {name: as_on_any_machine(each) for name, each in _by_kind(refreshed).items()}


def _by_kind(refreshed: str) -> dict[str, str]:
    """Cut what a refresh shows into one text for each kind, below the command."""
    parts = re.split(r"^(?=.*: \(update\)|.*: \(delete\)|.*Resources:)", refreshed, flags=re.MULTILINE)
    shown = {}
    for kind in load_kinds():
        (part,) = [each for each in parts if f"{kind.type_token}: (update)" in each]
        shown[f"drift-{kind.word}"] = as_prompt(*REFRESH) + re.sub(r"^(?:\x1b\[0m)+|\s+$", "", part) + "\n"
    return shown
