"""Requests that are shown, in `pulumi up`, for look-ups and for commands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.testing import SpectrumStack

PERSONAL = ("Alice", "4155550123", "alice@example.com", "t0ken")


def program() -> None:
    spectrum_sdk.Webhook("hook", webhook_url="https://app.example.com/t0ken")
    spectrum_sdk.User("alice", phone_number="+14155550123", first_name="Alice", email="alice@example.com")
    pulumi.export("users", len(spectrum_sdk.get_users()))


@pytest.mark.parametrize("level", ["requests", "bodies"])
def test_requests_are_shown_on_their_resource(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack], level: str
) -> None:
    """Each request of an `up` is a line beside its resource or the stack, and shows nothing personal."""
    spectrum.faults.add(Fault(method="POST", path="*/users/", status=503))
    stack = make_stack(program, environment={**spectrum.environment, "SPECTRUM_LOG": level})
    run = stack.up()
    shown = " ".join(run.output.split())

    assert re.search(r"POST /webhooks/ 200 in \d+ ms", shown)
    assert re.search(r"POST /users/ 503 in \d+ ms", shown)
    assert re.search(r"POST /users/ 200 in \d+ ms, try 2", shown)
    assert ('POST /users/ sent: {"type": "shared"' in shown) is (level == "bodies")
    diagnostics = run.output.partition("Diagnostics:")[2].partition("Outputs:")[0]
    assert [text for text in PERSONAL if text in diagnostics] == []
    assert stack.preview().changes == []


def test_nothing_is_shown_by_default(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """Without the setting no request is shown."""
    stack = make_stack(program)

    assert " 200 in " not in stack.up().output
    assert stack.preview().changes == []


def test_setting_of_the_stack_is_checked_in_the_preview(
    spectrum: Emulator, make_stack: Callable[..., SpectrumStack], diagnostics: Callable[..., str]
) -> None:
    """A value of the setting that means nothing fails the preview, and names both of its places."""
    stack = make_stack(lambda: spectrum_sdk.Platform("slack", platform="slack"), config={"spectrum:log": "all"})
    run = stack.preview(fails=True)

    assert 'spectrum:log (or SPECTRUM_LOG) must be "requests" or "bodies".' in " ".join(run.output.split())


def test_commands_show_requests_on_standard_error(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """`adopt` shows its requests on standard error, and what it prints to standard output stays as it is."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    folder = make_project_folder({**spectrum.environment, "SPECTRUM_LOG": "bodies"})
    run = folder.run("pulumi-spectrum", "adopt", "adopted")

    assert re.search(r"GET /users/\?limit=500&offset=0 200 in \d+ ms", run.stderr)
    assert "200 in" not in run.stdout
    reports = [line for line in run.stderr.splitlines() if re.match("GET /", line)]
    assert len(reports) >= 4
    assert [text for text in PERSONAL if text in "".join(reports)] == []
    folder.environment["SPECTRUM_LOG"] = "everything"
    refused = folder.run("pulumi-spectrum", "adopt", "again", status=1)
    assert 'must be "requests" or "bodies".' in refused.stderr
