"""A project as the service holds it, and the progress that a terminal shows while it is read."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from rich.console import Console

from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.client.wait_reports import report_waits_to
from pulumi_spectrum.kinds import Kind, Live


@dataclass(frozen=True)
class LiveProject:
    """Reads the objects of a project. On a terminal it shows what is being read, and nothing anywhere else.

    Args:
        spectrum: The project's API.
    """

    spectrum: SpectrumClient

    @property
    def id(self) -> str:
        """The project's id."""
        return self.spectrum.project_id

    def read_all(self, kind: Kind) -> list[Live]:
        """Return every object of a kind that the project holds, in the API's order."""
        if not sys.stderr.isatty():
            return kind.read_all(self.spectrum)
        with Console(stderr=True).status(f"Reading {kind.plural}") as status:

            def show(reason: str, seconds: float) -> None:
                status.update(f"Reading {kind.plural}: waiting for {reason}, about {seconds:.0f} s")

            with report_waits_to(show):
                return kind.read_all(self.spectrum)

    def read(self, kind: Kind, object_id: str) -> Live | None:
        """Return an object of a kind, or None when it is proven gone."""
        return kind.read(self.spectrum, object_id)
