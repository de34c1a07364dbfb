"""Where the lives of stacks take place: an emulated service, and what runs the commands on its projects.

There are two such worlds: the model of the engine, in a time of its own, and the real CLI. A life is the same in both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from choices import ACCOUNT
from fake_time import FakeTime
from stack_records import Entry, Program, Run

from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.kinds import Live


class Commands(Protocol):
    """The commands of one stack.

    Attributes:
        serial: Whether the steps of a run are taken one at a time.
    """

    serial: bool

    @property
    def state(self) -> list[Entry]:
        """The resources in the state."""
        ...

    def readable_state(self) -> str:
        """Return what can be read of the state without its passphrase."""
        ...

    def up(self, program: Program, *, refresh: bool = False, replaced: Iterable[str] = ()) -> Run:
        """Do what `pulumi up --skip-preview` does, with `--refresh` and `--replace` where that is asked for."""
        ...

    def preview(self, program: Program, *, refresh: bool = False, checks: bool = False) -> Run:
        """Do what `pulumi preview` does. With `checks` it looks into the project."""
        ...

    def refresh(self, *, preview_only: bool = False) -> Run:
        """Do what `pulumi refresh` does."""
        ...

    def destroy(self) -> Run:
        """Do what `pulumi destroy` does."""
        ...


class Workplace(Protocol):
    """What one life has: two stacks of one project, on one machine."""

    @property
    def stack(self) -> Commands:
        """The stack that the life is about."""
        ...

    @property
    def other(self) -> Commands:
        """Another stack of the same project, which has resources of its own."""
        ...

    def read_all(self, kind: str) -> Sequence[Live]:
        """Return all objects of a kind that the API lists."""
        ...

    def printed(self) -> str:
        """Return all that people could read while the commands ran."""
        ...


class World(ABC):
    """What outlives an example.

    Args:
        emulator: The service.
        folder: A folder for the files of the examples.
        time: The time of its own that the world lives in. In the real time there is none.

    Attributes:
        counted: How often each command was run.
    """

    most_repeats: ClassVar[int]
    """How often one fault may hit. In the real time each one costs a pause."""

    def __init__(self, emulator: Emulator, folder: Path, time: FakeTime | None = None) -> None:
        self.emulator = emulator
        self.time = time
        self.counted: Counter[str] = Counter()
        self._folder = folder
        self._examples = 0

    def begin(self) -> tuple[ProjectHandle, Workplace]:
        """Return a new project, and where its stacks are run."""
        self.quieten()
        self.emulator.requests.clear()
        # Only the secrets of this example are looked for, or each one would take longer than the one before.
        self.emulator.read(self.emulator._settings.given_secrets.clear)
        project = self.emulator.add_project()
        project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234")
        project.platforms.set("voice", enabled=True)
        project.platforms.set("slack", enabled=True)
        self._examples += 1
        folder = self._folder / str(self._examples)
        folder.mkdir()
        return project, self.open_workplace(project, folder)

    def disturb(self, faults: Iterable[Fault]) -> None:
        """Have faults hit the requests to come, none of them more often than this world bears."""
        self.emulator.faults.add(
            *(each.model_copy(update={"times": min(each.times or 1, self.most_repeats)}) for each in faults)
        )

    def quieten(self) -> None:
        """End what disturbs a run: the faults, and what others do meanwhile."""
        self.emulator.faults.clear()
        if self.time is not None:
            self.time.meanwhile.clear()

    @abstractmethod
    def open_workplace(self, project: ProjectHandle, folder: Path) -> Workplace:
        """Return where two new stacks of a project are run, with a folder for their files."""
