"""The model of the engine asks a provider for the same things, in the same order, as the real engine does."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli_world import CliStack
from engine_calls import serve_engine
from engine_model import Engine
from fake_time import FakeTime
from host_process import HostProcess, Surroundings
from stack_records import Declared, Entry, Reference, Run

from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.spelling.urns import resource_name

Call = tuple[str, str]
"""A method with what tells its uses apart, and the resource that it is about."""

LINE = Declared("line", "line", {"firstName": "Acme"})
HOOK = Declared("hook", "webhook", {"webhookUrl": "https://app.example.com/1", "schemaVersion": "raw-inbound.v1"})
ADA = Declared("ada", "user", {"phoneNumber": "+14155550123", "firstName": "Ada"})
BOB = Declared(
    "bob",
    "user",
    {"phoneNumber": "+14155550124", "type": "dedicated", "assignedPhoneNumber": Reference("line", "phoneNumber")},
)


def changed(declared: Declared, **arguments: Any) -> Declared:
    return replace(declared, arguments={**declared.arguments, **arguments})


def refuse_patch(project: ProjectHandle, emulator: Emulator) -> None:
    emulator.faults.add(Fault(method="PATCH", path="*/webhooks/*", status=422))


def meddle(project: ProjectHandle, emulator: Emulator) -> None:
    project.users.remove(next(row["id"] for row in project.users if row["phoneNumber"] == "+14155550125"))
    [line] = project.lines.ids
    project.lines.change(line, firstName="By hand")


def nothing(project: ProjectHandle, emulator: Emulator) -> None:
    """Nothing happens before a step."""


ZETA = changed(LINE, firstName="Zeta")
RENAMED = replace(HOOK, name="hook-2", aliases=("hook",))
DOWNGRADED = changed(RENAMED, schemaVersion="normalized-events.v1")
MOVED = changed(ADA, phoneNumber="+14155550125")
OFF = Declared("off", "webhook", {"webhookUrl": "https://app.example.com/2", "enabled": False})

Act = Callable[[ProjectHandle, Emulator], None]
STEPS: list[tuple[str, Act, str, list[Declared], Mapping[str, Any]]] = [
    ("previewed before anything exists", nothing, "preview", [LINE, HOOK, ADA, BOB], {}),
    ("created", nothing, "up", [LINE, HOOK, ADA, BOB], {}),
    ("changed in place, and renamed", nothing, "up", [ZETA, RENAMED, ADA, BOB], {}),
    ("replaced in both orders", nothing, "up", [ZETA, DOWNGRADED, MOVED, BOB], {}),
    ("replaced by force", nothing, "up", [ZETA, DOWNGRADED, MOVED, BOB], {"replaced": ["line"]}),
    # Whether one that needs another comes before the failure depends on the faster thread, so there is none.
    ("created in part", refuse_patch, "up", [ZETA, DOWNGRADED, MOVED, OFF], {"fails": True}),
    ("previewed, with a refresh", nothing, "preview", [ZETA, MOVED, BOB, OFF], {"refresh": True}),
    ("looked at after changes by hand", meddle, "refresh", [], {"preview_only": True}),
    ("finished, left out, and repaired", nothing, "up", [ZETA, MOVED, BOB, OFF], {"refresh": True}),
    ("destroyed", nothing, "destroy", [], {}),
]


class Recorder:
    """A provider whose calls are recorded on their way to a host."""

    def __init__(self, host: HostProcess, calls: list[Call]) -> None:
        self._host = host
        self._calls = calls

    def __getattr__(self, method: str) -> Any:
        act = getattr(self._host, method)

        def call(urn: str, *arguments: Any) -> Any:
            with_olds = " with olds" if method == "check" and arguments[0] else ""
            self._calls.append((f"{method}{with_olds}", resource_name(urn)))
            return act(urn, *arguments)

        return act if method == "close" else call


def read_calls(log: Path) -> Iterator[Call]:
    """Yield the calls that the real engine has written down."""
    for line in log.read_text().splitlines():
        entry = json.loads(line)
        service, _, method = entry["method"].rpartition("/")
        request = entry.get("request") or {}
        if service != "/pulumirpc.ResourceProvider" or "dynamic/spectrum:" not in request.get("urn", ""):
            continue
        if entry.get("progress") != "request_started":
            continue
        with_olds = " with olds" if method == "Check" and request.get("olds") else ""
        yield f"{method.lower()}{with_olds}", resource_name(request["urn"])


def by_resource(calls: list[Call]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for method, name in calls:
        found.setdefault(name, []).append(method)
    return found


def test_model_calls_as_the_engine_does(
    spectrum: Emulator, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each resource the calls are the same and in the same order, and so is what waits for what."""
    assert shutil.which("pulumi"), "this needs the Pulumi CLI on PATH"
    log = tmp_path / "grpc.json"
    real = CliStack("app", tmp_path / "app", {**spectrum.environment, "PULUMI_DEBUG_GRPC": str(log)})
    project = emulator.add_project()
    around = Surroundings(
        FakeTime(),
        tmp_path,
        {
            "spectrum:projectId": project.id,
            "spectrum:projectSecret": project.secret,
            "spectrum:baseUrl": emulator.url,
            "spectrum:requestsPerSecond": "1000",
        },
    )
    modelled: list[Call] = []
    engine = Engine(lambda: Recorder(HostProcess(around), modelled))
    for title, act, command, program, options in STEPS:
        act(spectrum.project, spectrum)
        theirs = {name: value for name, value in options.items() if name != "fails"}
        arguments = [program] if command in ("up", "preview") else []
        log.unlink(missing_ok=True)
        on_cli = getattr(real, command)(*arguments, **theirs)
        actual = list(read_calls(log))
        spectrum.faults.clear()

        act(project, emulator)
        modelled.clear()
        with serve_engine() as (_, address), monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["host", address])
            run = getattr(engine, command)(*arguments, **theirs)
        emulator.faults.clear()
        assert run.failed is on_cli.failed is options.get("fails", False), (title, run.failures, on_cli.failures)
        assert run.failed or names(run) == names(on_cli), title
        assert summary(engine.state) == summary(real.state), title
        assert by_resource(modelled) == by_resource(actual), title
        assert ordered(modelled) == ordered(actual), title


def names(run: Run) -> set[str]:
    """Return the names of the resources that a run has changed, or has found changed."""
    return {name for _, name in run.steps} or set(run.drifted)


def summary(state: list[Entry]) -> set[Any]:
    """Return what a state says of each of its resources, without ids and what else the service makes up."""
    return {(each.kind, each.name, each.delete, each.replaced_first, each.unfinished, each.ignored) for each in state}


def ordered(calls: list[Call]) -> dict[str, bool]:
    """Return what comes after what, as far as that does not depend on which thread is faster."""
    # Reads of a refresh are under way together.
    checked = [name for method, name in calls if method.startswith("check")]
    made = [place for place, (method, _) in enumerate(calls) if method in ("create", "update")]
    late = [
        place
        for place, (method, name) in enumerate(calls)
        # What is deleted before its successor is made goes at any time.
        if method == "delete" and ("create", name) not in calls[place:]
    ]
    return {
        "deletions come last": not late or not made or min(late) > max(made),
        "a resource comes after the one that it needs": "bob" not in checked
        or checked.index("line") < checked.index("bob"),
    }
