"""What to do about drift: the commands that repair it, take over what is unmanaged, or name it as wanted."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pulumi_spectrum.cli.comparison import Comparison, Unmanaged
from pulumi_spectrum.cli.known_projects import KnownProject
from pulumi_spectrum.cli.pulumi_cli import config_options

FEW = 3
"""How many unmanaged objects are named one by one."""


@dataclass(frozen=True)
class Step:
    """A command, and what it is for."""

    command: str
    purpose: str


@dataclass(frozen=True)
class Place:
    """What a command has to be given so that it means the same stacks as this one.

    Args:
        folder: The project folder.
        stacks: The stacks as they were given; empty for the selected one.
        has_files: Whether states were read from files, whose stacks need not be the selected one.
        config_file: The file with the configuration, where it is not the one that the project file names.
        ignore_file: Where unmanaged objects are named that are known and wanted.
    """

    folder: Path
    stacks: Sequence[str]
    has_files: bool
    config_file: Path | None
    ignore_file: Path

    def options(self, stack: str | None) -> tuple[str, ...]:
        """Return the options of the Pulumi CLI for a stack, given by its name in a URN."""
        named = {each.rpartition("/")[2]: each for each in self.stacks}
        return config_options(
            named.get(stack or "", stack) if self.stacks or self.has_files else None, self.config_file
        )


def find_next_steps(comparison: Comparison, projects: Sequence[KnownProject], place: Place) -> list[Step]:
    """Return the steps after a comparison, none where there is no drift.

    Args:
        comparison: What was found.
        projects: The projects that were compared.
        place: Where the commands are run.
    """
    drifted = [*(each.resource for each in comparison.changed), *comparison.missing]
    repair = "put back what was changed or is missing; to keep a change, write it into the program first"
    steps = [
        Step(_command(place.folder, "pulumi", "up", "--refresh", *place.options(stack)), repair)
        for stack in dict.fromkeys(each.stack for each in drifted)
    ]
    for known in projects:
        found = [each for each in comparison.unmanaged if each.project_id == known.settings.project_id]
        if found:
            steps.append(_adopt(known, found, place))
    if comparison.unmanaged:
        steps.append(_ignore(comparison.unmanaged, place))
    return steps


def _adopt(known: KnownProject, found: Sequence[Unmanaged], place: Place) -> Step:
    only = (each.live.id for each in found) if len(found) <= FEW else ()
    command = _command(
        place.folder,
        *("pulumi-spectrum", "adopt", "--into", "existing"),
        *(word for object_id in only for word in ("--only", object_id)),
        *(("--provider", known.provider) if known.provider else ()),
        *(() if known.stack is None else place.options(known.stack.rpartition("/")[2])),
    )
    return Step(command, "take over what is unmanaged")


def _ignore(unmanaged: Sequence[Unmanaged], place: Place) -> Step:
    lines = [shlex.quote(f"{each.kind.word}:{each.kind.label(each.live)}") for each in unmanaged[:FEW]]
    rest = ", and the others too; * in a line stands for any text" if len(unmanaged) > FEW else ""
    return Step(
        f"printf '%s\\n' {' '.join(lines)} >> {shlex.quote(str(place.ignore_file))}",
        f"or name it as known and wanted{rest}",
    )


def _command(folder: Path, *words: str) -> str:
    """Return a command line that means a folder, whatever the current one is."""
    program, *arguments = words
    if folder.resolve() == Path.cwd():
        return shlex.join(words)
    if program == "pulumi":
        return shlex.join((program, "--cwd", str(folder), *arguments))
    return shlex.join((*words, str(folder)))
