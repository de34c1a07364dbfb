"""The pictures of real runs in `docs/images/runs`: what was printed with its colours (`.ansi`), and a drawing (`.svg`).

The guided tour's steps run on `examples/quickstart`, and the commands on a project that was made by hand.
"""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

from recording import COLUMNS, Recorder, a_folder, as_on_any_machine, without_pythons
from rich.console import Console
from rich.text import Text

from pulumi_spectrum.emulator import Emulator

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/images/runs"
NOT_EMPTY = 7
"""How the CLI ends when there are changes and none was expected."""

DRAWING = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""What rich draws a terminal with, without its fonts, which a browser would get from another host."""


def record() -> dict[str, str]:
    """Run the steps of the tour and the commands, and return what was printed by the picture's name."""
    with a_folder("acme") as folder, Emulator(requests_per_second=None) as emulator:
        tour = _take_the_tour(emulator, folder)
    with a_folder("acme") as folder, Emulator(requests_per_second=None, project_id=_an_id(1)) as emulator:
        commands = _run_the_commands(emulator, folder)
    return {name: as_on_any_machine(text) for name, text in {**tour, **commands}.items()}


def draw(name: str, text: str) -> str:
    """Return a picture of what was printed, as wide as its longest line."""
    lines = Text.from_ansi(text)
    width = max(70, min(COLUMNS, max(line.cell_len for line in lines.split())))
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(lines)
    drawn = console.export_svg(title="", code_format=DRAWING, unique_id=f"run-{name}")
    return re.sub(r"[ \t]+$", "", drawn, flags=re.MULTILINE)


def kept() -> dict[str, str]:
    """Return what was printed when the pictures were made, by their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.ansi"))}


def files() -> dict[Path, str]:
    """Return the picture of each kept run, by its file."""
    return {FOLDER / f"{name}.svg": draw(name, text) for name, text in kept().items()}


def says_the_same(one: str, other: str) -> bool:
    """Return whether two runs print the same, but for the order of the resources, which are made at the same time."""
    return sorted(_lines(one)) == sorted(_lines(other))


def _lines(text: str) -> list[str]:
    return [line.replace("├", "└") for line in text.splitlines()]


def _take_the_tour(emulator: Emulator, folder: Path) -> dict[str, str]:
    """Take the steps of `make demo`, as far as they are shown."""
    pulumi = Recorder(folder, emulator)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / "examples/quickstart" / name, folder)
    pulumi.run("pulumi", "stack", "init", "dev", "--non-interactive")
    users = emulator.project.users
    runs = {
        "up": pulumi.run_in_terminal("pulumi", "up", "--yes", "--skip-preview"),
        "preview": pulumi.run_in_terminal("pulumi", "preview"),
    }
    alice = next(user for user in users.rows if user["firstName"] == "Alice")
    users.change(alice["id"], firstName="Alicia")
    check = ("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--diff")
    runs["check"] = pulumi.run_in_terminal(*check, "--non-interactive", status=NOT_EMPTY)
    runs["repair"] = pulumi.run_in_terminal("pulumi", "up", "--yes", "--skip-preview", "--refresh")
    pulumi.run("pulumi", "preview", "--expect-no-changes", "--non-interactive")
    return runs


def _run_the_commands(emulator: Emulator, folder: Path) -> dict[str, str]:
    """Take over a project that was made by hand, change it by hand, and look at it."""
    project = emulator.project
    project.webhooks.add(id=_an_id(2), webhookUrl="https://app.example.com/spectrum")
    project.platforms.set("imessage", enabled=True)
    line = project.lines.add(id=_an_id(3), firstName="Acme", lastName="Support")
    project.users.add(id=_an_id(4), phoneNumber="+14155550123", firstName="Alice")
    served = {"type": "dedicated", "assignedPhoneNumber": line["phoneNumber"]}
    project.users.add(id=_an_id(5), phoneNumber="+14155550124", firstName="Bob", **served)
    person = Recorder(folder, emulator)
    runs = {"adopt": person.run_in_terminal("pulumi-spectrum", "adopt")}
    person.run("pulumi", "stack", "init", "dev", "--non-interactive")
    person.run("pulumi", "import", "--file", "spectrum-import.json", "--generate-code=false", "--yes")
    project.users.change(_an_id(4), firstName="Mallory")
    project.users.remove(_an_id(5))
    project.webhooks.add(id=_an_id(6), webhookUrl="https://other.example.com/hook")
    runs["drift"] = person.run_in_terminal("pulumi-spectrum", "drift", status=2)
    runs["doctor"] = without_pythons(person.run_in_terminal("pulumi-spectrum", "doctor"))
    return runs


def _an_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"
