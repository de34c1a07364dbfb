"""A temporary stack on the real Pulumi CLI, whose program is a function or a folder, and whose service an emulator."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pulumi
from pulumi import automation
from pulumi.automation import ConfigValue
from pulumi.automation._stack import StackInitMode  # a public constructor's argument, but not exported

from pulumi_spectrum.spelling.urns import resource_name
from pulumi_spectrum.testing.project import project_name, write_project
from pulumi_spectrum.testing.runs import Run, RunFailed, record
from pulumi_spectrum.testing.sdk_state import own_connections

Program = Callable[[], Awaitable[None] | None] | Path

LONGEST_END = 10.0  # seconds that a program's event loop may still run after its command has ended
IDLE_WHEN_LEFT = 1.0  # seconds after which a loop that does not run, and is not closed, was left by its program
RUN_PROGRAM = frozenset({"up", "preview"})
QUIET = ("asyncio", "grpc._server")
"""Loggers to which a program that the engine stops early logs tracebacks of the Automation API's own."""


class _Stack(automation.Stack):
    """Leaves out what the Automation API asks for after each run, in three more processes: outputs and history."""

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        del show_secrets
        return automation.UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


class SpectrumStack:
    """A stack in a folder of its own: nothing of it leaves the machine, and no account is needed.

    A folder's program is run by the CLI's own language host, as `pulumi up` in that folder runs it: in a process of its
    own, with the project's name and the defaults of its Pulumi.yaml. A function is run in the tests' own process, in
    their working folder; it may be asynchronous. Programs and providers run on the Python that runs the tests. The
    stack is called `test`, and so is the project of a function.

    Attributes:
        program: What `pulumi up` runs: a function, the folder of a program, or a Python file. It can be exchanged at
            any time, but all folders have to be of one project.
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
        self._project = folder / "project"
        self._project.mkdir(parents=True)
        self._config = dict(config or {})
        self._environment = {
            "PULUMI_BACKEND_URL": folder.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_PYTHON_CMD": sys.executable,
            **environment,
        }

    @cached_property
    def _name(self) -> str:
        """The project's name, which the first command settles."""
        return project_name(self.program)

    @cached_property
    def _stack(self) -> _Stack:
        """The stack, made by the first command: the project that it belongs to is that of the program then."""
        write_project(self._project, self._name, self.program)
        plain = {key: value for key, value in self._config.items() if isinstance(value, str)}
        workspace = automation.LocalWorkspace(
            work_dir=str(self._project),
            env_vars=self._environment,
            stack_settings={"test": automation.StackSettings(config=plain)},
            pulumi_command=_command_at(shutil.which("pulumi")),
        )
        stack = _Stack("test", workspace, StackInitMode.CREATE)
        for key, value in self._config.items():
            if isinstance(value, ConfigValue):
                stack.set_config(key, value)
        return stack

    def configure(self, key: str, value: str | ConfigValue) -> None:
        """Set a key of the stack's configuration."""
        self._config[key] = value
        if "_stack" in vars(self):
            self._stack.set_config(key, value if isinstance(value, ConfigValue) else ConfigValue(value))

    def set_environment(self, variables: Mapping[str, str]) -> None:
        """Set environment variables of the commands to come."""
        self._environment.update(variables)

    def up(self, *, fails: bool = False, **options: Any) -> Run:
        """Run `pulumi up`.

        Args:
            fails: Whether it is expected to fail.
            options: Passed on to Pulumi's Automation API, such as `refresh=True`.

        Raises:
            RunFailed: It did not end as expected.
        """
        return self._run("up", "up", fails, options)

    def preview(self, *, fails: bool = False, **options: Any) -> Run:
        """Run `pulumi preview`. Arguments and errors are those of `up`."""
        return self._run("preview", "preview", fails, options)

    def refresh(self, *, fails: bool = False, preview_only: bool = False, **options: Any) -> Run:
        """Run `pulumi refresh`, or with `preview_only` only look. Other arguments and errors are those of `up`."""
        return self._run("refresh", "preview_refresh" if preview_only else "refresh", fails, options)

    def destroy(self, *, fails: bool = False, **options: Any) -> Run:
        """Run `pulumi destroy`. Arguments and errors are those of `up`."""
        return self._run("destroy", "destroy", fails, options)

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

        Args:
            name: The resource's name. Where several have it, its type and name, such as
                `aws:s3/bucket:Bucket::assets`, or its URN.

        Raises:
            KeyError: The state has no such resource.
            ValueError: The state has several of that name.
        """
        # An object that waits for its deletion has the URN of the one that replaced it.
        entries = [each for each in self.export().get("resources", []) if not each.get("delete")]
        found = [
            each for each in entries if name in (each["urn"], each["urn"].split("::", 2)[2], resource_name(each["urn"]))
        ]
        if not found:
            raise KeyError(name)
        if len(found) > 1:
            names = ", ".join(repr(each["urn"].split("::", 2)[2]) for each in found)
            raise ValueError(f"The state has several resources of the name {name!r}. Ask for one of {names}.")
        return dict(found[0])

    def assert_no_drift(self) -> None:
        """Fail unless the next preview is empty, and every service holds what the state says.

        All resources of the stack are looked at, those of other packages too, as `Run.changes` has them.

        Raises:
            RunFailed: Something would be changed; the message is what the preview shows.
        """
        for run in (self.preview(diff=True), self.refresh(preview_only=True, diff=True)):
            if run.changes:
                raise RunFailed(run, "show no change")

    def _run(self, command: str, method: str, fails: bool, options: Mapping[str, Any]) -> Run:
        self._prepare(needed=command in RUN_PROGRAM or bool(options.get("run_program")))
        run = Run(command)
        self.runs.append(run)
        lines: list[str] = []
        with _quiet_loggers(), own_connections():
            try:
                getattr(self._stack, method)(
                    on_event=lambda event: record(run, event),
                    on_output=lines.append,
                    on_error=lines.append,
                    color="never",
                    **options,
                )
            except automation.CommandError:
                run.failed = True
            finally:
                while self._running:
                    _finish(self._running.pop())
        run.output = "\n".join(lines)
        if run.failed is not fails:
            raise RunFailed(run, "fail" if fails else "succeed")
        return run

    def _prepare(self, *, needed: bool) -> None:
        """Have the next command run the program of now, a folder's by the CLI itself.

        Raises:
            ValueError: There is no program, or it cannot be run.
        """
        program = self.program
        if program is None and needed:
            raise ValueError("The stack has no program yet: set its attribute `program`.")
        if not (program is None or callable(program) or isinstance(program, Path)):
            raise ValueError(f"A program is a function or a `pathlib.Path`, and not {program!r}.")
        if isinstance(program, Path) and project_name(program) != self._name:
            raise ValueError(
                f"The program in {program} is of the project {project_name(program)!r}, and this stack of the project "
                f"{self._name!r}. Use another SpectrumStack for it."
            )
        write_project(self._project, self._name, program)
        self._stack.workspace.program = (lambda: self._run_function(program)) if callable(program) else None

    def _run_function(self, program: Callable[[], Any]) -> Awaitable[None] | None:
        self._running.append(asyncio.get_running_loop())
        result = program()
        if inspect.isgenerator(result) or inspect.isasyncgen(result):
            raise pulumi.RunError("The program is a generator, so nothing of it was run: write it without `yield`.")
        return result if inspect.isawaitable(result) else None


@cache
def _command_at(path: str | None) -> automation.PulumiCommand:
    """Return the CLI, which is asked for its version once for each place where it is found."""
    del path
    return automation.PulumiCommand()


@contextmanager
def _quiet_loggers() -> Iterator[None]:
    levels = {name: logging.getLogger(name).level for name in QUIET}
    try:
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Clear away what the Automation API leaves open when the engine stops a program early: its tasks and its loop.

    The program's thread does not show when the program is over: it may live on and wait for the next call.
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
