"""Writes `guides/everything.md`: the commands on a project that has an object of every kind, as they really answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.handles import ProjectHandle

PAGE = Path(__file__).parent / "guides/everything.md"
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WIDTH = 118
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


def generate() -> str:
    """Run the commands, and return the page."""
    with Emulator(requests_per_second=None) as emulator, tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "acme"
        (folder.parent / "backend").mkdir()
        folder.mkdir()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "SPECTRUM_"))},
            **emulator.environment,
            "PULUMI_BACKEND_URL": (folder.parent / "backend").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "COLUMNS": str(WIDTH),
            "NO_COLOR": "1",
        }

        def run(*command: str, text: str | None = None, status: int = 0) -> str:
            done = subprocess.run(  # noqa: S603
                command, cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False
            )
            output = done.stdout + done.stderr
            if done.returncode != status:
                sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{output}")
            return output.replace(str(folder), "acme")

        fill(emulator.project)
        adopted = run("pulumi-spectrum", "adopt")
        program = (folder / "__main__.py").read_text()
        run("pulumi", "stack", "init", "dev", "--non-interactive")
        for key, secret in SECRETS.items():
            run("pulumi", "config", "set", "--secret", key, "--non-interactive", text=secret)
        run("pulumi", "import", "--file", "spectrum-import.json", "--generate-code=false", "--yes", "--non-interactive")
        run("pulumi", "preview", "--expect-no-changes", "--non-interactive")
        change(emulator.project)
        drift = run("pulumi-spectrum", "drift", status=2)
        run("pulumi", "up", "--refresh", "--yes", "--skip-preview", "--non-interactive")
        run("pulumi", "preview", "--refresh", "--expect-no-changes", "--non-interactive")
        doctor = "".join(
            line for line in run("pulumi-spectrum", "doctor").splitlines(keepends=True) if "python" not in line.lower()
        )
    texts = {"adopt": adopted, "program": program, "drift": drift, "doctor": doctor}
    page = TEXT.format(**{name: text.strip() for name, text in texts.items()})
    return _as_on_any_machine(page)


def _as_on_any_machine(page: str) -> str:
    """Return a page without what is another one in each run: the ids, which are numbered, the port and the version."""
    page = re.sub(r"Pulumi CLI [\d.]+\d", "Pulumi CLI 3.259.0", page)
    numbers: dict[str, int] = {}
    page = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8585", page)
    return AN_ID.sub(
        lambda found: f"00000000-0000-4000-8000-{numbers.setdefault(found[0], len(numbers) + 1):012}", page
    )


if __name__ == "__main__":
    PAGE.write_text(generate(), encoding="utf-8")
