"""Programs that a preview with `spectrum:checkInPreview` checks, and what it then says."""

from __future__ import annotations

from typing import Any

import pulumi

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.testing import Run

SETTING = "spectrum:checkInPreview"
ON = {SETTING: "true"}
URL = "https://app.example.com/in"
PHONE = "+14155550123"


def user(phone: str = PHONE, name: str = "it", **arguments: Any) -> Any:
    return spectrum_sdk.User(name, phone_number=phone, **arguments)


def webhook(url: str = URL, name: str = "it", **arguments: Any) -> Any:
    return spectrum_sdk.Webhook(name, webhook_url=url, **arguments)


def importing(object_id: str) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(import_=object_id)


def errors_of(run: Run) -> list[str]:
    """Return the errors that a run printed below `Diagnostics:`."""
    return _diagnostics_of(run, "error:")


def warnings_of(run: Run) -> list[str]:
    """Return the warnings that a run printed below `Diagnostics:`."""
    return _diagnostics_of(run, "warning:")


def _diagnostics_of(run: Run, severity: str) -> list[str]:
    printed = run.output.partition("Diagnostics:\n")[2].partition("\nResources:")[0]
    return [line.strip() for line in printed.splitlines() if line.strip().startswith(severity)]
