"""What scenarios of `pulumi-spectrum adopt` have in common: the project that is adopted, the commands, the state."""

from __future__ import annotations

import json
from typing import Any

from pulumi_spectrum.emulator.handles import ProjectHandle

UP = ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")
EMPTY_PREVIEW = ("pulumi", "preview", "--expect-no-changes", "--diff", "--non-interactive")
EMPTY_REFRESH = ("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--diff", "--non-interactive")

SECOND_PROJECT = """import os

import pulumi
import pulumi_spectrum as spectrum

other = spectrum.Provider(
    "second",
    project_id=os.environ["OTHER_ID"],
    project_secret=pulumi.Output.secret(os.environ["OTHER_SECRET"]),
    base_url=os.environ["SPECTRUM_CLOUD_URL"],
    requests_per_second=1000,
)
"""
"""A program with a provider for another project, which the environment names."""


def fill_project(project: ProjectHandle, *, namesakes: int = 1) -> dict[str, Any]:
    """Give a project ten objects that are awkward to adopt, and return the first webhook.

    Args:
        project: The project.
        namesakes: The number of users that have the same name; beside them are nine objects.
    """
    project.profile.set(firstName="Acme", lastName="Bot")
    project.platforms.set("imessage", enabled=True, autoScale=True)
    project.platforms.set("voice", enabled=True)
    line = project.lines.add(firstName="Acme", lastName="Support")
    project.lines.add()
    project.users.add(phoneNumber="+14155550123", type="shared", firstName='Zoë "Z"', email="Zoe@Example.com")
    project.users.add(phoneNumber="+14155550124", type="dedicated", assignedPhoneNumber=line["phoneNumber"])
    for number in range(namesakes):
        project.users.add(phoneNumber=f"+1415666{number:04}", type="shared", firstName="Same", lastName="Name")
    webhook = project.webhooks.add(webhookUrl="https://app.example.com/spectrum")
    project.webhooks.add(webhookUrl="https://APP.example.com?token=abc")
    return webhook


def content_of(project: ProjectHandle) -> list[Any]:
    """Return all that `fill_project` gives a project, as it is now."""
    areas = (project.lines, project.users, project.webhooks)
    return [project.row, project.platforms.rows, *(area.rows for area in areas)]


def resources_of(folder: Any) -> dict[str, Any]:
    """Return the Spectrum resources in the state of a project folder, by name."""
    state = json.loads(folder.run("pulumi", "stack", "export").stdout)
    return {
        each["urn"].rsplit("::", 1)[-1]: each
        for each in state["deployment"]["resources"]
        if "dynamic/spectrum" in each["type"]
    }
