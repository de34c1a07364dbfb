"""A temporary stack on the real Pulumi CLI, whose program is a Python function and whose service is an emulator."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation import ConfigValue, OpType, events
from pulumi.automation._stack import StackInitMode  # a public constructor's argument, but not exported

Program = Callable[[], None] | Path

LONGEST_END = 10.0  # seconds that a program's event loop may still run after its command has ended
IDLE_WHEN_LEFT = 1.0  # seconds after which a loop that does not run, and is not closed, was left by its program


@dataclass(frozen=True)
class Change:
    """What a run did, or would do, to one resource.

    Args:
        name: The resource's name in the program.
        operation: The engine's word, such as `create`, `update`, `replace`, `delete`.
        properties: The properties shown as changed, in the state's spelling, sorted.
    """

    name: str
    operation: str
    properties: tuple[str, ...] = ()


@dataclass
class Run:
    """What one command of the CLI did.

    Args:
        command: The command, such as `up`.
        output: Everything that it printed.
        changes: What it did or would do, in the order of the steps. What stays the same is not among it.
        messages: Errors and warnings, each with the resource's name before it where it has one.
        failed: Whether the command failed.
    """

    command: str
    output: str = ""
    changes: list[Change] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    failed: bool = False

    @property
    def summary(self) -> dict[str, tuple[str, ...]]:
        """The last operation on each resource, by name, followed by the properties that it changed."""
        return {change.name: (change.operation, *change.properties) for change in self.changes}


class RunFailed(AssertionError):
    """A command of the CLI did not end as expected. The message is all that it printed."""

    def __init__(self, run: Run, expected: str) -> None:
        super().__init__(f"`pulumi {run.command}` was expected to {expected}.\n{run.output}")
        self.run = run


class _Stack(automation.Stack):
    """Leaves out what the Automation API asks for after each run, in three more processes: outputs and history."""

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        del show_secrets
        return automation.UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


class SpectrumStack:
    """A stack in a folder of its own: nothing of it leaves the machine, and no account is needed.

    Attributes:
        program: What `pulumi up` runs: a function, or the folder of a program. It can be exchanged at any time.
        runs: What was run so far.

    Args:
        folder: Where the state and the configuration live: a temporary folder without a stack in it.
        program: The program to begin with.
        environment: Environment variables of every command, above all those that say where Spectrum answers.
        config: The stack's configuration, such as `{"spectrum:requestsPerSecond": "5"}`.
    """

    def __init__(
        self,
        folder: Path,
        program: Program | None = None,
        *,
        environment: Mapping[str, str],
        config: Mapping[str, str | ConfigValue] | None = None,
    ) -> None:
        self.program = program
        self.runs: list[Run] = []
        self._running: list[asyncio.AbstractEventLoop] = []
        project = folder / "project"
        project.mkdir(parents=True)
        plain = {key: value for key, value in (config or {}).items() if isinstance(value, str)}
        workspace = automation.LocalWorkspace(
            work_dir=str(project),
            program=self._run_program,
            env_vars={
                "PULUMI_BACKEND_URL": folder.as_uri(),
                "PULUMI_CONFIG_PASSPHRASE": "",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                **environment,
            },
            project_settings=automation.ProjectSettings(name="test", runtime="python", main=str(Path.cwd())),
            stack_settings={"test": automation.StackSettings(config=plain)},
            pulumi_command=_command_at(shutil.which("pulumi")),
        )
        self._stack = _Stack("test", workspace, StackInitMode.CREATE)
        for key, value in (config or {}).items():
            if key not in plain:
                self.configure(key, value)

    def configure(self, key: str, value: str | ConfigValue) -> None:
        """Set a key of the stack's configuration."""
        self._stack.set_config(key, value if isinstance(value, ConfigValue) else ConfigValue(value))

    def set_environment(self, variables: Mapping[str, str]) -> None:
        """Set environment variables of the commands to come."""
        workspace = self._stack.workspace
        workspace.env_vars = {**workspace.env_vars, **variables}

    def up(self, *, fails: bool = False, **options: Any) -> Run:
        """Run `pulumi up`.

        Args:
            fails: Whether it is expected to fail.
            options: Passed on to Pulumi's Automation API, such as `refresh=True`.

        Raises:
            RunFailed: It did not end as expected.
        """
        return self._run("up", self._stack.up, fails, options)

    def preview(self, *, fails: bool = False, **options: Any) -> Run:
        """Run `pulumi preview`. Arguments and errors are those of `up`."""
        return self._run("preview", self._stack.preview, fails, options)

    def refresh(self, *, fails: bool = False, preview_only: bool = False, **options: Any) -> Run:
        """Run `pulumi refresh`, or with `preview_only` only look. Other arguments and errors are those of `up`."""
        act = self._stack.preview_refresh if preview_only else self._stack.refresh
        return self._run("refresh", act, fails, options)

    def destroy(self, *, fails: bool = False, **options: Any) -> Run:
        """Run `pulumi destroy`. Arguments and errors are those of `up`."""
        return self._run("destroy", self._stack.destroy, fails, options)

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs, secret ones in plain text."""
        return {name: output.value for name, output in self._stack.workspace.stack_outputs(self._stack.name).items()}

    def export(self) -> dict[str, Any]:
        """Return the stack's state as `pulumi stack export` prints it: secrets are encrypted in it."""
        workspace = self._stack.workspace
        command = ["pulumi", "stack", "export", "--stack", self._stack.name]
        printed = subprocess.run(  # noqa: S603  # the CLI is wherever PATH says, for the Automation API too
            command,
            cwd=workspace.work_dir,
            env={**os.environ, **workspace.env_vars},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return dict(json.loads(printed)["deployment"])

    def resource(self, name: str) -> dict[str, Any]:
        """Return a resource's entry of the state.

        Raises:
            KeyError: The state has no resource of that name.
        """
        for resource in self.export().get("resources", []):
            if resource["urn"].rsplit("::", 1)[-1] == name:
                return dict(resource)
        raise KeyError(name)

    def assert_no_drift(self) -> None:
        """Fail unless the next preview is empty, and the service holds what the state says.

        Raises:
            RunFailed: Something would be changed; the message is what the preview shows.
        """
        for run in (self.preview(diff=True), self.refresh(preview_only=True, diff=True)):
            if run.changes:
                raise RunFailed(run, "show no change")

    def _run_program(self) -> None:
        self._running.append(asyncio.get_running_loop())
        if self.program is None:
            raise ValueError("The stack has no program yet: set its attribute `program`.")
        if isinstance(self.program, Path):
            _run_folder(self.program)
        else:
            self.program()

    def _run(self, command: str, act: Callable[..., Any], fails: bool, options: Mapping[str, Any]) -> Run:
        run = Run(command)
        self.runs.append(run)
        lines: list[str] = []
        for quiet in ("asyncio", "grpc._server"):
            # A program that the engine stops early makes them log tracebacks of the Automation API's own.
            logging.getLogger(quiet).setLevel(logging.CRITICAL)
        try:
            act(
                on_event=lambda event: _record(run, event),
                on_output=lines.append,
                on_error=lines.append,
                color="never",
                **options,
            )
        except automation.CommandError:
            run.failed = True
        while self._running:
            _finish(self._running.pop())
        run.output = "\n".join(lines)
        if run.failed is not fails:
            raise RunFailed(run, "fail" if fails else "succeed")
        return run


@cache
def _command_at(path: str | None) -> automation.PulumiCommand:
    """Return the CLI, which is asked for its version once for each place where it is found."""
    del path
    return automation.PulumiCommand()


def _run_folder(folder: Path) -> None:
    sys.path.insert(0, str(folder))
    try:
        runpy.run_path(str(folder / "__main__.py"), run_name="__main__")
    finally:
        sys.path.remove(str(folder))


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Clear away what the Automation API leaves open when the engine stops a program early: its tasks and its loop.

    The program's thread tells nothing: it may live on and wait for the next call.
    """
    last_seen_running = time.monotonic()
    deadline = last_seen_running + LONGEST_END
    while not loop.is_closed() and time.monotonic() < min(deadline, last_seen_running + IDLE_WHEN_LEFT):
        time.sleep(0.01)
        if loop.is_running():
            last_seen_running = time.monotonic()
    if loop.is_closed() or loop.is_running():
        return
    while tasks := asyncio.all_tasks(loop):
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.close()


def _record(run: Run, event: events.EngineEvent) -> None:
    step, diagnostic = event.res_outputs_event, event.diagnostic_event
    if step is not None and "dynamic/spectrum" in step.metadata.type:
        metadata = step.metadata
        if metadata.op not in (OpType.SAME, OpType.READ, OpType.REFRESH):
            properties = tuple(sorted(metadata.diffs or ()))
            run.changes.append(Change(_name_in(metadata.urn), metadata.op.value, properties))
    elif diagnostic is not None and diagnostic.severity in ("error", "warning"):
        owner = f"{_name_in(diagnostic.urn)}: " if diagnostic.urn else ""
        run.messages.append(f"{owner}{diagnostic.severity}: {diagnostic.message.strip()}")


def _name_in(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]
