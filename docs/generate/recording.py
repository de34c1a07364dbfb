"""Runs commands in a project folder beside an emulated Spectrum, and returns what they print, as on any machine."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pulumi_spectrum.emulator import Emulator

AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
COLUMNS = 116
"""Characters in a line of the terminal in which commands are recorded with their colours."""


class Recorder:
    """Runs commands, as a person would, in a folder.

    Args:
        folder: The folder, which is made.
        emulator: The service that they talk with.
        width: Characters in a line of what is printed without colours.
    """

    def __init__(self, folder: Path, emulator: Emulator, width: int = COLUMNS) -> None:
        backend = folder.with_name(f"{folder.name}-backend")
        for made in (folder, backend):
            made.mkdir(parents=True)
        self.folder = folder
        left_out = ("PULUMI_", "SPECTRUM_", "NO_COLOR", "CI", "GITHUB_", "FORCE_COLOR")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(left_out)},
            **emulator.environment,
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "COLUMNS": str(width),
            "TERM": "xterm-256color",
        }

    def run(self, *command: str, text: str | None = None, status: int = 0, color: bool = False) -> str:
        """Run a command, insist on how it ends, and return what it prints."""
        environment = self._environment if color else {**self._environment, "NO_COLOR": "1"}
        done = subprocess.run(  # noqa: S603  # the commands are those of the scripts in this folder
            command, cwd=self.folder, env=environment, input=text, capture_output=True, text=True, check=False
        )
        output = done.stdout + done.stderr
        _insist(command, done.returncode, status, output)
        return output.replace(str(self.folder), self.folder.name)

    def run_in_terminal(self, *command: str, status: int = 0) -> str:
        """Run a command in a terminal, insist on how it ends, and return what stands there afterwards, with colours."""
        mine, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
        with subprocess.Popen(  # noqa: S603
            command, cwd=self.folder, env=self._environment, stdin=its, stdout=its, stderr=its, start_new_session=True
        ) as process:
            os.close(its)
            printed = b"".join(_read_all(mine))
        output = _what_stays(printed.decode()).replace(str(self.folder), self.folder.name)
        _insist(command, process.returncode, status, output)
        return f"{as_prompt(*command)}{output}\n"


@contextmanager
def a_folder(name: str) -> Iterator[Path]:
    """Return a path for a folder of this name, in one that is removed afterwards."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made).resolve() / name


def as_prompt(*command: str) -> str:
    """Return the line with which a person gives a command."""
    return f"\x1b[1m$ {' '.join(command)}\x1b[0m\n"


def without_pythons(doctor: str) -> str:
    """Return what `doctor` says without its lines about Python's environments, which differ on each machine."""
    return "".join(line for line in doctor.splitlines(keepends=True) if "python" not in line.lower())


def as_on_any_machine(text: str) -> str:
    """Return a text without what is another one in each run: ids, which are numbered, ports, versions and times."""
    text = re.sub(r"Pulumi CLI [\d.]+\d", "Pulumi CLI 3.259.0", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8585", text)
    text = re.sub(r" \([\d.]+s\)", "", text)
    text = re.sub(r"(Duration:(?:\x1b\[0m)?) \d+s", r"\1 2s", text)
    numbers: dict[str, int] = {}
    return AN_ID.sub(
        lambda found: f"00000000-0000-4000-8000-{numbers.setdefault(found[0], len(numbers) + 1):012}", text
    )


def _insist(command: tuple[str, ...], ended: int, status: int, output: str) -> None:
    if ended != status:
        sys.exit(f"{' '.join(command)} ended with {ended}:\n{output}")


def _read_all(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other side of a terminal is closed
            chunk = b""
        if not chunk:
            os.close(descriptor)
            return
        yield chunk


def _what_stays(printed: str) -> str:
    """Return the lines that stand in a terminal in the end, with their colours.

    The CLI draws its progress over and over, by going up some lines and writing whole lines anew. So only that is
    understood: going up, and the end of a line.
    """
    printed = re.sub(r"\x1b\[\?\d+[hl]|\x1b\[\d*K|\r", "", printed)
    lines: dict[int, str] = {}
    row = 0
    for part in re.split(r"(\n|\x1b\[\d+A)", printed):
        if part == "\n":
            row += 1
        elif up := re.fullmatch(r"\x1b\[(\d+)A", part):
            row -= int(up[1])
        elif part:
            lines[row] = part
    text = "\n".join(lines.get(number, "") for number in range(max(lines, default=0) + 1))
    return re.sub(r"[ \t]+((?:\x1b\[[\d;]*m)*)$", r"\1", text, flags=re.MULTILINE).strip("\n")
