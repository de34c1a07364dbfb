"""What random programs say of each kind of resource, and what people change by hand at the service."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from kind_samples import SAMPLES
from sample import Place

from pulumi_spectrum.emulator.handles import ProjectHandle

ACCOUNT = str(SAMPLES["whatsapp-template"].arguments["accountId"])
VALUES: Mapping[str, Mapping[str, tuple[Any, ...]]] = {key: each.values for key, each in SAMPLES.items() if each.values}
"""The values of each argument, by the key of the kind."""
PLACES: Mapping[str, Place] = {key: each.place for key, each in SAMPLES.items() if each.place}
"""Where the service holds the objects, by the key of the kind."""


def approve_templates(project: ProjectHandle, statuses: Collection[str] = ("PENDING",)) -> None:
    """Have Meta approve the templates that it reviews, or those of other statuses."""
    for row in project.whatsapp_templates.rows:
        if row["status"] in statuses:
            project.whatsapp_templates.change(row["id"], status="APPROVED")
