"""The credentials that an emulator has made, kept for its next start: a stack remembers the project that it is of."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from pulumi_spectrum.emulator.snapshot import ProjectSnapshot
from pulumi_spectrum.emulator.snapshot_files import write_file
from pulumi_spectrum.emulator.state.emulator_settings import MADE_HERE, make_project_secret
from pulumi_spectrum.emulator.state.table import new_id


class KeptCredentials(BaseModel):
    """What the file of one port holds.

    Args:
        ids: The ids that were made, for the projects that are given none, in the projects' order.
        secrets: The secret that was made for each project, by the project's id. No secret of a person is among them.
    """

    ids: list[str] = Field(default_factory=list)
    secrets: dict[str, str] = Field(default_factory=dict, repr=False)

    def complete(self, projects: Sequence[ProjectSnapshot]) -> list[ProjectSnapshot]:
        """Return projects with an id and a secret each: those given, else those kept, else new ones, which are added.

        Args:
            projects: What the emulator begins with.
        """
        given = {each.id for each in projects}
        kept = [each for each in self.ids if each not in given]
        made = [each.id or (kept.pop(0) if kept else new_id()) for each in projects]
        self.ids += [each for each in made if each not in given and each not in self.ids]
        return [
            project.model_copy(update={"id": project_id, "secret": project.secret or self._secret_of(project_id)})
            for project, project_id in zip(projects, made, strict=True)
        ]

    def _secret_of(self, project_id: str) -> str:
        if not self.secrets.get(project_id, "").startswith(MADE_HERE):
            self.secrets[project_id] = make_project_secret()
        return self.secrets[project_id]


class CredentialsFile:
    """The file that keeps credentials for the next start on a port. Only its owner may read it.

    Args:
        find_path: Returns the file's path. It may raise OSError, where there is no place for it.
    """

    def __init__(self, find_path: Callable[[], Path]) -> None:
        self._find_path = find_path
        self._kept = KeptCredentials()
        with suppress(OSError, ValidationError):
            self._kept = KeptCredentials.model_validate_json(find_path().read_bytes())
        self._written = self._kept.model_copy(deep=True)

    def complete(self, projects: Sequence[ProjectSnapshot]) -> list[ProjectSnapshot]:
        """Return projects with the credentials that the file keeps, and with new ones where it has none.

        Args:
            projects: What the emulator begins with.
        """
        return self._kept.complete(projects)

    def write(self) -> None:
        """Keep the new ones. The file is made where there is none, and anew where it is no such file.

        Call it once the port is taken: until then the file belongs to the emulator that listens there.

        Raises:
            OSError: The file cannot be written.
        """
        path = self._find_path()
        if self._kept != self._written:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(path, self._kept.model_dump())


def credentials_path(port: int) -> Path:
    """Return the path of the file with the credentials of the emulators that have listened on a port.

    Raises:
        OSError: This user has no folder for such files.
    """
    named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    try:
        folder = Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        raise OSError("This user has no home folder.") from None
    return folder / "pulumi-spectrum" / f"emulator-{port}.json"
