"""What the Pulumi CLI says of the running stack's state: who holds an object there."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_spectrum.providers.stack_state import holder_in_state


def urn(name: str, kind: str = "User", parents: str = "") -> str:
    return f"urn:pulumi:dev::app::{parents}pulumi-python:dynamic/spectrum:{kind}::{name}"


RESOURCES = [
    {"urn": "urn:pulumi:dev::app::pulumi:pulumi:Stack::app-dev"},
    {"urn": urn("ada", parents="app:Team$"), "id": "u-1", "outputs": {"__spectrum": {"format": 1, "left": ["u-0"]}}},
    {"urn": urn("bob"), "id": "u-2", "delete": True},
    {"urn": urn("hook", "Webhook"), "id": "w-1", "outputs": {}},
]


@pytest.fixture
def stack(tmp_path: Path) -> str:
    """The name of a stack that was not asked for yet: the state is read once in a process."""
    return f"acme/app/{tmp_path.name}"


@pytest.fixture
def install_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that puts a `pulumi` of some shell code on PATH, and returns where it notes its calls."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")

    def install(code: str) -> Path:
        calls = tmp_path / "calls"
        command = tmp_path / "pulumi"
        command.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{code}\n')
        command.chmod(0o755)
        return calls

    return install


@pytest.fixture
def exported(install_pulumi: Callable[[str], Path], tmp_path: Path) -> Path:
    """A CLI that exports a state with these resources. It is the file where its calls are noted."""
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": RESOURCES}}))
    return install_pulumi(f"cat {state}")


@pytest.mark.parametrize(
    ("kind", "object_id", "holder"),
    [
        pytest.param("User", "u-1", urn("ada", parents="app:Team$"), id="held by another, in a component"),
        pytest.param("User", "u-0", urn("new"), id="left by another"),
        pytest.param("User", "u-2", urn("new"), id="about to be deleted"),
        pytest.param("User", "w-1", "", id="of another type"),
        pytest.param("User", "u-9", "", id="not in the state"),
        pytest.param("Webhook", "w-1", urn("hook", "Webhook"), id="the type alone decides"),
    ],
)
def test_holder(kind: str, object_id: str, holder: str, exported: Path, stack: str) -> None:
    """The resource of the same type that holds the object is found; one that is left, or deleted soon, is free."""
    assert holder_in_state(stack, urn("new", kind), object_id) == holder
    assert exported.exists()


def test_state_is_read_once(exported: Path, stack: str) -> None:
    """The CLI is run once for a stack, by its full name, and asks no question."""
    for object_id in ("u-1", "u-2", "u-3"):
        holder_in_state(stack, urn("new"), object_id)
    assert exported.read_text() == f"stack export --stack {stack} --non-interactive\n"


@pytest.mark.parametrize("code", ["exit 255", "echo nothing", "echo []", "echo '{}'", "echo '{\"deployment\": 1}'"])
def test_state_that_cannot_be_read(code: str, install_pulumi: Callable[[str], Any], stack: str) -> None:
    """Where the CLI fails or prints something else, it is asked twice more, and then nothing is known."""
    pauses: list[float] = []
    calls = install_pulumi(code)
    assert holder_in_state(stack, urn("new"), "u-1", sleep=pauses.append) is None
    assert len(calls.read_text().splitlines()) == len(pauses) == 3
    assert pauses == sorted(pauses)


def test_no_pulumi_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: str) -> None:
    """Without the CLI on PATH nothing is known."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert holder_in_state(stack, urn("new"), "u-1") is None


@pytest.mark.parametrize("deployment", ["null", '{"manifest": {}}', '{"resources": null}'])
def test_new_stack(deployment: str, install_pulumi: Callable[[str], Any], stack: str) -> None:
    """A stack that was never updated holds nothing."""
    install_pulumi(f'echo \'{{"version": 3, "deployment": {deployment}}}\'')
    assert holder_in_state(stack, urn("new"), "u-1") == ""
