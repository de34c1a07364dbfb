"""Write the parts of the site that are made from the code and from real runs: `make docs-generated`.

    python docs/generate [--check] [NAME ...]

The names are those of `GENERATED`; without any, all are written. With `--check` nothing is written, and what is stale
is named on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import command_page
import emulator_picture
import everything
import fault_matrix_page
import message_page
import pictures
import resource_pages

ROOT = Path(__file__).parents[2]


def real_runs() -> dict[Path, str]:
    """Return the recorded runs, and the page that is made of some of them, by their files."""
    page, drift = everything.record()
    kept = pictures.kept()
    files = {everything.PAGE: page}
    for name, text in {**pictures.record(), **drift}.items():
        is_current = name in kept and pictures.says_the_same(kept[name], text)
        files[pictures.FOLDER / f"{name}.ansi"] = kept[name] if is_current else text
    return files


GENERATED: dict[str, Callable[[], Mapping[Path, str | bytes]]] = {
    "commands": command_page.files,
    "emulator": emulator_picture.files,
    "faults": fault_matrix_page.files,
    "messages": message_page.files,
    "resources": resource_pages.files,
    "runs": real_runs,
    "pictures": pictures.files,
}
"""What is generated, in this order: functions that return what each file holds today."""


def main(arguments: list[str]) -> int:
    """Write or check what the command line names, and return its exit status."""
    names = [each for each in arguments if each != "--check"]
    stale = []
    for name in names or GENERATED:
        for path, content in GENERATED[name]().items():
            data = content.encode() if isinstance(content, str) else content
            if path.exists() and path.read_bytes() == data:
                continue
            stale.append(path.relative_to(ROOT))
            if "--check" not in arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
    if "--check" not in arguments or not stale:
        return 0
    sys.stderr.write(f"Not as the code is today: {', '.join(map(str, stale))}. Run `make docs-generated`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
