"""The world of the real CLI: its processes, the backend's files, and the real time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import declared_program
import yaml
from kind_samples import KINDS
from stack_records import Entry, Program, Run
from stack_world import World

from pulumi_spectrum.cli.state_file import unwrap_secrets
from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.kinds import Live
from pulumi_spectrum.testing import Run as CliRun
from pulumi_spectrum.testing import RunFailed, SpectrumStack

KINDS_BY_TYPE = {kind.type_token: key for key, kind in KINDS.items()}
ERROR = re.compile(r"([^:]+: )?error: ")
SETTING_OF_CHECKS = "spectrum:checkInPreview"


class CliStack:
    """One stack on the real CLI, whose program is `declared_program`.

    Args:
        name: The name of its Pulumi project.
        folder: A folder for its files, which is made.
        environment: Environment variables of its commands.

    Attributes:
        serial: Whether the engine takes one step at a time.
    """

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.serial = False
        self._name = name
        self._backend = folder / "backend"
        self._declared = folder / "declared.json"
        code = folder / "program"
        code.mkdir(parents=True)
        project = {"name": name, "runtime": "python", "main": declared_program.__file__}
        (code / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        self._stack = SpectrumStack(
            self._backend,
            code,
            environment={
                **environment,
                declared_program.FILE: str(self._declared),
                "PYTHONPATH": str(Path(declared_program.__file__).parent),
            },
            config={"spectrum:requestsPerSecond": "1000"},
        )
        self._state: list[Entry] | None = []

    @property
    def state(self) -> list[Entry]:
        """The resources in the state, with their secrets."""
        if self._state is None:
            deployment = self._stack._stack.workspace.export_stack("test").deployment or {}
            resources = deployment.get("resources") or []
            self._state = [_read_entry(each) for each in resources if each["type"] in KINDS_BY_TYPE]
        return self._state

    def readable_state(self) -> str:
        """Return what the backend has of the state, of its backups and of all runs."""
        files = [file for file in self._backend.rglob("*") if file.is_file()]
        return "\n".join(file.read_text(errors="replace") for file in files)

    def printed(self) -> str:
        """Return all that the commands have printed."""
        return "\n".join(text for run in self._stack.runs for text in (run.output, *run.messages))

    def up(self, program: Program, *, refresh: bool = False, replaced: Iterable[str] = ()) -> Run:
        declared_program.write_program(program, self._declared)
        urns = [self._urn(each.kind, each.name) for each in program if each.name in set(replaced)]
        return self._run("up", refresh=refresh, replace=urns)

    def preview(self, program: Program, *, refresh: bool = False, checks: bool = False) -> Run:
        declared_program.write_program(program, self._declared)
        if not checks:
            return self._run("preview", refresh=refresh)
        self._stack.configure(SETTING_OF_CHECKS, "true")
        try:
            return self._run("preview", refresh=refresh)
        finally:
            self._stack.configure(SETTING_OF_CHECKS, "false")

    def refresh(self, *, preview_only: bool = False) -> Run:
        return self._run("refresh", preview_only=preview_only)

    def destroy(self) -> Run:
        return self._run("destroy")

    def _run(self, command: str, **options: Any) -> Run:
        self._state = None
        parallel = 1 if self.serial else None
        try:
            ended = getattr(self._stack, command)(parallel=parallel, **options)
        except RunFailed as failed:
            ended = failed.run
        assert "Traceback" not in ended.output, ended.output
        changes = [(each.operation, each.name) for each in ended.spectrum_changes]
        run = Run(command, failures=_failures(ended))
        if command == "refresh":
            run.drifted = [name for _, name in changes]
        else:
            run.steps = changes
        return run

    def _urn(self, kind: str, name: str) -> str:
        return f"urn:pulumi:test::{self._name}::{KINDS[kind].type_token}::{name}"


class CliWorkplace:
    """Two stacks on the real CLI, on a machine of their own.

    Args:
        project: The project.
        folder: A folder for their files.
    """

    def __init__(self, project: ProjectHandle, folder: Path) -> None:
        self._settings = ClientSettings(project.id, project.secret, project.owner.url, requests_per_second=1000)
        # What the processes of a machine share is below its folder for temporary files.
        temporary = folder / "temporary"
        temporary.mkdir()
        environment = {**project.environment, "TMPDIR": str(temporary)}
        self.stack = CliStack("app", folder / "app", environment)
        self.other = CliStack("other", folder / "other", environment)

    def read_all(self, kind: str) -> Sequence[Live]:
        with SpectrumClient(self._settings) as client:
            return KINDS[kind].read_all(client)

    def printed(self) -> str:
        return f"{self.stack.printed()}\n{self.other.printed()}"


class CliWorld(World):
    """The real CLI, and an emulator.

    Args:
        emulator: The service.
        folder: A folder for the files of the examples.
    """

    most_repeats = 2

    def open_workplace(self, project: ProjectHandle, folder: Path) -> CliWorkplace:
        return CliWorkplace(project, folder)


def _failures(run: CliRun) -> list[str]:
    if not run.failed:
        return []
    return [message for message in run.messages if ERROR.match(message)] or [run.output]


def _read_entry(resource: Mapping[str, Any]) -> Entry:
    return Entry(
        urn=resource["urn"],
        kind=KINDS_BY_TYPE[resource["type"]],
        id=resource.get("id", ""),
        inputs=unwrap_secrets(resource.get("inputs", {})),
        outputs=unwrap_secrets(resource.get("outputs", {})),
        needs=frozenset(resource.get("dependencies") or ()),
        delete=resource.get("delete", False),
        replaced_first=resource.get("pendingReplacement", False),
        unfinished=bool(resource.get("initErrors")),
        ignored=tuple(resource.get("ignoreChanges") or ()),
    )
