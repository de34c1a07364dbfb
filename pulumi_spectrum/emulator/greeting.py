"""What the emulator says when it starts: where it is, how a stack gets there, and how to change something by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.emulator.state.emulator_settings import MADE_HERE

if TYPE_CHECKING:
    from pulumi_spectrum.emulator.emulator import Emulator

CHANGE_BY_HAND = """\
Change something by hand, for `pulumi-spectrum drift` to find:
  curl -u "$SPECTRUM_PROJECT_ID:$SPECTRUM_PROJECT_SECRET" -X PATCH -H 'Content-Type: application/json' \\
    -d '{"platform": "slack", "enabled": true}' "$SPECTRUM_CLOUD_URL/projects/$SPECTRUM_PROJECT_ID/platforms/"
"""
"""A change that needs no object, so that it works as printed."""


def write_greeting(running: Emulator, secret_file: Path | None, *, what_is_kept: str) -> str:
    """Return the greeting, with all credentials that an emulator has made.

    Args:
        running: The emulator.
        secret_file: The file with the secret of the first project, or None. A secret that a person has chosen is not
            shown.
        what_is_kept: A sentence about what the next start has of this one.
    """
    first, *others = running.projects.values()
    return "\n".join(
        [
            f"Spectrum emulator on {running.url} (open it in a browser to watch)",
            f"Project {first.id}, {first.plan} plan, API of {running.generation}",
            "",
            "Point a stack at it:",
            f"  export SPECTRUM_CLOUD_URL={running.url}",
            *_exports(first, secret_file),
            "",
            *(line for each in others for line in (f"Project {each.id}, {each.plan} plan:", *_exports(each), "")),
            CHANGE_BY_HAND,
            what_is_kept,
            "",
        ]
    )


def _exports(project: ProjectHandle, secret_file: Path | None = None) -> Iterator[str]:
    if project.secret.startswith(MADE_HERE):
        secret, note = project.secret, "the secret was made by an emulator and is good for nothing else"
    elif secret_file is not None:
        secret, note = f'"$(cat {secret_file})"', "the secret is the one in your file"
    else:
        secret, note = "...", "the secret is the one in your seed or saved state"
    yield f"  export SPECTRUM_PROJECT_ID={project.id}"
    yield f"  export SPECTRUM_PROJECT_SECRET={secret}   # {note}"
